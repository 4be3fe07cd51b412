"""Transkribus over its processing interface v1: submit the page, wait in the queue, fetch PAGE XML.

Our own client, because the published one is GPL, sets no time limit and takes seconds for minutes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from engines.contract import EngineSpec, PageImage, Reading, ReadingTask, Usage, report_progress
from engines.endpoint import account_setting, base_url, required_key
from engines.errors import BadAnswer, EngineRejected, EngineSilent, EngineUnavailable, VendorDown
from engines.formats.layout import scaled
from engines.formats.page_xml import read_page_xml
from engines.guarded_http import Deadline, accepted, asked_until_answered, guarded_client
from engines.page_fitting import FittedPage, fitted
from engines.sdk_errors import translated, understood
from translations import _

if TYPE_CHECKING:
    import httpx2

ACCOUNTS = "https://account.readcoop.eu"
TOKEN_PATH = "/auth/realms/readcoop/protocol/openid-connect/token"  # noqa: S105  (a path)
POLL_SECONDS = 1.0
GIVEN_UP = re.compile("FAIL|CANCEL|ABORT|ERROR|DELETED|EXPIRED")
"""A state of which the vendor does not tell may be one of waiting: only these words end it."""
TOKEN_MARGIN_SECONDS = 30.0


class TranskribusEngine:
    """Reads with the text recognition model that the user names by its number."""

    def __init__(self, spec: EngineSpec, key: str | None) -> None:
        self.spec = spec
        self._password = required_key(spec, key)
        self._user = account_setting(spec, "TRANSKRIBUS_USER")
        self._model = _model_number(account_setting(spec, "TRANSKRIBUS_HTR_ID"))
        self._base_url = base_url(spec)
        self._accounts = _accounts(self._base_url)
        self._token = _Token()
        self._lock = Lock()

    def read(self, page: PageImage, task: ReadingTask) -> Reading:
        """Transcribe the page; raises `EngineError`."""
        image = fitted(page, self.spec)
        sent = image.sent(self.spec, htr_id=self._model)
        deadline = Deadline.after(task.timeout_seconds)
        addresses = (self._base_url, self._accounts)
        with guarded_client(deadline, *addresses) as http:
            token = self._log_in(http)
            with translated(self.spec, self._password, token):
                order = self._ask(http, "POST", "/processes", json=self._order(image)).raise_for_status()
                with accepted(), translated(self.spec, self._password, token), understood(self.spec):
                    process = int(order.json()["processId"])
                    self._wait(http, process, deadline)
                    xml = self._poll(http, f"/processes/{process}/page", deadline).content
                    layout = read_page_xml(xml)[0]
        regions = scaled(layout.regions, (layout.width, layout.height), (page.width, page.height))
        return Reading(layout.text or "", regions, model_reported=f"htr {self._model}", usage=Usage(pages=1), sent=sent)

    def _log_in(self, http: httpx2.Client) -> str:
        try:
            with translated(self.spec, self._password):
                return self._access(http, renew=False)
        except (EngineSilent, BadAnswer) as error:
            # Nothing of the page was sent, so nothing can have been billed.
            raise VendorDown(_("Logging in failed. {error}", error=error), fix=_("Try again later.")) from None

    def _order(self, image: FittedPage) -> Mapping[str, Any]:
        return {"config": {"textRecognition": {"htrId": self._model}}, "image": {"base64": image.base64}}

    def _wait(self, http: httpx2.Client, process: int, deadline: Deadline) -> None:
        while True:
            answer = self._poll(http, f"/processes/{process}", deadline, readable=json.loads)
            status = answer.json()["status"].upper()
            if status == "FINISHED":
                return
            if GIVEN_UP.search(status):
                raise EngineRejected(
                    _("{engine} could not read this page.", engine=self.spec.label),
                    fix=_("Try another model number."),
                )
            report_progress(_("{state} in the vendor's queue", state=status.lower()))
            sleep(min(POLL_SECONDS, deadline.left()))

    def _poll(
        self, http: httpx2.Client, path: str, deadline: Deadline, *, readable: Callable[[bytes], object] = bytes
    ) -> httpx2.Response:
        ask = partial(self._ask, http, "GET", path)
        return asked_until_answered(ask, deadline, readable=readable).raise_for_status()

    def _ask(self, http: httpx2.Client, method: str, path: str, **content: Any) -> httpx2.Response:  # noqa: ANN401
        """One authorised request; a token that the vendor no longer takes is replaced once."""
        for renew in (False, True):
            bearer = {"authorization": f"Bearer {self._access(http, renew=renew)}"}
            answer = http.request(method, self._base_url + path, headers=bearer, **content)
            if answer.status_code != 401:
                break
        return answer

    def _access(self, http: httpx2.Client, *, renew: bool) -> str:
        with self._lock:
            if renew or monotonic() > self._token.expires_at:
                self._token = self._renewed(http)
            return self._token.access

    def _renewed(self, http: httpx2.Client) -> _Token:
        """A new token from the refresh token while that is good, else from the password."""
        account = {"grant_type": "password", "username": self._user, "password": self._password}
        grants = [account]
        if monotonic() < self._token.refresh_expires_at:
            grants.insert(0, {"grant_type": "refresh_token", "refresh_token": self._token.refresh})
        for grant in grants:
            form = {"client_id": "processing-api-client", **grant}
            answer = http.post(self._accounts + TOKEN_PATH, data=form)
            if answer.is_success:
                break
        answer.raise_for_status()
        with understood(self.spec):
            return _Token.granted(answer.json())


@dataclass(frozen=True, slots=True)
class _Token:
    """An access token and the one to renew it with; times are on the monotonic clock."""

    access: str = field(default="", repr=False)
    expires_at: float = 0.0
    refresh: str = field(default="", repr=False)
    refresh_expires_at: float = 0.0

    @classmethod
    def granted(cls, answer: Mapping[str, Any]) -> _Token:
        now = monotonic() - TOKEN_MARGIN_SECONDS
        return cls(
            access=str(answer["access_token"]),
            expires_at=now + float(answer["expires_in"]),
            refresh=str(answer.get("refresh_token", "")),
            # Where the vendor says nothing of a refresh token's time, the password is used again.
            refresh_expires_at=now + float(answer.get("refresh_expires_in", 0)),
        )


def _model_number(text: str) -> int:
    if not text.isdecimal():
        raise EngineUnavailable(
            _("TRANSKRIBUS_HTR_ID is not a number."), fix=_("Set it to the number of a text recognition model.")
        )
    return int(text)


def _accounts(address: str) -> str:
    """Where tokens come from: the vendor's own place, unless requests go to another host, which then serves both."""
    url = urlsplit(address)
    return ACCOUNTS if url.hostname == "transkribus.eu" else f"{url.scheme}://{url.netloc}"
