"""The whole app: tabs, theme, head, routes. Every screen brings its own parts."""

from __future__ import annotations

from typing import Any

import gradio as gr

from engines.contract import ReadingTask
from playground.comparing import billing_day
from playground.offer import Offer, coming_changes
from playground.settings import Limits
from ui.api import offer_api
from ui.blocks import MOST_SESSIONS, LastingBlocks
from ui.compare.tab import CompareTab
from ui.evaluate.tab import EvaluateTab
from ui.house import House
from ui.html import page_head, render
from ui.routes.gate import Doors

UNREAD_SECONDS = (60, 600)
"""How often Gradio looks for uploads that nobody read, and how old they may get."""


def build_app(house: House) -> gr.Blocks:
    """All tabs, connected; nothing is loaded or listening yet."""
    app: LastingBlocks
    with LastingBlocks(title="Inkquest", analytics_enabled=False, fill_width=True, delete_cache=UNREAD_SECONDS) as app:
        gr.HTML(render("masthead.html"), apply_default_css=False)
        if house.offer.settings.can_sign_in:
            gr.LoginButton(size="sm")
        with gr.Tabs():
            with gr.Tab("Compare"):
                compare = CompareTab(house)
            EvaluateTab(house)
            with gr.Tab("Engines"):
                gr.HTML(engines_html(house.offer), apply_default_css=False, elem_id="engines")
        compare.connect_session(app)

        async def leave(request: gr.Request) -> None:
            house.uploads.forget(request.session_hash or "")
            app.forget_later(request.session_hash or "")

        app.unload(leave)
        offer_api(house)
    # SECURITY: who waits stands in `playground.host.admission`, where one visitor cannot take every place. Gradio's
    # own line knows no visitors; it is for what is left, such as questions of trust, and counts whatever arrives for
    # a moment, so it must hold all who may come at once. `app.queue(...)` would set the same and build all of
    # Gradio's routes once more, a fifth of the time this takes.
    app._queue.max_size = _threads(house.offer.settings.limits)
    app._queue.default_concurrency_limit = None
    return app


def _threads(limits: Limits) -> int:
    """All who compare or decode, run or wait, hold one each; screens need some even then."""
    return limits.comparisons_at_once + 2 * limits.queue_size + 40


def launch_options(house: House) -> dict[str, Any]:
    """How the app must be served. SECURITY: each of these closes a door that Gradio opens by default."""
    settings = house.offer.settings
    limits = settings.limits
    return {
        "server_name": settings.host,
        "server_port": settings.port,
        "theme": theme(),
        "head": page_head(),
        "ssr_mode": False,  # its proxy swallows our routes
        "run_history": False,  # keeps password boxes in clear in the browser
        "show_error": False,  # exception texts may quote a key
        "share": False,
        "pwa": False,
        "max_file_size": f"{limits.upload_megabytes}mb",
        "max_threads": _threads(limits),
        "state_session_capacity": MOST_SESSIONS,
        "footer_links": ["api", "settings"],
        "app_kwargs": {"routes": house.routes()},
        "doors": Doors(
            upload_bytes=limits.upload_megabytes * 2**20,
            own_names_only=not settings.public and not settings.trusted_proxies,
        ),
    }


def theme() -> gr.themes.Base:
    """Ink on paper; subdued text dark enough to read (Gradio's own has a contrast of 2.5)."""
    return gr.themes.Base(
        primary_hue="indigo",
        neutral_hue="stone",
        radius_size="md",
        font=["Inter", "system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    ).set(
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_400",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_400",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_600",
    )


def engines_html(offer: Offer) -> str:
    """The table; rows that cannot run here are greyed and say the fix."""
    task = ReadingTask()
    rows = [
        {
            "spec": spec,
            "missing": offer.missing(spec),
            "price": offer.price(spec, None, task),
            "ending": coming_changes(spec, billing_day()),
        }
        for spec in offer.specs
    ]
    rows.sort(key=lambda row: row["missing"] is not None)
    return render("engines.html", rows=rows)
