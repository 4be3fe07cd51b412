"""The whole app: tabs, theme, head, routes. Every screen brings its own parts."""

from __future__ import annotations

import socket
from typing import Any

import gradio as gr

from engines.contract import Reading
from engines.formats.layout import ForeignReading
from evaluation.hosted_runs import MOST_BYTES, MOST_PUBLIC_BYTES
from playground.offer import Offer
from playground.settings import Limits, Settings
from translations import N_
from ui.api import offer_api
from ui.blocks import LastingBlocks, Sessions
from ui.compare.desk import Desk
from ui.compare.tab import CompareTab
from ui.evaluate.tab import EvaluateTab
from ui.house import House, visitor_of
from ui.html import LaidOut, drawn_by, laid_out, render
from ui.routes.connections import OpenRequests
from ui.routes.gate import Doors

UNREAD_SECONDS = (60, 600)
"""How often Gradio looks for files of its own, and how old they may get."""
OPEN_REQUESTS = 200
"""Of one network at once: a tab keeps three open, and a class of pupils shares an address."""
REGION_BYTES = 600
BYTES_ON_THE_WAY = 400_000_000
"""Of one network at once: a class that uploads its photos, or four data sets."""
BYTES_A_SECOND = 10_000_000
"""Of one network: taking in four times that keeps a core busy."""


def build_app(house: House) -> gr.Blocks:
    """All tabs, connected; nothing is loaded or listening yet."""
    app: LastingBlocks
    with LastingBlocks(
        title="Inkquest",
        analytics_enabled=False,
        fill_width=True,
        delete_cache=UNREAD_SECONDS,
        may_read=house.uploads.may_read,
    ) as app:
        if house.offer.settings.can_sign_in:
            gr.LoginButton(size="sm")
        standing = gr.HTML(apply_default_css=False, elem_id="standing")
        with gr.Tabs():
            with gr.Tab(N_("Compare")):
                compare = CompareTab(house, standing)
            EvaluateTab(house)
            with gr.Tab(N_("Engines")):
                gr.HTML(engines_html(house.offer), apply_default_css=False, elem_id="engines")
        settings = house.offer.settings
        gr.HTML(laid_out("footer.html", public=settings.public, mcp=settings.serves_mcp), apply_default_css=False)
        compare.connect_session(app)

        async def leave(request: gr.Request) -> None:
            house.hosting.visits.left(request.session_hash or "")
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
        "ssr_mode": False,  # its proxy swallows our routes
        "run_history": False,  # keeps password boxes in clear in the browser
        "show_error": False,  # exception texts may quote a key
        "share": False,
        "pwa": False,
        "max_file_size": f"{limits.upload_megabytes}mb",
        "max_threads": _threads(limits),
        "footer_links": ["api"],  # ours leads there; the style sheet hides it
        "app_kwargs": {"routes": house.routes()},
        "sessions": Sessions(
            lambda request: visitor_of(request, house.hosting).payer, kept_bytes, shared=settings.public
        ),
        "doors": Doors(
            page_bytes=limits.upload_megabytes * 2**20,
            upload_bytes=MOST_PUBLIC_BYTES if settings.public else MOST_BYTES,
            turns={"opening": house.turns(4), "drawing": house.turns(4)},
            open_requests=_open_requests(house) if settings.public else None,
            names=names_of(settings),
            trusted_proxies=settings.trusted_proxies,
            framed_by="'self' https://huggingface.co" if settings.on_space else "'self'",
        ),
    }


def _open_requests(house: House) -> OpenRequests:
    return OpenRequests(house.hosting.payers, OPEN_REQUESTS, BYTES_ON_THE_WAY, BYTES_A_SECOND)


def kept_bytes(value: object) -> int:
    """What a session keeps on its desk, more or less: a reading may hold thousands of boxes."""
    match value:
        case Desk():
            readings = [run.outcome for run in value.runs.values() if isinstance(run.outcome, Reading)]
            return (len(value.page.png) if value.page else 0) + sum(map(kept_bytes, readings))
        case ForeignReading():
            return kept_bytes(value.reading)
        case Reading():
            return len(value.text) + REGION_BYTES * len(value.regions)
    return 0


def names_of(settings: Settings) -> frozenset[str] | None:
    """The names of the public internet that lead here, or None where nobody knows them.

    Whoever serves a local network is found by address, by a local name, or by the name that the network gives the
    machine; a public host whose names nobody said may have any.
    """
    if settings.names or settings.public or settings.trusted_proxies:
        return settings.names or None
    at_home = settings.host in {"127.0.0.1", "localhost", "::1"}
    return frozenset() if at_home else frozenset({socket.getfqdn().lower()})


def theme() -> gr.themes.Base:
    """Gradio's parts in our faces and colours, which are those of `tokens.css`."""
    parts = {
        "var(--ground)": ("body_background_fill",),
        "var(--text)": ("body_text_color", "block_title_text_color", "button_secondary_text_color"),
        "var(--quiet)": (
            "body_text_color_subdued",
            "block_info_text_color",
            "block_label_text_color",
            "input_placeholder_color",
        ),
        "var(--paper)": ("block_background_fill", "background_fill_primary", "block_label_background_fill"),
        "var(--shade)": (
            "background_fill_secondary",
            "input_background_fill",
            "button_secondary_background_fill",
            "checkbox_label_background_fill",
        ),
        "var(--rule)": ("border_color_primary", "block_border_color", "input_border_color"),
        "var(--seal)": ("button_primary_background_fill", "checkbox_background_color_selected"),
        "var(--seal-pressed)": ("button_primary_background_fill_hover",),
        "var(--ink)": ("input_border_color_focus", "link_text_color"),
    }
    schemes = {name + scheme: colour for colour, names in parts.items() for name in names for scheme in ("", "_dark")}
    return gr.themes.Base(
        neutral_hue="stone",
        radius_size="md",
        font=["Instrument Sans", "system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    ).set(color_accent="var(--ink)", **schemes)


def engines_html(offer: Offer) -> LaidOut:
    """The table; rows that cannot run here are greyed and say the fix."""
    return drawn_by(lambda: render("engines.html", rows=offer.to_pick(), public=offer.settings.public))
