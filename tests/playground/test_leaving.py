"""How a program ends while engines are reading: with its own status, with all that it printed, at once."""

import subprocess
import sys

import pytest

from tests.places import ROOT

READING = """
import sys
from threading import Barrier, Thread
from time import sleep
from engines.catalogue import spec_by_id
from engines.contract import PageImage, ReadingTask
from engines.registry import build_engine
from playground.host.hosting import leave
from samples import load_samples

path = load_samples()[0].image
page = PageImage("0", path.read_bytes(), 1600, 277)
started = Barrier(4, timeout=150)

def read():
    engine = build_engine(spec_by_id("ppocr-v6-tiny"))
    engine.read(page, ReadingTask())
    started.wait()
    while True:
        engine.read(page, ReadingTask())

class Late:
    # Makes the end take its time, as that of a whole program does.

    def __del__(self, sleep=sleep):
        sleep(2)

late = Late()
for _ in range(3):
    Thread(target=read, daemon=True).start()
started.wait()
print("said before the end")
{end}
"""


@pytest.mark.parametrize("status", [0, 130])
def test_engines_that_read_do_not_keep_it_nor_change_its_status(status):
    ended = subprocess.run(
        [sys.executable, "-c", READING.format(end=f"leave({status})")], cwd=ROOT, capture_output=True, text=True,
        check=False, timeout=200,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout, ended.stderr) == (status, "said before the end\n", "")


def test_without_one_python_ends_as_always():
    code = "import atexit; from playground.host.hosting import leave; atexit.register(print, 'cleared up'); leave(3)"
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=200
    )
    assert (ended.returncode, ended.stdout) == (3, "cleared up\n")


SWALLOWING = """
import os, signal
from threading import Event
from playground.host.hosting import end_at_interrupt

end_at_interrupt(130)
try:
    os.kill(os.getpid(), signal.SIGINT)
except KeyboardInterrupt:
    print("swallowed", flush=True)  # as a library's callback may do
Event().wait()
"""


def test_ctrl_c_ends_it_even_where_a_library_swallows_it():
    ended = subprocess.run(
        [sys.executable, "-c", SWALLOWING], cwd=ROOT, capture_output=True, text=True, check=False, timeout=200
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "swallowed\n", "")
