"""How much runs at once, from everybody and from one payer, and where; the rest wait in line, and a line has an end.

SECURITY: who asks a hundred times waits for their own comparisons, not the others for theirs. Knows nothing of engines
or screens. A deadline begins when its comparison does, so that waiting here costs nobody their reading.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from threading import Condition, Event, Lock
from time import monotonic
from typing import ParamSpec, TypeVar

from playground.settings import Settings
from translations import N_, _, language, speak

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
FEW_LETTERS = 4_000
"""Reference and reading of a page, counted in less time than it takes to ask another process on a busy machine."""
LONG = 20_000
"""Letters of several texts that the server looks at itself: in half a second, while a process takes two to begin."""
NOT_COUNTED = N_("This could not be counted. Your page and your text stay here: try again in a minute.")
STOP_CHECK_SECONDS = 0.1
ENDED_AFTER_SECONDS = 2.0
"""A process that nobody waits for any more may end by itself so long: another one takes as long to begin."""
STOPPING_SECONDS = 1.0
"""How long whoever is stopped may take to say so."""


class NoRoom(Exception):
    """There is no place even in the line; the message is one sentence that says what to do."""


class NotCounted(NoRoom):
    """It came to no end, or nobody waits for it any more; asking again at once does not help."""


GIVEN_UP: ContextVar[Event | None] = ContextVar("given up", default=None)
"""Of what a thread answers: set when nobody waits for it any more."""


class Visits:
    """What each session waits for, to be given up when it has gone."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[Event]] = {}
        self._lock = Lock()

    @contextmanager
    def waiting(self, session: str) -> Iterator[Event]:
        """The event that is set if the session goes while the block runs."""
        gone = Event()
        with self._lock:
            self._waiting.setdefault(session, set()).add(gone)
        try:
            yield gone
        finally:
            with self._lock:
                waiting = self._waiting.get(session, set())
                waiting.discard(gone)
                if not waiting:
                    self._waiting.pop(session, None)

    def left(self, session: str) -> None:
        """Nobody waits for its answers any more."""
        with self._lock:
            for gone in self._waiting.get(session, ()):
                gone.set()


@dataclass(frozen=True, slots=True)
class Room:
    """How many may run and how many may wait, in all and for each payer."""

    places: int
    line: int
    places_each: int
    line_each: int

    @classmethod
    def shared(cls, places: int, line: int) -> Room:
        """Where strangers visit, nobody has more than a quarter."""
        return cls(places, line, max(1, places // 4), max(1, line // 4))

    @classmethod
    def unshared(cls, places: int, line: int) -> Room:
        """Where the host is alone, all is theirs."""
        return cls(places, line, places, line)


def room_of(settings: Settings, places: int) -> Room:
    """So many places, and the host's line before them."""
    room = Room.shared if settings.public else Room.unshared
    return room(places, settings.limits.queue_size)


@dataclass(frozen=True, eq=False, slots=True)
class _Ticket:
    payer: str
    stop: Event


class Admission:
    """One per process. First come, first served, except that nobody waits behind a payer who has their share."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._running: list[_Ticket] = []
        self._line: list[_Ticket] = []
        self._changed = Condition()
        self._closed = False

    @contextmanager
    def turn(self, payer: str, stop: Event, on_wait: Callable[[], None] = lambda: None) -> Iterator[bool]:
        """A place for as long as the block runs; False when `stop` was set while waiting. Raises `NoRoom`."""
        ticket = _Ticket(payer, stop)
        admitted = self._admit_or_line_up(ticket)
        try:
            if not admitted:
                on_wait()
                admitted = self._wait(ticket, stop)
            yield admitted
        finally:
            self._leave(ticket)

    def close(self, seconds: float) -> bool:
        """Let nobody in any more, send those home who wait, and stop those who are not done in so many seconds.

        Says whether anybody was there.
        """
        with self._changed:
            self._closed = True
            somebody = bool(self._running or self._line)
            for ticket in self._line:
                ticket.stop.set()
            self._changed.wait_for(lambda: not self._running and not self._line, seconds)
            for ticket in self._running:
                ticket.stop.set()
            self._changed.wait_for(lambda: not self._running, STOPPING_SECONDS)
            return somebody

    def _admit_or_line_up(self, ticket: _Ticket) -> bool:
        with self._changed:
            if self._closed:
                raise NoRoom(
                    _("This app is being started anew. Your page and your text stay here: try again in a minute.")
                )
            self._line.append(ticket)
            if self._next() is ticket:
                self._admit(ticket)
                return True
            full = self._why_full(ticket)
            if full:
                self._line.remove(ticket)
                raise NoRoom(full)
            return False

    def _wait(self, ticket: _Ticket, stop: Event) -> bool:
        with self._changed:
            while stop.is_set() or self._next() is not ticket:
                if stop.is_set():
                    return False
                self._changed.wait(STOP_CHECK_SECONDS)
            self._admit(ticket)
            return True

    def _admit(self, ticket: _Ticket) -> None:
        self._line.remove(ticket)
        self._running.append(ticket)
        self._changed.notify_all()  # the next in line may find a place, too

    def _leave(self, ticket: _Ticket) -> None:
        with self._changed:
            (self._running if ticket in self._running else self._line).remove(ticket)
            self._changed.notify_all()

    def _next(self) -> _Ticket | None:
        if len(self._running) >= self._room.places:
            return None
        return next((t for t in self._line if _of(t.payer, self._running) < self._room.places_each), None)

    def _why_full(self, ticket: _Ticket) -> str:
        """The ticket that asks stands in the line already, hence `>`."""
        if _of(ticket.payer, self._line) > self._room.line_each:
            return _(
                "Many comparisons from your network are waiting already. Your page and your text stay here: try again "
                "in a minute."
            )
        if len(self._line) > self._room.line:
            return _(
                "Many visitors are comparing at this moment. Your page and your text stay here: try again in a minute."
            )
        return ""


def _of(payer: str, tickets: list[_Ticket]) -> int:
    return sum(ticket.payer == payer for ticket in tickets)


class Pace:
    """At most so many in a window of time, for each payer. By hand: a `TTLCache` holds one moment a payer."""

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


class Apart:
    """Processes of their own for what counts long texts, of lower rank than the one that serves everybody.

    SECURITY: threads of one process take turns at Python's lock, which serving one visitor needs hundreds of times:
    five strangers' texts being counted beside it made others wait for half a minute. There are as many as are asked
    at once, which the visitors' turns bound; each takes 100 to 200 MB, and ends with the app, however that comes, and
    with the turn for which it counts.
    """

    def __init__(self, most_seconds: float = math.inf) -> None:
        """Whatever takes longer than `most_seconds` is not counted."""
        self._idle: list[_Process] = []
        self._most_seconds = most_seconds

    def run(self, letters: int, ask: Callable[Asked, Answer], *asked: Asked.args, **more: Asked.kwargs) -> Answer:
        """What the function of a module answers; raises `NotCounted` where it came to no end.

        So many `letters` are looked at; a few of them here.
        """
        if letters <= FEW_LETTERS:
            return ask(*asked, **more)
        try:
            process = self._idle.pop()
        except IndexError:
            process = _Process.begun()
        try:
            process.line.send((language(), partial(ask, *asked, **more)))
            self._await(process)
            answer: Answer = process.line.recv()
        except (EOFError, OSError):  # it raised, or the machine was out of memory
            process.end()
            raise NotCounted(_(NOT_COUNTED)) from None
        self._idle.append(process)
        return answer

    def _await(self, process: _Process) -> None:
        """Until it answers; raises `EOFError` where it was ended before."""
        ends = monotonic() + self._most_seconds
        while not process.line.poll(min(ENDED_AFTER_SECONDS, max(0.0, ends - monotonic()))):
            gone = GIVEN_UP.get()
            if (gone and gone.is_set()) or monotonic() >= ends:
                raise EOFError


@dataclass(frozen=True, slots=True)
class _Process:
    line: Connection
    process: BaseProcess

    @classmethod
    def begun(cls) -> _Process:
        context = multiprocessing.get_context("spawn")
        ours, its = context.Pipe()
        process = context.Process(target=_answer_all, args=[its], daemon=True)
        process.start()
        its.close()
        return cls(ours, process)

    def end(self) -> None:
        self.line.close()
        self.process.kill()
        self.process.join()


def _answer_all(line: Connection) -> None:
    """Visitors who compare come first; Ctrl-C is for the app, with whose end the line ends."""
    with suppress(OSError, AttributeError):  # Windows has no ranks of this kind
        os.nice(5)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, ConnectionError):
        while True:
            spoken, ask = line.recv()
            speak(spoken)
            line.send(ask())
