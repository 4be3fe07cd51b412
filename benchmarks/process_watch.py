"""Memory and processor time of other processes while they run, from Linux's /proc. Knows nothing of what they do."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class ProcessWatch:
    """What was seen of some processes; one that is gone keeps what it had used when it was last looked at."""

    megabytes: list[int] = field(default_factory=list)
    """The largest of them, one figure a look."""
    _cpu_seconds: dict[int, float] = field(default_factory=dict)

    @property
    def cpu_seconds(self) -> float:
        """Processor time of all of them together."""
        return sum(self._cpu_seconds.values())

    def look(self, pids: Iterable[int]) -> None:
        """Read the figures of those that still run."""
        sizes = []
        for pid in pids:
            try:
                status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
                fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            except OSError:
                continue
            self._cpu_seconds[pid] = (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND
            sizes += [int(line.split()[1]) // 1000 for line in status.splitlines() if line.startswith("VmRSS")]
        self.megabytes += [max(sizes)] if sizes else []

    def tenths(self) -> list[int]:
        """Memory in tenths of the time: flat or growing."""
        return self.megabytes[:: max(1, len(self.megabytes) // 10)]
