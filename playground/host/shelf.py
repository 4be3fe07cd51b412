"""SECURITY: what is kept for visitors for a while: nobody has more than a quarter, and everybody loses only their own.

Memory and disks are finite: what is kept longest untouched has to go. Were that whoever's it may be, one visitor who
fills the shelf would empty it of what the others work with.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from cachetools import LRUCache

T = TypeVar("T")


class TooLarge(Exception):
    """The thing alone is more than one payer may keep."""


class Shelf(Generic[T]):
    """Things by name, one payer's on a board of their own; may be used from any thread.

    `most` is in whatever `size` counts, which by default is things. Where visitors are not `shared` out, the host being
    alone, all of it is theirs. `gone` is told each thing that leaves, whether pushed out or taken away.
    """

    def __init__(
        self,
        most: float,
        *,
        shared: bool = True,
        size: Callable[[T], float] = lambda _: 1,
        gone: Callable[[T], None] = lambda _: None,
    ) -> None:
        self._most = most
        self._most_each = most / 4 if shared else most
        self._size = size
        self._gone = gone
        self._boards: dict[str, _Board[T]] = {}
        self._payers: dict[str, str] = {}
        self._lock = Lock()

    def put(self, name: str, thing: T, payer: str) -> None:
        """Keep it, if need be instead of what this payer used least lately, or whoever has most; raises `TooLarge`."""
        if self._size(thing) > self._most_each:
            raise TooLarge
        with self._lock:
            leaving = self._taken(name)
            board = self._boards.setdefault(payer, _Board(self._most_each, self._size))
            self._payers[name] = payer
            board[name] = thing
            while sum(one.currsize for one in self._boards.values()) > self._most:
                max(self._boards.values(), key=lambda one: one.currsize).popitem()
            for owner, one in list(self._boards.items()):
                leaving += self._noticed(one)
                if not one:
                    del self._boards[owner]
        self._tell(leaving, thing)

    def get(self, name: str) -> T | None:
        """The thing, which counts as used now, or None where it is not kept (any more)."""
        with self._lock:
            board = self._boards.get(self._payers.get(name, ""))
            return board.get(name) if board is not None else None

    def __contains__(self, name: object) -> bool:
        """Whether it is kept; asking is no use of it."""
        return name in self._payers

    def drop(self, name: str) -> None:
        """Nobody needs it any more."""
        with self._lock:
            leaving = self._taken(name)
        self._tell(leaving)

    def weight(self, payer: str) -> float:
        """How much this payer keeps."""
        with self._lock:
            board = self._boards.get(payer)
            return board.currsize if board is not None else 0

    def _taken(self, name: str) -> list[T]:
        payer = self._payers.pop(name, None)
        if payer is None:
            return []
        board = self._boards[payer]
        thing = board.pop(name)
        if not board:
            del self._boards[payer]
        return [thing]

    def _noticed(self, board: _Board[T]) -> list[T]:
        """What the board let go of by itself."""
        for name, _ in board.pushed_out:
            self._payers.pop(name, None)
        things = [thing for _, thing in board.pushed_out]
        board.pushed_out.clear()
        return things

    def _tell(self, leaving: list[T], staying: T | None = None) -> None:
        for thing in leaving:
            if thing is not staying:
                self._gone(thing)


class _Board(LRUCache[str, T]):
    """One payer's things; what it pushes out waits until it is noticed."""

    def __init__(self, most: float, size: Callable[[T], float]) -> None:
        super().__init__(most, size)
        self.pushed_out: list[tuple[str, T]] = []

    def popitem(self) -> tuple[str, T]:
        item: tuple[str, T] = super().popitem()
        self.pushed_out.append(item)
        return item
