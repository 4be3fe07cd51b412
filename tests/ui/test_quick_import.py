"""What Gradio writes while it is imported, seen by Python's own audit of opened files."""

import os
import subprocess
import sys

import pytest

from tests.live_app import free_port
from tests.places import ROOT

PROGRAM = """
import sys
stubs = set()
sys.addaudithook(lambda event, args: stubs.add(args[0]) if event == "open" and str(args[0]).endswith(".pyi") else None)
try:
    {first}
except SystemExit:
    pass  # the app could not keep its links, after it imported its screens
import gradio
print(len(stubs), gradio.Textbox("x").value, "mcp" in sys.modules)
import mcp.server
"""


@pytest.mark.parametrize(
    ("first", "touched"), [("pass", True), ("import app; app.main()", False)], ids=["Gradio", "the app"]
)
def test_no_type_stub_is_touched(first, touched, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(first=first)],
        cwd=ROOT,
        env={
            **os.environ,
            "PORT": str(free_port()),
            "INKQUEST_DATA": str(tmp_path),
            "INKQUEST_DB": f"sqlite:///{os.devnull}/none.db",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    stubs, value, tools = done.stdout.split()
    assert (tools == "True") == touched
    assert value == "x"
    assert (int(stubs) > 0) == touched
