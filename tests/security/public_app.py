"""The real app as a public host runs it, with every route mounted; run by test_doors with the settings of a test."""

import os
import sys

from playground.hosting import Hosting
from playground.offer import Offer
from playground.redaction import keep_logs_clean
from playground.settings import Settings
from ui.layout import build_app, launch_options
from ui.page_images import PageImages
from ui.session_routes import SessionRoutes
from ui.shared_page import SharedPages

settings = Settings.from_env(os.environ)
offer, images = Offer.from_settings(settings, os.environ), PageImages()
hosting = Hosting.open(settings, offer.specs, offer.engines, offer.keys)
sys.stdout = sys.stderr = keep_logs_clean(hosting.redact, sys.stderr)
session = SessionRoutes(
    offer.keys, hosting.guard.counters, is_healthy=hosting.is_healthy, metrics_token=settings.metrics_token
)
options = launch_options(offer, images)
options["app_kwargs"]["routes"] += [*session.routes(), *SharedPages(hosting.sharing, offer.specs).routes()]
build_app(offer, images).launch(**options, quiet=True)
