"""Hostile data sets end the process that plans, never the one that asks; others are planned as in one process."""

import json
import zipfile
from datetime import date

import pyarrow
import pyarrow.parquet
import pytest

from engines.catalogue import CATALOGUE
from evaluation.datasets.contract import DatasetUnusable
from evaluation.datasets.opening import open_dataset
from evaluation.datasets.pictures import detokenised, looks_tokenised
from evaluation.ledger.runs import RunSettings
from evaluation.work.planning import plan
from evaluation.work.planning_apart import Asked, Bounds, plan_apart
from samples import load_samples
from translations import _, spoken_in

SAMPLE = load_samples()[0]
DAY = date(2026, 11, 28)
SETTINGS = RunSettings((CATALOGUE[0], next(spec for spec in CATALOGUE if spec.runs == "cloud" and spec.price)))
SMALL = Bounds(memory_bytes=500_000_000, most_unfolded_bytes=50_000_000)


def asked(path, bounds=SMALL, settings=SETTINGS, **more):
    return Asked(path, settings, DAY, bounds, **more)


@pytest.fixture
def pages(tmp_path):
    """Two pages, one of them transcribed, and a reading brought along."""
    path = tmp_path / "pages.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("one", "two"):
            archive.write(SAMPLE.image, f"{name}.png")
        archive.writestr("one.txt", "Dear Sir , thank you\n")
        archive.writestr("readings/somebody.jsonl", json.dumps({"page": "one", "text": "Dear Sir", "usd": 0.1}))
    return path


def test_a_plan_made_apart_is_the_same_plan(pages):
    dataset = open_dataset(pages)
    here = plan(pages, dataset, RunSettings(SETTINGS.engines, notes=dataset.notes), {}, (), DAY)
    there = plan_apart(asked(pages))
    assert there.estimates == here.estimates
    assert there.contents.settings == here.contents.settings
    assert list(there.contents.items) == list(here.contents.items)
    assert {name: dict(runs) for name, runs in there.contents.brought.items()} == {
        name: dict(runs) for name, runs in here.contents.brought.items()
    }


def test_what_cannot_be_planned_is_said_in_the_same_words(tmp_path):
    (tmp_path / "broken.zip").write_bytes(b"PK\3\4 and no more")
    with pytest.raises(DatasetUnusable, match=r"broken\.zip is not a whole zip file"):
        plan_apart(asked(tmp_path / "broken.zip"))
    with pytest.raises(DatasetUnusable, match="Choose at least one engine"):
        plan_apart(asked(SAMPLE.image, settings=RunSettings(())))


def test_whoever_asks_is_answered_in_their_language():
    with spoken_in("de"):
        said = _("Choose at least one engine, or bring readings along.")
        with pytest.raises(DatasetUnusable) as refusal:
            plan_apart(asked(SAMPLE.image, settings=RunSettings(())))
    assert str(refusal.value) == said


def parquet(path, **columns):
    pyarrow.parquet.write_table(pyarrow.table(columns), path, compression="zstd")
    assert path.stat().st_size < 5000
    return path


def test_a_kilobyte_of_texts_that_unfolds_to_a_gigabyte_ends_the_other_process(tmp_path):
    swollen = parquet(tmp_path / "texts.parquet", image=[b"x"] * 500, text=["y" * 2_000_000] * 500)
    with pytest.raises(DatasetUnusable, match="too much time or memory"):
        plan_apart(asked(swollen))


def test_images_that_this_process_would_have_to_unfold_at_once_are_refused(tmp_path):
    image = b"\x89PNG" + bytes(2_000_000)
    swollen = parquet(tmp_path / "images.parquet", image=[image] * 100, text=["a"] * 100)
    with pytest.raises(DatasetUnusable, match="unfolds to more than 50 MB at once; write it with smaller row groups"):
        plan_apart(asked(swollen))
    as_it_says = parquet(tmp_path / "fewer.parquet", image=[image] * 20, text=["a"] * 20)
    assert len(plan_apart(asked(as_it_says)).contents.items) == 20


@pytest.mark.parametrize("bounds", [Bounds(seconds=1, memory_bytes=4_000_000_000), Bounds(memory_bytes=30_000_000)])
def test_time_and_memory_have_an_end_whatever_the_files_are(tmp_path, bounds):
    """A million rows take longer than a second on any machine that runs Python, and more than 30 MB."""
    table = tmp_path / "rows.csv"
    table.write_text("image,text\n" + "".join(f"{row}.png,{'word ' * 5}\n" for row in range(1_000_000)))
    with pytest.raises(DatasetUnusable, match="too much time or memory"):
        plan_apart(asked(table, bounds))


def test_memory_has_an_end_also_where_little_would_come_back(pages):
    with pytest.raises(DatasetUnusable, match="too much time or memory"):
        plan_apart(asked(pages, Bounds(memory_bytes=30_000_000)))


def test_white_space_without_end_is_looked_at_once():
    """Looked at from each of its places, half a million blanks take a day."""
    blanks = " " * 500_000
    for hostile in (f"a{blanks}x", f'a{blanks}"', f"a{blanks}'", f"{blanks}\n"):
        assert detokenised(hostile) == hostile
    assert detokenised(f"({blanks}a") == "(a"
    assert not looks_tokenised([f"a{blanks},"] * 4)
    assert detokenised('( Parlophone ) , it \'s " so " now .') == '(Parlophone), it\'s "so" now.'
