"""Who is behind a Gradio request."""

from __future__ import annotations

import gradio as gr

from playground.host.guard import Visitor
from playground.host.hosting import Hosting


def visitor_of(request: gr.Request, hosting: Hosting) -> Visitor:
    """The session that owns keys and consent, and the payer whose share of the host's budget is used."""
    peer = request.client.host if request.client else ""
    payer = hosting.payers.of(peer, request.headers.get("x-forwarded-for", ""), account=request.username or "")
    return Visitor(session_of(request), payer)


def session_of(request: gr.Request) -> str:
    """The visit: one open page of a browser."""
    return request.session_hash or ""
