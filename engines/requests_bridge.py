"""Lets azure-core, which speaks through `requests`, use our guarded HTTP client."""

from __future__ import annotations

import json
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

import httpx2
from requests import PreparedRequest, Response, Session
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from engines.guarded_http import Deadline
from engines.polling import asked_until_answered

if TYPE_CHECKING:
    from azure.core.pipeline.transport import RequestsTransport


def azure_transport(http: httpx2.Client, deadline: Deadline) -> RequestsTransport:
    """An azure-core transport whose every request goes through `http`; raises what `http` raises.

    A GET asks after an operation that was accepted, and is repeated until it is answered.
    """
    from azure.core.pipeline.transport import RequestsTransport

    session = Session()
    # Otherwise requests looks for proxies and passwords of its own.
    session.trust_env = False
    session.mount("http://", _GuardedAdapter(http, deadline))
    session.mount("https://", _GuardedAdapter(http, deadline))
    return RequestsTransport(session=session, session_owner=False)


class _GuardedAdapter(BaseAdapter):
    def __init__(self, http: httpx2.Client, deadline: Deadline) -> None:
        super().__init__()
        self._http = http
        self._deadline = deadline

    def send(self, request: PreparedRequest, *_settings: object, **_more: object) -> Response:
        """Send through our client, which knows the deadline; the settings are `requests`' own timeouts and proxies."""
        assert request.method
        assert request.url
        assert request.body is None or isinstance(request.body, str | bytes)
        headers = {name: value for name, value in request.headers.items() if isinstance(value, str)}
        headers["accept-encoding"] = "identity"
        ask = partial(self._http.request, request.method, request.url, headers=headers, content=request.body)
        polls = request.method == "GET"
        answer = asked_until_answered(ask, self._deadline, readable=json.loads) if polls else ask()
        response = Response()
        response.request = request
        response.url = request.url
        response.status_code = answer.status_code
        response.reason = answer.reason_phrase
        response.headers = CaseInsensitiveDict(answer.headers)
        response.raw = BytesIO(answer.content)
        return response

    def close(self) -> None:
        """The client belongs to whoever made it."""
