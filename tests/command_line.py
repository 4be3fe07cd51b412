"""Our command lines in the process of the test: one of its own each time would import everything again."""

import io
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from subprocess import CompletedProcess
from unittest.mock import patch


def run_here(
    main: Callable[[Sequence[str]], int], *arguments: object, environ: Mapping[str, str], stdin: str = ""
) -> CompletedProcess[str]:
    """What the program says, and the status it would end with, in an environment that holds nothing but `environ`."""
    words, out, err = [str(argument) for argument in arguments], io.StringIO(), io.StringIO()
    given = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
    with (
        patch.dict(os.environ, environ, clear=True),
        patch.object(sys, "stdin", given),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            status = main(words)
        except SystemExit as left:  # argparse has refused a word
            status = int(left.code or 0)
    return CompletedProcess(words, status, out.getvalue(), err.getvalue())
