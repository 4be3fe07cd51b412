"""The real app as a public host runs it, with every route mounted; run by test_doors with the settings of a test."""

import os
import sys

from playground.hosting import Hosting
from playground.offer import Offer
from playground.redaction import keep_logs_clean
from playground.settings import Settings
from ui.hosting_routes import hosting_routes
from ui.layout import build_app, launch_options
from ui.page_images import PageImages

settings = Settings.from_env(os.environ)
offer, images = Offer.from_settings(settings, os.environ), PageImages()
hosting = Hosting.open(settings, offer.specs, offer.engines, offer.keys)
sys.stdout = sys.stderr = keep_logs_clean(hosting.redact, sys.stderr)
options = launch_options(offer, images)
options["app_kwargs"]["routes"] += hosting_routes(hosting, offer)
build_app(offer, images).launch(**options, quiet=True)
