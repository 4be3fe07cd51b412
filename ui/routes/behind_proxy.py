"""Our routes behind a proxy that publishes the app under a prefix, such as GRADIO_ROOT_PATH=/inkquest."""

from __future__ import annotations

from starlette.routing import Match, Route
from starlette.types import Scope

from playground.share.sharing import SHARE_ID


class BehindProxy(Route):
    """A route that is found whether or not the proxy has taken the prefix off.

    Starlette takes it off every path that begins with it. Behind a proxy that has done so already that cuts our own
    addresses where they begin like the prefix: `/inkquest/health` under `/inkquest`, `/r/<id>` under `/r`.
    """

    def __init__(self, route: Route) -> None:
        super().__init__(route.path, route.endpoint, methods=sorted(route.methods or ()))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        found = super().matches(scope)
        if found[0] is not Match.NONE:
            return found
        whole, child = super().matches({**scope, "root_path": ""})
        share_id = child.get("path_params", {}).get("share_id")
        if share_id is not None and not SHARE_ID.fullmatch(share_id):
            return found  # under `/r` any of Gradio's own addresses looks like that of a share
        return whole, child
