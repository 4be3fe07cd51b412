"""Inkquest: settings -> playground -> screens -> launch."""

from __future__ import annotations

import os
import sys

from playground.blobs import StoreUnavailable
from playground.redaction import keep_logs_clean
from playground.settings import Settings, calm_threads
from playground.variables import SettingsError


def main() -> None:
    """Start the app and serve until interrupted."""
    calm_threads()
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    from ui.quick_import import leave_out_stubs

    leave_out_stubs()  # before the screens import Gradio
    from ui.house import House
    from ui.layout import build_app, launch_options

    try:
        settings = Settings.from_env(os.environ)
        house = House.open(settings, os.environ)
    except (SettingsError, StoreUnavailable) as error:
        sys.exit(str(error))
    sys.stdout = sys.stderr = keep_logs_clean(house.hosting.redact, sys.stderr)
    house.keep_sweeping()
    print(f"Inkquest opens on http://{settings.host}:{settings.port}", flush=True)
    build_app(house).launch(**launch_options(house), quiet=True)


if __name__ == "__main__":
    main()
