"""Inkquest: settings -> playground -> screens -> launch."""

from __future__ import annotations

import os
import signal
import socket
import sys

from playground.host.hosting import keep_logs_clean, leave
from playground.settings import Settings, UnusableSetting, calm_threads, keep_to_itself
from playground.storage.blobs import StoreUnavailable


def main() -> None:
    """Start the app and serve until interrupted."""
    calm_threads()
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    try:
        settings = Settings.from_env(os.environ)
        _refuse_a_taken_address(settings.host, settings.port)
        keep_to_itself(settings)
    except UnusableSetting as error:
        sys.exit(str(error))
    from ui.quick_import import leave_out_stubs

    leave_out_stubs()  # before the screens import Gradio
    from ui.house import House
    from ui.layout import build_app, launch_options

    try:
        house = House.open(settings, os.environ)
    except (UnusableSetting, StoreUnavailable) as error:
        sys.exit(str(error))
    sys.stdout = sys.stderr = keep_logs_clean(house.hosting.redact, sys.stderr)
    house.keep_sweeping()

    def end(*_: object) -> None:
        house.drain()
        leave(0)

    signal.signal(signal.SIGTERM, end)
    print(f"Inkquest opens on http://{settings.host}:{settings.port}", flush=True)
    build_app(house).launch(**launch_options(house), quiet=True)


def _refuse_a_taken_address(host: str, port: int) -> None:
    """Now, and in a sentence: Gradio would, with a stack trace, once everything is loaded."""
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        another = "Say another address, such as `make run HOST=127.0.0.1 PORT=7861`."
        sys.exit(f"Inkquest cannot start: {error.strerror}. {another}")


if __name__ == "__main__":
    main()
    leave(0)
