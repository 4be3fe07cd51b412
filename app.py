"""Inkquest: settings -> playground -> screens -> launch."""

from __future__ import annotations

import os

from playground.offer import Offer
from playground.settings import Settings, calm_threads


def main() -> None:
    """Start the app and serve until interrupted."""
    calm_threads()
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    from ui.layout import build_app, launch_options
    from ui.page_images import PageImages

    settings = Settings.from_env(os.environ)
    offer, images = Offer.from_settings(settings, os.environ), PageImages()
    print(f"Inkquest opens on http://{settings.host}:{settings.port}", flush=True)
    build_app(offer, images).launch(**launch_options(offer, images), quiet=True)


if __name__ == "__main__":
    main()
