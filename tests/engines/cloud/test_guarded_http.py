import base64
import logging
import socket
import ssl
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from engines.catalogue import spec_by_id, with_overrides
from engines.errors import BadAnswer, EngineError, EngineRejected, EngineUnavailable, TimedOut, VendorDown
from engines.guarded_http import Deadline, _trusted, guarded_client
from engines.registry import build_engine
from playground.__main__ import main
from tests.command_line import run_here
from tests.engines.cloud.conftest import KEY
from tests.hand_clock import HandClock
from tests.loopback_vendor import LoopbackVendor
from tests.vendor_answers import OPTIONS, ROWS

PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture
def proxied(monkeypatch):
    """Sets variables about proxies where there are no others."""
    for name in PROXY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)

    def name_it(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return name_it


class StrictProxy:
    """A proxy that notes whatever comes, and answers the head of each request with one line."""

    def __init__(self, answer="HTTP/1.1 200 Connection established"):
        self.answer = answer
        self.received = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._server.getsockname()[1]}"

    def __enter__(self):
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self._server.close()

    def _serve(self):
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection:
                head = self._take(connection)
                self.received.append((head, opened := bytearray()))
                connection.sendall(f"{self.answer}\r\nContent-Length: 0\r\n\r\n".encode())
                if " 200 " in self.answer:
                    opened += connection.recv(65536)

    @staticmethod
    def _take(connection):
        head = b""
        while b"\r\n\r\n" not in head and (more := connection.recv(65536)):
            head += more
        return head


class Tunnel(StrictProxy):
    """A proxy that opens a way to one port of this machine, whatever name was asked for, and notes what goes there."""

    def __init__(self, port):
        super().__init__()
        self._port = port

    def _serve(self):
        with suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                threading.Thread(target=self._open, args=[connection], daemon=True).start()

    def _open(self, connection):
        self.received.append((self._take(connection), seen := bytearray()))
        with connection, socket.create_connection(("127.0.0.1", self._port)) as vendor, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=self._carry, args=[vendor, connection, bytearray()], daemon=True)
            back.start()
            self._carry(connection, vendor, seen)
            back.join()

    @staticmethod
    def _carry(source, target, seen):
        with suppress(OSError):
            while data := source.recv(65536):
                seen += data
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A file of our own authority, which no machine trusts, and the certificate and key that it gave vendor.test."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    def named(name):
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])

    def certificate(name, key, issuer, issuer_key, extension):
        now = datetime.now(UTC)
        made = x509.CertificateBuilder(named(issuer), named(name), key.public_key(), x509.random_serial_number())
        made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        signed = made.add_extension(extension, critical=True).sign(issuer_key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM)

    folder = tmp_path_factory.mktemp("authority")
    own, its = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = certificate("Our own", own, "Our own", own, x509.BasicConstraints(ca=True, path_length=None))
    (folder / "authority.pem").write_bytes(authority)
    names = x509.SubjectAlternativeName([x509.DNSName("vendor.test")])
    plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "vendor.pem").write_bytes(
        certificate("vendor.test", its, "Our own", own, names) + its.private_bytes(*plain)
    )
    return folder


@pytest.fixture
def over_tls(authority):
    """The vendor behind TLS, which says that its results are at its public name."""
    with LoopbackVendor(key=KEY) as vendor:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(authority / "vendor.pem")
        plain = vendor._server.socket
        vendor._server.socket = context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        vendor.operations_at = "https://vendor.test"
        yield vendor


@pytest.fixture
def tunnel(over_tls):
    with Tunnel(over_tls._server.server_port) as tunnel:
        yield tunnel


@pytest.fixture
def trusting(authority, monkeypatch):
    """The machine's owner says which authority to trust."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority / "authority.pem"))
    _trusted.cache_clear()
    yield
    _trusted.cache_clear()


def secrets_of(page):
    """What may not go to a proxy in clear: the key, and the page as bytes and as every JSON holds it."""
    return [KEY.encode(), page.png, *(code(page.png)[:60] for code in (base64.b64encode, base64.urlsafe_b64encode))]


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "ALL_PROXY"])
@pytest.mark.parametrize("row", ROWS)
def test_a_whole_reading_comes_through_a_proxy_that_sees_nothing_of_it(
    row, variable, over_tls, tunnel, trusting, proxied, page, task
):
    proxied(**{variable: f"http://me:hush-hush@{tunnel.address}"})
    spec = with_overrides(spec_by_id(row), base_url=f"https://vendor.test{ROWS[row]}", options=OPTIONS.get(row))
    reading = build_engine(spec, KEY).read(page, task)
    assert reading.text.startswith("Dear")
    assert over_tls.billed == 1
    heads, streams = zip(*tunnel.received, strict=True)
    assert {head.split(b"\r\n")[0] for head in heads} == {b"CONNECT vendor.test:443 HTTP/1.1"}
    assert all(seen[:2] == b"\x16\x03" for seen in streams)
    for secret in secrets_of(page):
        assert not any(secret in head or secret in seen for head, seen in tunnel.received)
    sent = b"".join(f"{request.headers}".encode() + request.body for request in over_tls.requests)
    assert b"hush-hush" not in sent
    assert base64.b64encode(b"me:hush-hush") not in sent


def test_a_vendor_whose_certificate_nobody_vouches_for_gets_nothing(over_tls, tunnel, proxied, page, task):
    _trusted.cache_clear()
    proxied(HTTPS_PROXY=tunnel.address)
    engine = build_engine(with_overrides(spec_by_id("gpt-5"), base_url="https://vendor.test/v1"), KEY)
    with pytest.raises(EngineError) as error:
        engine.read(page, task)
    assert not error.value.maybe_billed
    assert over_tls.requests == []


def test_the_command_line_reads_through_a_proxy(over_tls, tunnel, trusting, authority, page, tmp_path):
    (tmp_path / "page.png").write_bytes(page.png)
    environ = {
        "HTTPS_PROXY": f"http://{tunnel.address}",
        "SSL_CERT_FILE": str(authority / "authority.pem"),
        "OPENAI_BASE_URL": "https://vendor.test/v1",
        "OPENAI_API_KEY": KEY,
        "INKQUEST_DATA": str(tmp_path / "data"),
    }
    told = run_here(main, "read", tmp_path / "page.png", "--engines", "gpt-5", "--json", environ=environ)
    assert '"text":"Dear' in told.stdout, told.stderr
    assert [head.split()[1] for head, _ in tunnel.received] == [b"vendor.test:443"]
    assert over_tls.billed == 1


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


def test_the_machine_s_proxy_is_used(vendor, proxied):
    proxied(http_proxy=vendor.url.replace("http://", "http://me%40here:se%3Acret@"))
    with guarded_client(Deadline.after(5), "http://vendor.test") as http:
        http.post("http://vendor.test/v1/ocr")
    (request,) = vendor.requests
    assert request.path == "http://vendor.test/v1/ocr"
    told = request.headers["proxy-authorization"].removeprefix("Basic ")
    assert base64.b64decode(told) == b"me@here:se:cret"


@pytest.mark.parametrize(
    "variables",
    [{"http_proxy": "{}"}, {"HTTP_PROXY": "{}"}, {"all_proxy": "{}"}, {"ALL_PROXY": "{}"}, {"HTTP_PROXY": "http://{}/"},
     {"http_proxy": "HTTP://{}", "HTTP_PROXY": "socks5://127.0.0.1:9"}, {"HTTP_PROXY": "{}", "NO_PROXY": "other.test"},
     {"http_proxy": "{}", "no_proxy": "10.0.0.0/8, vendor.test:8080"}],
)  # fmt: skip
def test_a_proxy_is_named_in_many_ways(variables, vendor, proxied):
    proxied(**{name: value.format(vendor.url.removeprefix("http://")) for name, value in variables.items()})
    with guarded_client(Deadline.after(5), "http://vendor.test") as http:
        http.post("http://vendor.test/v1/ocr")
    assert [request.path for request in vendor.requests] == ["http://vendor.test/v1/ocr"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_itself_is_asked_without_a_proxy(host, vendor, proxied):
    proxied(HTTP_PROXY="http://127.0.0.1:9", ALL_PROXY="http://127.0.0.1:9")
    address = vendor.url.replace("127.0.0.1", host)
    with guarded_client(Deadline.after(5), address) as http:
        assert http.post(f"{address}/v1/ocr").status_code == 200


def test_no_proxy_at_all(proxied):
    proxied(HTTPS_PROXY="http://127.0.0.1:9", no_proxy="*")
    with guarded_client(Deadline.after(5), "https://vendor.test") as http:
        assert type(pool_of(http, "https://vendor.test")).__name__ == "ConnectionPool"


def test_hosts_networks_and_ports_are_spared_the_proxy(proxied):
    proxied(
        https_proxy="http://127.0.0.1:9", http_proxy="http://127.0.0.1:9", NO_PROXY="10.0.0.0/8,inner.test,v.test:81"
    )
    for address in ("http://10.1.2.3:8000", "https://api.inner.test", "http://v.test:81"):
        with guarded_client(Deadline.after(5), address) as http:
            assert type(pool_of(http, address)).__name__ == "ConnectionPool", address
    for address in ("http://11.1.2.3:8000", "https://innner.test", "http://v.test:82", "https://notinner.test"):
        with guarded_client(Deadline.after(5), address) as http:
            assert type(pool_of(http, address)).__name__ == "HTTPProxy", address


def test_each_host_of_a_vendor_has_its_own_way(proxied):
    proxied(HTTPS_PROXY="http://127.0.0.1:9", NO_PROXY="transkribus.eu")
    with guarded_client(Deadline.after(5), "https://transkribus.eu", "https://account.readcoop.eu") as http:
        assert type(pool_of(http, "https://transkribus.eu")).__name__ == "ConnectionPool"
        assert type(pool_of(http, "https://account.readcoop.eu")).__name__ == "HTTPProxy"


def pool_of(http, address):
    (found,) = (
        pool for origin, pool in http._transport._pools.items() if address.startswith(f"{origin[0]}://{origin[1]}")
    )
    return found


@pytest.mark.parametrize(
    "address",
    ["socks5://127.0.0.1:9", "socks5h://me:hush-hush@h:1", "http://", "http://me:hush#hush@h:1", "http://[::1", "ftp://h"],
)  # fmt: skip
def test_a_proxy_that_cannot_be_used_is_refused_without_its_password(address, proxied, page, task):
    proxied(ALL_PROXY=address)
    for row in ("gpt-5", "transkribus", "textract"):
        engine = build_engine(with_overrides(spec_by_id(row), base_url="https://v.test", options=OPTIONS.get(row)), KEY)
        with pytest.raises(EngineUnavailable, match="of a kind that cannot be used") as refusal:
            engine.read(page, task)
        assert "hush" not in f"{refusal.value} {refusal.value.fix}"


@pytest.mark.parametrize("row", ROWS)
def test_through_a_proxy_nothing_but_the_vendor_s_name_goes_in_clear(row, proxied, page, task, caplog):
    caplog.set_level(logging.DEBUG)
    with StrictProxy() as proxy:
        proxied(HTTPS_PROXY=f"http://me:hush-hush@{proxy.address}")
        spec = with_overrides(spec_by_id(row), base_url=f"https://vendor.test{ROWS[row]}", options=OPTIONS.get(row))
        with pytest.raises(VendorDown) as error:
            build_engine(spec, KEY).read(page, task)
    head, within = proxy.received[0]
    assert head.startswith(b"CONNECT vendor.test:443 HTTP/1.1\r\n")
    assert b"Basic " + base64.b64encode(b"me:hush-hush") in head
    assert KEY.encode() not in head
    assert within[:2] == b"\x16\x03", "what comes next is TLS"
    told = f"{error.value} {error.value.fix} {caplog.text}"
    assert "hush-hush" not in told
    assert base64.b64encode(b"me:hush-hush").decode() not in told


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [("407 Proxy Authentication Required", EngineUnavailable, "user name and password"),
     ("403 Forbidden", EngineUnavailable, "does not lead to the vendor"),
     ("502 Bad Gateway", VendorDown, "reached no vendor"), ("503 Busy", VendorDown, "reached no vendor"),
     ("302 Found", EngineUnavailable, "does not lead to the vendor")],
)  # fmt: skip
@pytest.mark.parametrize("row", ROWS)
def test_a_proxy_that_opens_no_way_is_told_apart_from_the_vendor(row, answer, kind, said, proxied, page, task):
    with StrictProxy(f"HTTP/1.1 {answer}") as proxy:
        proxied(HTTPS_PROXY=proxy.address)
        spec = with_overrides(spec_by_id(row), base_url=f"https://vendor.test{ROWS[row]}", options=OPTIONS.get(row))
        with pytest.raises(EngineError, match=said) as error:
            build_engine(spec, KEY).read(page, task)
    assert isinstance(error.value, kind)
    assert not error.value.maybe_billed
    assert len(proxy.received) == 1
    assert not any(within for _, within in proxy.received)


def test_a_proxy_in_front_of_a_plain_address_that_wants_a_password_is_no_vendor(proxied, page, task):
    with StrictProxy("HTTP/1.1 407 Proxy Authentication Required") as proxy:
        proxied(http_proxy=proxy.address)
        engine = build_engine(with_overrides(spec_by_id("openai-compatible"), base_url="http://vendor.test/v1"), KEY)
        with pytest.raises(EngineUnavailable, match="user name and password"):
            engine.read(page, task)


def test_no_answer_is_asked_for_in_compressed_form(vendor):
    with guarded_client(Deadline.after(5), vendor.url) as http:
        http.post(f"{vendor.url}/v1/ocr")
    assert vendor.requests[0].headers["accept-encoding"] == "identity"
