"""How often one payer may do what costs the host room: making links. Memory only; knows nothing of links."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic


class Pace:
    """At most so many in a window of time, for each payer."""

    def __init__(self, most: int = 30, window_seconds: float = 3600, clock: Callable[[], float] = monotonic) -> None:
        self._most = most
        self._window_seconds = window_seconds
        self._clock = clock
        self._moments: dict[str, list[float]] = {}
        self._lock = Lock()

    def allows(self, payer: str) -> bool:
        """Whether one more is allowed now; if so it counts."""
        with self._lock:
            since = self._clock() - self._window_seconds
            recent = {who: [at for at in moments if at > since] for who, moments in self._moments.items()}
            self._moments = {who: moments for who, moments in recent.items() if moments}
            own = self._moments.setdefault(payer, [])
            if len(own) >= self._most:
                return False
            own.append(self._clock())
            return True
