"""The real app in a process of its own."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playground.offer import FILE
from tests.places import ROOT
from tests.waiting import PATIENCE_SECONDS

HOMES = []
"""Where the apps of this process kept what is theirs."""


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def serve(folder, **environment):
    """The app with nothing of this machine's environment but what it is given; its log is `folder / "log.txt"`."""
    _lend_first_comparison(folder / "data")
    port = int(environment.get("PORT") or free_port())
    log = (folder / "log.txt").open("w+")
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={
            **keep,
            "PORT": str(port),
            "HF_HUB_OFFLINE": "1",
            "INKQUEST_DATA": str(folder / "data"),
            **environment,
        },
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    url = f"http://127.0.0.1:{port}"
    while True:
        try:
            urllib.request.urlopen(f"{url}/config", timeout=PATIENCE_SECONDS).close()
            return process, url
        except OSError:
            assert process.poll() is None, Path(log.name).read_text()
            time.sleep(0.25)


def _lend_first_comparison(home):
    """Each new app, of this process and of those beside it, would have four engines read the sample again."""
    beside = next((folder.parent for folder in home.parents if folder.name.startswith("popen-gw")), None)
    logs = beside.glob("popen-gw*/*/log.txt") if beside else ()
    homes = [*HOMES, *(log.parent / "data" for log in logs)]
    read = next((other / FILE for other in homes if (other / FILE).exists()), None)
    if read and not (home / FILE).exists():
        home.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(read, home / FILE)
    HOMES.append(home)
