"""Items that a crew of threads shares: claimed several at a time, because every claim is a write to the disk."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock

from evaluation.work_items import WorkItem


class Claims:
    """Safe to use from any thread. What nobody took goes back to the queue when its worker ends."""

    def __init__(self, claim: Callable[[], Sequence[WorkItem]]) -> None:
        self._claim = claim
        self._items: deque[WorkItem] = deque()
        self._lock = Lock()

    def take(self) -> WorkItem | None:
        """The next item for one thread, or None while there is none to be had."""
        with self._lock:
            if not self._items:
                self._items.extend(self._claim())
            return self._items.popleft() if self._items else None

    def put_back(self, item: WorkItem) -> None:
        """An item that was not begun, to be taken again before the others."""
        with self._lock:
            self._items.appendleft(item)
