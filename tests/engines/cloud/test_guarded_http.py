import pytest

from engines.errors import BadAnswer, EngineRejected, TimedOut
from engines.guarded_http import Deadline, guarded_client
from tests.hand_clock import HandClock


def test_a_stranger_s_host_gets_nothing(vendor):
    with guarded_client(Deadline.after(5), "https://vendor.test/v1") as http:
        for address in (vendor.url, "http://vendor.test/v1", "https://vendor.test:8443/v1"):
            with pytest.raises(EngineRejected, match="another host"):
                http.get(address)
    assert vendor.requests == []


def test_the_cap_counts_what_arrives(vendor):
    vendor.answers["/ocr"] = {"text": "x" * 5000}
    with (
        guarded_client(Deadline.after(5), vendor.url, most_bytes=1000) as http,
        pytest.raises(BadAnswer, match="larger"),
    ):
        http.post(f"{vendor.url}/v1/ocr")
    with guarded_client(Deadline.after(5), vendor.url, most_bytes=6000) as http:
        assert len(http.post(f"{vendor.url}/v1/ocr").json()["text"]) == 5000


def test_one_deadline_for_all_requests_of_a_client(vendor):
    clock = HandClock()
    with guarded_client(Deadline(60, clock), vendor.url) as http:
        assert http.post(f"{vendor.url}/v1/ocr").status_code == 200
        clock.sleep(60)
        with pytest.raises(TimedOut):
            http.post(f"{vendor.url}/v1/ocr")


def test_the_machine_s_proxy_is_used(vendor, monkeypatch):
    monkeypatch.setenv("http_proxy", vendor.url.replace("http://", "http://me:secret@"))
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with guarded_client(Deadline.after(5), "http://vendor.test") as http:
        http.post("http://vendor.test/v1/ocr")
    (request,) = vendor.requests
    assert request.path == "http://vendor.test/v1/ocr"
    assert request.headers["proxy-authorization"].startswith("Basic ")


def test_no_answer_is_asked_for_in_compressed_form(vendor):
    with guarded_client(Deadline.after(5), vendor.url) as http:
        http.post(f"{vendor.url}/v1/ocr")
    assert vendor.requests[0].headers["accept-encoding"] == "identity"
