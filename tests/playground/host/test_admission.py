"""Who runs, who waits and who is sent away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from contextvars import copy_context
from pathlib import Path
from threading import Event, Thread

import pytest

from playground.host.admission import FEW_LETTERS, GIVEN_UP, Admission, Apart, NoRoom, NotCounted, Room, Visits
from tests.waiting import until
from translations import language, spoken_in

NEVER = Event()


class Waiting:
    """Somebody who asks for a turn in a thread of their own, and keeps it until told to go."""

    def __init__(self, admission: Admission, payer: str, running: list[str]) -> None:
        self.lined_up, self.goes, self.stop = Event(), Event(), Event()
        self.admitted: bool | None = None
        self._turn = (admission, payer, running)
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        admission, payer, running = self._turn
        with admission.turn(payer, self.stop, self.lined_up.set) as self.admitted:
            if self.admitted:
                running.append(payer)
                self.goes.wait(100)

    def ended(self) -> bool:
        self._thread.join(100)
        return not self._thread.is_alive()


def full(stack: ExitStack, admission: Admission, *payers: str) -> None:
    for payer in payers:
        assert stack.enter_context(admission.turn(payer, NEVER))


def test_no_more_run_at_once_than_there_are_places() -> None:
    admission, at_once, most = Admission(Room.unshared(3, 100)), [0], [0]

    def run(_number: int) -> None:
        with admission.turn("ann", NEVER):
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
            Event().wait(0.01)
            at_once[0] -= 1

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(run, range(40)))
    assert most[0] == 3
    assert at_once[0] == 0


def test_a_line_has_an_end_and_says_what_to_do() -> None:
    admission, running = Admission(Room.unshared(1, 1)), []
    with ExitStack() as stack:
        full(stack, admission, "ann")
        ben = Waiting(admission, "ben", running)
        assert ben.lined_up.wait(100)
        with pytest.raises(NoRoom, match=r"stay here: try again in a minute\."), admission.turn("carl", NEVER):
            pass
    ben.goes.set()
    assert ben.ended()
    assert running == ["ben"]
    with admission.turn("carl", NEVER) as admitted:  # whoever was sent away left nothing behind
        assert admitted


def test_whoever_asks_often_waits_for_their_own_and_nobody_waits_for_them() -> None:
    admission, running = Admission(Room.shared(8, 8)), []
    with ExitStack() as stack:
        full(stack, admission, "mallory", "mallory")
        crowd = [Waiting(admission, "mallory", running) for _ in range(2)]
        assert all(one.lined_up.wait(100) for one in crowd)
        with pytest.raises(NoRoom, match="from your network"), admission.turn("mallory", NEVER):
            pass
        full(stack, admission, "ann", "ben")  # at once, though others wait
        assert running == []
    for one in crowd:
        one.goes.set()
        assert one.ended()
    assert running == ["mallory", "mallory"]


def test_first_come_first_served() -> None:
    admission, running, line = Admission(Room.unshared(1, 9)), [], []
    with ExitStack() as stack:
        full(stack, admission, "host")
        for name in ("ann", "ben", "carl"):
            line.append(Waiting(admission, name, running))
            assert line[-1].lined_up.wait(100)
            line[-1].goes.set()
    assert all(one.ended() for one in line)
    assert running == ["ann", "ben", "carl"]


def test_who_leaves_the_line_never_runs_and_frees_it() -> None:
    admission, running = Admission(Room.unshared(1, 1)), []
    with ExitStack() as stack:
        full(stack, admission, "ann")
        for _ in range(3):
            ben = Waiting(admission, "ben", running)
            assert ben.lined_up.wait(100)
            ben.stop.set()
            assert ben.ended()
            assert ben.admitted is False
    assert running == []


def test_a_place_comes_back_whatever_happens_in_it() -> None:
    admission = Admission(Room.unshared(1, 1))
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), admission.turn("ann", NEVER):
            raise ZeroDivisionError
    with admission.turn("ann", NEVER), pytest.raises(ZeroDivisionError):
        admission.turn("ben", NEVER, lambda: 1 // 0).__enter__()
    with admission.turn("carl", NEVER) as admitted:
        assert admitted


def test_who_closes_lets_work_end_sends_home_who_waits_and_stops_who_goes_on():
    admission, stops = Admission(Room(2, 2, 2, 2)), {name: Event() for name in ("ends", "goes on", "waits")}
    inside, ends = {name: Event() for name in stops}, Event()

    def work(name):
        with admission.turn(name, stops[name]) as admitted:
            inside[name].set()
            if admitted:
                (ends if name == "ends" else stops[name]).wait()
            return admitted

    with ThreadPoolExecutor() as threads:
        works = {name: threads.submit(work, name) for name in ("ends", "goes on")}
        for name in works:
            inside[name].wait()
        works["waits"] = threads.submit(work, "waits")
        until(lambda: len(admission._line) == 1 or None)
        closing = threads.submit(admission.close, 0.5)
        until(lambda: stops["waits"].is_set() or None)
        ends.set()
        assert closing.result() is True
        assert {name: one.result() for name, one in works.items()} == {"ends": True, "goes on": True, "waits": False}
    with pytest.raises(NoRoom, match="started anew"), admission.turn("late", Event()):
        pass
    assert Admission(Room(2, 2, 2, 2)).close(60) is False


def test_long_texts_are_counted_in_processes_of_their_own_of_lower_rank_that_go_on_being_asked():
    apart = Apart()
    assert apart.run(FEW_LETTERS, os.getpid) == os.getpid()
    process = apart.run(FEW_LETTERS + 1, os.getpid)
    assert process != os.getpid()
    assert apart.run(FEW_LETTERS + 1, os.getpid) == process
    assert apart.run(FEW_LETTERS + 1, os.getpriority, os.PRIO_PROCESS, 0) > os.getpriority(os.PRIO_PROCESS, 0)


def test_they_speak_the_language_of_whoever_asks():
    apart = Apart()
    for spoken in ("fr", "en"):
        with spoken_in(spoken):
            assert apart.run(FEW_LETTERS + 1, language) == spoken


def test_one_that_was_killed_is_said_and_another_takes_its_place():
    apart = Apart()
    first = apart.run(FEW_LETTERS + 1, os.getpid)
    with pytest.raises(NoRoom, match="could not be counted"):
        apart.run(FEW_LETTERS + 1, os.kill, first, signal.SIGKILL)
    assert apart.run(FEW_LETTERS + 1, os.getpid) not in {first, os.getpid()}


def endless(apart: Apart) -> None:
    with pytest.raises(NotCounted):
        apart.run(FEW_LETTERS + 1, time.sleep, 1e6)


def test_one_that_nobody_waits_for_any_more_is_ended() -> None:
    apart, gone = Apart(), Event()
    process = apart.run(FEW_LETTERS + 1, os.getpid)
    given_up = copy_context()
    given_up.run(GIVEN_UP.set, gone)
    with ThreadPoolExecutor() as threads:
        counting = threads.submit(given_up.run, endless, apart)
        gone.set()
        counting.result()
    assert not _command(process)
    assert apart.run(FEW_LETTERS + 1, os.getpid) not in {process, os.getpid()}


def test_one_that_takes_too_long_is_ended() -> None:
    endless(Apart(most_seconds=0))


def test_who_has_gone_waits_for_nothing_any_more() -> None:
    visits = Visits()
    with visits.waiting("ann") as first, visits.waiting("ann") as second, visits.waiting("bert") as other:
        visits.left("ann")
        assert (first.is_set(), second.is_set(), other.is_set()) == (True, True, False)
    with visits.waiting("ann") as again:
        assert not again.is_set()
    visits.left("nobody")


BUSY_APP = """
import os
from playground.host.admission import FEW_LETTERS, Apart

print(Apart().run(FEW_LETTERS + 1, os.getpid), flush=True)
os._exit(0)
"""


def test_none_is_left_when_the_app_has_gone():
    app = subprocess.run([sys.executable, "-c", BUSY_APP], capture_output=True, check=True, timeout=300)
    assert app.stderr == b""
    until(lambda: not _command(int(app.stdout)))


def _command(process: int) -> bytes:
    """Empty where it has ended, whether or not anybody has asked how."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""
