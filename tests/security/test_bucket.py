"""T8 on a Space: links in a bucket, written in the order that loses nothing; a public bucket is refused."""

from __future__ import annotations

from types import SimpleNamespace

import fsspec
import httpx2
import huggingface_hub
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from huggingface_hub.errors import BucketBatchError

from playground.engine_runs import Comparison
from playground.share.sharing import ManifestRecords, ShareChoices, Sharing
from playground.storage.blobs import StoreUnavailable, open_blobs


class BreakingBucket(MemoryFileSystem):
    """A bucket whose batches fail where the test says so, with the library's own error."""

    protocol = "breaking"
    cachable = False
    fails_at = ""
    written: list[str] = []  # noqa: RUF012

    def pipe_file(self, path, value, **options):
        if self.fails_at and self.fails_at in path:
            response = httpx2.Response(422, request=httpx2.Request("POST", "https://hub.example"))
            raise BucketBatchError("1 of 1 operations failed: the server keeps its reasons", response=response)
        self.written.append(path)
        super().pipe_file(path, value, **options)


@pytest.fixture
def bucket(monkeypatch):
    fsspec.register_implementation("breaking", BreakingBucket, clobber=True)
    monkeypatch.setattr(BreakingBucket, "fails_at", "")
    monkeypatch.setattr(BreakingBucket, "written", [])
    monkeypatch.setattr(BreakingBucket, "store", {})
    return open_blobs("breaking://user/shares")


@pytest.fixture
def comparison():
    from datetime import UTC, datetime

    from engines.contract import ReadingTask

    return Comparison("c", datetime.now(UTC), "", 100, 80, ReadingTask(), "x", (), "test")


def test_the_manifest_is_written_last(bucket, comparison, page):
    shared = Sharing(ManifestRecords(bucket), bucket).share(comparison, page, ShareChoices())
    assert [path.rpartition("/")[2] for path in BreakingBucket.written] == [f"{shared.id}.jpg", f"{shared.id}.json"]


@pytest.mark.parametrize("part", ["pictures/", "shares/"])
def test_a_batch_that_fails_gives_no_link(bucket, comparison, page, part, monkeypatch):
    sharing = Sharing(ManifestRecords(bucket), bucket)
    monkeypatch.setattr(BreakingBucket, "fails_at", part)
    with pytest.raises(StoreUnavailable) as failure:
        sharing.share(comparison, page, ShareChoices())
    assert "BucketBatchError" in str(failure.value)
    assert [path for path in BreakingBucket.store if path.endswith(".json")] == []


def test_a_link_outlives_a_restart_that_loses_the_disk(bucket, comparison, page):
    shared = Sharing(ManifestRecords(bucket), bucket).share(comparison, page, ShareChoices())
    after = open_blobs("breaking://user/shares")
    restarted = Sharing(ManifestRecords(after), after)
    assert restarted.open_share(shared.id).comparison == comparison
    assert restarted.delete_share(shared.id, shared.delete_link.partition("=")[2])
    assert BreakingBucket.store == {}


def test_a_public_bucket_is_refused(monkeypatch):
    monkeypatch.setattr(huggingface_hub, "bucket_info", lambda bucket_id: SimpleNamespace(private=False, id=bucket_id))
    with pytest.raises(StoreUnavailable) as refusal:
        open_blobs("hf://buckets/user/shares/inkquest")
    assert "user/shares is public" in str(refusal.value)


def test_a_private_bucket_is_opened_by_the_library(monkeypatch):
    monkeypatch.setattr(huggingface_hub, "bucket_info", lambda bucket_id: SimpleNamespace(private=True, id=bucket_id))
    blobs = open_blobs("hf://buckets/user/shares/inkquest")
    assert type(blobs._files).__name__ == "HfFileSystem"
    assert blobs._root == "buckets/user/shares/inkquest"
