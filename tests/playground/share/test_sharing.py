"""Links: what they reveal, how long they last, and that deleting leaves no byte."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from engines.contract import PageImage, Reading
from metrics.normalising import Rules
from playground.engine_runs import Comparison, EngineRun
from playground.share.pictures import Rectangle
from playground.share.sharing import (
    Expiry,
    ManifestRecords,
    NotShareable,
    ShareChoices,
    Shared,
    ShareRecords,
    Sharing,
    TableRecords,
)
from playground.storage.blobs import Blobs, StoreUnavailable, open_blobs
from playground.storage.database import Database

NAME = Rectangle(90, 90, 170, 170)


class Clock:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite and folder", "postgresql and folder", "bucket", "folder only"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[ShareRecords, Blobs]:
    folder, bucket = open_blobs(str(tmp_path / "blobs")), open_blobs(f"memory://{tmp_path.name}")
    if request.param == "bucket":
        return ManifestRecords(bucket), bucket
    if request.param == "folder only":
        return ManifestRecords(folder), folder
    is_sqlite = request.param.startswith("sqlite")
    url = f"sqlite:///{tmp_path}/facts.db" if is_sqlite else request.getfixturevalue("postgres_url")
    return TableRecords(Database(url)), folder


@pytest.fixture
def sharing(stores: tuple[ShareRecords, Blobs], clock: Clock) -> Sharing:
    return Sharing(*stores, clock=clock)


def token(shared: Shared) -> str:
    return shared.delete_link.partition("token=")[2]


def test_a_link_shows_the_same_facts(sharing: Sharing, comparison: Comparison, page: PageImage) -> None:
    rules = Rules(ignore_case=True)
    shared = sharing.share(comparison, page, ShareChoices(rules=rules))
    opened = sharing.open_share(shared.id)
    assert opened is not None
    assert opened.comparison == comparison
    assert opened.rules == rules
    assert (opened.has_picture, opened.is_blurred) == (True, False)
    assert shared.link == f"r/{shared.id}"


@pytest.mark.parametrize("whose", ["The reference", "The reading of"])
def test_more_text_than_a_page_holds_is_not_shared(
    sharing: Sharing, comparison: Comparison, page: PageImage, whose: str
) -> None:
    """Whoever opens the link has it compared anew: ten megabytes of it took minutes and gigabytes."""
    long = "word " * 6001
    reading = EngineRun("gpt-5", Reading(long), 1.0)
    huge = replace(comparison, reference=long) if whose == "The reference" else replace(comparison, runs=(reading,))
    with pytest.raises(NotShareable, match=f"{whose}.* has 30,005 characters, more than a page holds. Keep 30,000"):
        sharing.share(huge, page, ShareChoices())


def test_a_picture_left_out_is_not_stored(sharing: Sharing, comparison: Comparison, page: PageImage) -> None:
    shared = sharing.share(comparison, page, ShareChoices(with_picture=False))
    opened = sharing.open_share(shared.id)
    assert opened is not None
    assert not opened.has_picture
    assert opened.comparison.page_sha256 == ""
    assert sharing.picture(shared.id) is None


def test_blurred_regions_are_gone_from_the_stored_pixels(
    sharing: Sharing, comparison: Comparison, page: PageImage
) -> None:
    plain = sharing.share(comparison, page, ShareChoices())
    blurred = sharing.share(comparison, page, ShareChoices(blurred=(NAME,)))
    inside = (105, 105, 155, 155)

    def darkest(shared: Shared) -> int:
        picture = Image.open(io.BytesIO(sharing.picture(shared.id) or b"")).convert("L")
        return int(picture.crop(inside).getextrema()[0])  # type: ignore[arg-type]

    assert darkest(plain) < 20  # ink
    assert darkest(blurred) > 60
    opened = sharing.open_share(blurred.id)
    assert opened is not None
    assert (opened.is_blurred, opened.comparison.page_sha256) == (True, "")


def test_two_names_of_equal_ink_look_the_same_once_blurred(sharing: Sharing, comparison: Comparison) -> None:
    def page_with(strokes: list[tuple[int, int, int, int]]) -> PageImage:
        image = Image.new("RGB", (600, 400), "white")
        for stroke in strokes:
            image.paste((0, 0, 0), stroke)
        out = io.BytesIO()
        image.save(out, "PNG")
        return PageImage("0" * 64, out.getvalue(), 600, 400)

    upright = page_with([(100 + 20 * i, 100, 104 + 20 * i, 160) for i in range(3)])
    lying = page_with([(100, 100 + 20 * i, 160, 104 + 20 * i) for i in range(3)])
    choices = ShareChoices(blurred=(Rectangle(100, 100, 160, 160),))
    pictures = [sharing.picture(sharing.share(comparison, page, choices).id) for page in (upright, lying)]
    assert pictures[0] == pictures[1]


def test_a_picture_carries_no_metadata_and_fits_a_screen(sharing: Sharing, comparison: Comparison) -> None:
    image, out = Image.new("RGB", (3000, 1000), "white"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "camera-canary"
    image.save(out, "PNG", exif=exif)
    page = PageImage("0" * 64, out.getvalue(), 3000, 1000)
    stored = sharing.picture(sharing.share(comparison, page, ShareChoices()).id) or b""
    assert b"camera-canary" not in stored
    assert max(Image.open(io.BytesIO(stored)).size) == 2200


@pytest.mark.parametrize("expiry", [Expiry.DAY, Expiry.MONTH])
def test_a_link_expires(
    sharing: Sharing, comparison: Comparison, page: PageImage, clock: Clock, expiry: Expiry
) -> None:
    shared = sharing.share(comparison, page, ShareChoices(expiry=expiry))
    assert expiry.value
    clock.now += expiry.value - timedelta(seconds=1)
    assert sharing.open_share(shared.id)
    clock.now += timedelta(seconds=1)
    assert sharing.open_share(shared.id) is None
    assert sharing.picture(shared.id) is None
    assert not sharing.delete_share(shared.id, token(shared))


def test_never_is_for_hosts_that_allow_it(
    stores: tuple[ShareRecords, Blobs], comparison: Comparison, page: PageImage, clock: Clock
) -> None:
    never = ShareChoices(expiry=Expiry.NEVER)
    with pytest.raises(NotShareable):
        Sharing(*stores).share(comparison, page, never)
    lasting = Sharing(*stores, may_last=True, clock=clock)
    shared = lasting.share(comparison, page, never)
    clock.now += timedelta(days=10_000)
    assert lasting.sweep() == 0
    assert lasting.open_share(shared.id)


def test_only_the_token_deletes(sharing: Sharing, comparison: Comparison, page: PageImage) -> None:
    one, two = (sharing.share(comparison, page, ShareChoices()) for _ in range(2))
    assert not sharing.delete_share(one.id, token(two))
    assert not sharing.delete_share(one.id, "")
    assert sharing.delete_share(one.id, token(one))
    assert not sharing.delete_share(one.id, token(one))
    assert sharing.open_share(one.id) is None
    assert sharing.picture(one.id) is None
    assert sharing.open_share(two.id)


def test_the_token_is_not_stored(tmp_path: Path, comparison: Comparison, page: PageImage) -> None:
    sharing = Sharing(TableRecords(Database(f"sqlite:///{tmp_path}/x.db")), open_blobs(str(tmp_path / "blobs")))
    shared = sharing.share(comparison, page, ShareChoices())
    assert files_with(tmp_path, shared.id.encode()) != []
    assert files_with(tmp_path, token(shared).encode()) == []


@pytest.mark.parametrize("ending", ["deleted", "swept"])
def test_no_byte_is_left(tmp_path: Path, comparison: Comparison, page: PageImage, clock: Clock, ending: str) -> None:
    database, blobs = Database(f"sqlite:///{tmp_path}/x.db"), open_blobs(str(tmp_path / "blobs"))
    sharing = Sharing(TableRecords(database), blobs, clock=clock)
    canary = replace(comparison, reference="canary-reference " * 500)
    shared = sharing.share(canary, page, ShareChoices())
    picture = sharing.picture(shared.id) or b""
    assert files_with(tmp_path, b"canary-reference") != []
    assert files_with(tmp_path, picture[200:260]) != []
    if ending == "deleted":
        assert sharing.delete_share(shared.id, token(shared))
    else:
        clock.now += timedelta(days=31)
        assert sharing.sweep() == 1
    for trace in (b"canary-reference", picture[200:260], shared.id.encode(), b"the bat sat"):
        assert files_with(tmp_path, trace) == []
    assert [path for path in tmp_path.rglob("*") if shared.id in path.name] == []


def files_with(folder: Path, trace: bytes) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and trace in path.read_bytes()]


@pytest.mark.parametrize(
    "share_id",
    ["", "a", "a" * 21, "a" * 23, "../../../etc/passwd", "..%2f..%2fetc", "a" * 21 + "/", "a" * 21 + "\n", "é" * 22,
     "a" * 21 + "\x00", ".." * 11, "a" * 21 + "'", "C:\\x\\aaaaaaaaaaaaaaaaa"],
)  # fmt: skip
def test_what_is_no_id_never_reaches_the_store(share_id: str) -> None:
    class Untouchable:
        def __getattr__(self, name: str) -> Callable[..., None]:
            raise AssertionError(f"the store was asked to {name}")

    sharing = Sharing(Untouchable(), Untouchable())  # type: ignore[arg-type]
    assert sharing.open_share(share_id) is None
    assert sharing.picture(share_id) is None
    assert not sharing.delete_share(share_id, "x")


def test_ids_have_no_order_and_no_prefix(sharing: Sharing, comparison: Comparison) -> None:
    ids = [sharing.share(comparison, None, ShareChoices()).id for _ in range(200)]
    assert len(set(ids)) == len({share_id[:4] for share_id in ids}) == 200
    assert ids != sorted(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", share_id) for share_id in ids)


def test_a_picture_that_a_crash_left_behind_is_swept_once_it_is_old(
    stores: tuple[ShareRecords, Blobs], comparison: Comparison, page: PageImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    records, pictures = stores
    sharing = Sharing(records, pictures)
    kept = sharing.share(comparison, page, ShareChoices())
    pictures.put(f"pictures/{'x' * 22}.jpg", b"orphan")
    assert sharing.sweep() == 0
    monkeypatch.setattr("playground.share.sharing.ORPHAN_SECONDS", -60)
    assert sharing.sweep() == 1
    assert pictures.get(f"pictures/{'x' * 22}.jpg") is None
    assert sharing.picture(kept.id)


def test_keys_are_struck_out_of_what_is_stored(stores: tuple[ShareRecords, Blobs], comparison: Comparison) -> None:
    sharing = Sharing(*stores, redact_for=lambda _session: lambda text: text.replace("sk-canary", "[key]"))
    echoing = replace(comparison, runs=(EngineRun("gpt-5", Reading("your key is sk-canary"), 1.0),))
    opened = sharing.open_share(sharing.share(echoing, None, ShareChoices()).id)
    assert opened is not None
    assert opened.comparison.runs[0].outcome == Reading("your key is [key]")


@pytest.mark.parametrize("key", ['"shared":', "gpt-5", "reading", '", "', "2026-1", "comparison", "}}"])
def test_a_key_that_looks_like_a_part_of_the_document_breaks_no_link(
    stores: tuple[ShareRecords, Blobs], comparison: Comparison, key: str
) -> None:
    sharing = Sharing(*stores, redact_for=lambda _session: lambda text: text.replace(key, "[key]"))
    said = replace(comparison, runs=(EngineRun("gpt-5", Reading(f"a {key} b"), 1.0),))
    shared = sharing.share(said, None, ShareChoices())
    opened = sharing.open_share(shared.id)
    assert opened is not None
    assert opened.comparison.runs == (EngineRun("gpt-5", Reading("a [key] b"), 1.0),)
    assert sharing.delete_share(shared.id, shared.delete_link.partition("token=")[2])


def test_any_text_an_engine_can_return_is_kept(stores: tuple[ShareRecords, Blobs], comparison: Comparison) -> None:
    odd = replace(comparison, runs=(EngineRun("gpt-5", Reading('\x00 \u202e " \\ 𝔵 \ud83d end'), 1.0),))
    sharing = Sharing(*stores)
    opened = sharing.open_share(sharing.share(odd, None, ShareChoices()).id)
    assert opened is not None
    assert opened.comparison.runs[0].outcome == Reading('\x00 \u202e " \\ 𝔵 ? end')


def test_a_broken_store_gives_no_link_and_no_half(comparison: Comparison, page: PageImage, tmp_path: Path) -> None:
    class FullTable:
        def put(self, share_id: str, document: str, expires_at: float | None) -> None:
            raise StoreUnavailable("The store does not answer. Try again later.")

        def get(self, share_id: str) -> None:
            return None

    sharing = Sharing(FullTable(), open_blobs(str(tmp_path)))  # type: ignore[arg-type]
    with pytest.raises(StoreUnavailable):
        sharing.share(comparison, page, ShareChoices())
    [orphan] = (tmp_path / "pictures").iterdir()
    assert sharing.picture(orphan.stem) is None


def test_what_expired_is_swept_from_every_store_and_nothing_else(
    stores: tuple[ShareRecords, Blobs], comparison: Comparison, page: PageImage, clock: Clock
) -> None:
    records, pictures = stores
    sharing = Sharing(records, pictures, may_last=True, clock=clock)
    short, long, lasting = (sharing.share(comparison, page, ShareChoices(expiry=expiry)) for expiry in Expiry)
    clock.now += timedelta(days=2)
    assert sharing.sweep() == 1
    assert records.get(short.id) is None
    assert pictures.get(f"pictures/{short.id}.jpg") is None
    assert sharing.picture(long.id)
    assert sharing.picture(lasting.id)


def test_an_evaluation_is_kept_as_it_was_until_it_ends_or_is_deleted(sharing: Sharing, clock: Clock) -> None:
    first, second = (sharing.share_memo("Which?", f"<h1>{n}</h1>", Expiry.DAY) for n in (1, 2))
    memo = sharing.open_memo(first.id)
    assert memo is not None
    assert (memo.title, memo.body, memo.expires_at) == ("Which?", "<h1>1</h1>", clock.now + timedelta(days=1))
    assert sharing.open_share(first.id) is None
    assert sharing.picture(first.id) is None
    assert not sharing.delete_share(first.id, token(second))
    assert sharing.delete_share(first.id, token(first))
    assert sharing.open_memo(first.id) is None
    clock.now += timedelta(days=2)
    assert sharing.open_memo(second.id) is None
    assert sharing.sweep() == 1


def test_an_evaluation_that_is_too_large_or_lasts_too_long_is_refused(sharing: Sharing) -> None:
    with pytest.raises(NotShareable, match="30 days at most"):
        sharing.share_memo("", "", Expiry.NEVER)
    with pytest.raises(NotShareable, match="Take its memo along"):
        sharing.share_memo("", "x" * 2_000_001, Expiry.DAY)
