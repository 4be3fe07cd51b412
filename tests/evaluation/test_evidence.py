"""A pack is believed as far as its readings, scored again, give its figures; and a stranger's pack does no harm."""

import hashlib
import json
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from evaluation.__main__ import main
from evaluation.datasets.opening import open_dataset
from evaluation.evidence import PackRefused, verify_pack, write_pack
from evaluation.findings.data_requirements import DataNeeds
from evaluation.findings.recommending import Requirements
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import RunSettings, create_run, find_run
from evaluation.work.item_reading import PageLoader
from evaluation.work.planning import plan
from metrics.error_rate import Assumptions
from tests.evaluation.conftest import png
from translations import spoken_in

TEXTS = {"a": "first page of it", "b": "second page of it", "c": "third page, no more"}
NEEDS = Requirements(pages_a_month=5000, data=DataNeeds("EU", ("SOC 2",)))


@dataclass(frozen=True)
class Packed:
    path: Path
    fingerprint: str

    @property
    def members(self):
        with zipfile.ZipFile(self.path) as zipped:
            return {name: zipped.read(name) for name in zipped.namelist()}

    def rewritten(self, members, *, hashes=False, more=()):
        """Another zip of these; with `hashes`, whoever changed something knew what the manifest is for."""
        members = dict(members)
        if hashes:
            manifest = json.loads(members["manifest.json"])
            digests = {
                name: hashlib.sha256(members[name]).hexdigest() for name in manifest["members"] if name in members
            }
            manifest["members"] = digests
            members["manifest.json"] = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
            # pydantic writes an empty tuple on one line, as json does; anything else would be found by its bytes alone
        path = self.path.with_name("changed.zip")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a name that is there twice
            for name, data in [*members.items(), *more]:
                zipped.writestr(name, data)
        return path


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """Two readers, three pages, one page that a reader left out; packed with its pages."""
    folder = tmp_path_factory.mktemp("packed")
    pages = folder / "pages"
    for place in (pages, folder / "good", folder / "bad"):
        place.mkdir()
    for name, text in TEXTS.items():
        (pages / f"{name}.png").write_bytes(png(text))
        (pages / f"{name}.txt").write_text(text)
        (folder / "good" / f"{name}.txt").write_text(text)
    (folder / "bad" / "a.txt").write_text("fist pope of it")
    (folder / "bad" / "b.txt").write_text("second page")
    ledger = Ledger(f"sqlite:///{folder}/ledger.db")
    brought = [("Good", folder / "good"), ("Bad", folder / "bad")]
    planned = plan(
        pages, open_dataset(pages), RunSettings((), brought_from=(("Bad", str(folder / "bad")),)), {}, brought
    )
    run = find_run(ledger, create_run(ledger, planned.contents))
    path = folder / "evidence.zip"
    loader = PageLoader(open_dataset(pages))
    return Packed(path, write_pack(ledger, run, NEEDS, Assumptions(40), path, loader=loader, with_pages=True))


def test_a_pack_as_it_was_made_is_scored_to_the_same_figures(packed):
    found = verify_pack(packed.path)
    assert (found.readings, found.pages, found.fingerprint) == (5, 3, packed.fingerprint)
    assert verify_pack(packed.path, f" {packed.fingerprint.upper()}\n") == found
    with pytest.raises(PackRefused, match="another pack"):
        verify_pack(packed.path, "0" * 64)


def test_it_is_the_same_pack_whatever_its_maker_speaks(packed):
    with spoken_in("de"):
        assert verify_pack(packed.path).fingerprint == packed.fingerprint


def test_it_holds_what_a_buyer_asks_for_and_nothing_of_this_machine(packed):
    members = packed.members
    figures = json.loads(members["figures.json"])
    assert figures["needs"]["pages_a_month"] == 5000
    assert figures["run"]["settings"]["rules"]
    assert {"memo.html", "readings.jsonl", "pages/0.png", "pages/2.png"} <= set(members)
    first = json.loads(members["readings.jsonl"].splitlines()[0])
    assert first["reference"] in TEXTS.values()
    assert first["page_sha256"] == hashlib.sha256(members["pages/0.png"]).hexdigest()
    assert str(packed.path.parent).encode() not in b"".join(members.values())


MEMBERS = ["README.txt", "figures.json", "ledger/page-0.jsonl", "ledger/run-0.jsonl", "ledger/work-0.jsonl",
           "manifest.json", "memo.html", "pages/1.png", "readings.jsonl"]  # fmt: skip


@pytest.mark.parametrize("name", MEMBERS)
def test_a_byte_that_was_changed_is_found_in_every_file(packed, name):
    data = packed.members[name]
    for changed in (data + b" ", data[:-2] + bytes([data[-2] ^ 1]) + data[-1:], b""):
        with pytest.raises(PackRefused):
            verify_pack(packed.rewritten(packed.members | {name: changed}))


@pytest.mark.parametrize("name", MEMBERS)
def test_a_file_that_was_taken_out_is_missed(packed, name):
    left = {one: data for one, data in packed.members.items() if one != name}
    with pytest.raises(PackRefused, match=r"missing|no manifest"):
        verify_pack(packed.rewritten(left))


@pytest.mark.parametrize(
    "name",
    ["extra.txt", ".hidden", "__MACOSX/x", "pages/", "memo.html", "../../out.txt", "/out.txt", "c:/out", "x.zip"],
)
def test_a_file_that_was_added_is_refused_and_leaves_the_zip_nowhere(packed, name):
    with pytest.raises(PackRefused, match=r"was added|leads out|archive"):
        verify_pack(packed.rewritten(packed.members, more=[(name, b"x")]))
    assert not (packed.path.parent.parent / "out.txt").exists()


def changed_figure(data):
    figures = json.loads(data)
    figures["board"]["rows"][0]["cer"]["substitutions"] += 1
    return json.dumps(figures).encode()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("memo.html", lambda data: data.replace(b"0.0 %", b"0.1 %", 1)),
        ("figures.json", changed_figure),
        ("readings.jsonl", lambda data: data.replace(b'"character_errors": 0', b'"character_errors": 1', 1)),
        ("ledger/work-0.jsonl", lambda data: data.replace(b"second page", b"2nd page", 1)),
        ("ledger/page-0.jsonl", lambda data: data.replace(b"third page", b"the page", 1)),
        ("ledger/run-0.jsonl", lambda data: data.replace(b'"ignore_case', b'"ignore_cas', 1) + data),
        ("pages/1.png", lambda _: png("another page")),
        ("README.txt", lambda data: data + b"Trust me."),
    ],
)
def test_a_figure_that_was_changed_with_all_hashes_rewritten_does_not_follow(packed, name, change):
    members = packed.members
    changed = change(members[name])
    assert changed != members[name]
    with pytest.raises(PackRefused):
        verify_pack(packed.rewritten(members | {name: changed}, hashes=True))


@pytest.mark.parametrize(("what", "other"), [("pages_a_month", 6000), ("hourly_rate", 20.0)])
def test_other_needs_than_those_that_the_figures_answer_are_found(packed, what, other):
    manifest = json.loads(packed.members["manifest.json"])
    (manifest["needs"] if what in manifest["needs"] else manifest["assumed"])[what] = other
    text = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
    with pytest.raises(PackRefused):
        verify_pack(packed.rewritten(packed.members | {"manifest.json": text}))


def test_hashes_rewritten_over_nothing_changed_are_the_pack_itself(packed):
    """Else the tests above would find whoever rewrites by the form of the manifest alone."""
    assert verify_pack(packed.rewritten(packed.members, hashes=True)).fingerprint == packed.fingerprint


@pytest.mark.parametrize(
    "rows", [b"[]\n", b"{}\n", b"nonsense\n", b"\xff\n", b"[" * 100_000 + b"\n", b'{"a": ' * 50_000, b"\n" * 9]
)
@pytest.mark.parametrize("name", ["ledger/run-0.jsonl", "ledger/work-0.jsonl", "ledger/page-0.jsonl", "figures.json"])
def test_rows_that_no_ledger_wrote_end_in_one_sentence(packed, name, rows):
    with pytest.raises(PackRefused) as refusal:
        verify_pack(packed.rewritten(packed.members | {name: rows}, hashes=True))
    assert str(refusal.value).count("\n") == 0


def test_a_value_that_fits_no_column_ends_in_one_sentence(packed):
    members = packed.members
    for column, value in (
        ("position", 2**80),
        ("position", "x"),
        ("finished_at", 1e308),
        ("outcome", "{}"),
        ("repeat", 0),
    ):
        rows = [json.loads(line) for line in members["ledger/work-0.jsonl"].splitlines()]
        rows[0][column] = value
        rows[1] |= {"repeat": rows[0]["repeat"], "position": rows[0]["position"], "engine": rows[0]["engine"]}
        data = "".join(json.dumps(row) + "\n" for row in rows).encode()
        with pytest.raises(PackRefused):
            verify_pack(packed.rewritten(members | {"ledger/work-0.jsonl": data}, hashes=True))


def test_a_bomb_is_refused_before_it_unfolds(packed):
    path = packed.rewritten(packed.members, more=[("pages/9.png", b"\0" * 120_000_000)])
    with pytest.raises(PackRefused, match="unfolds"):
        verify_pack(path)


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06", b"no zip" * 100])
def test_what_is_no_zip_is_said_to_be_none(tmp_path, data):
    path = tmp_path / "pack.zip"
    path.write_bytes(data)
    with pytest.raises(PackRefused, match="not a whole zip"):
        verify_pack(path)


def test_the_command_line_makes_one_and_says_whether_it_holds(packed, tmp_path, capsys):
    archive, ledger = tmp_path / "e.zip", f"sqlite:///{packed.path.parent}/ledger.db"
    assert main(["report", "--ledger", ledger, "--region", "EU", "--evidence", str(archive)]) == 0
    fingerprint = capsys.readouterr().err.split()[-1]
    assert main(["verify", str(archive), "--fingerprint", fingerprint]) == 0
    assert "5 readings of 3 pages" in capsys.readouterr().out
    assert main(["verify", str(archive), "--fingerprint", packed.fingerprint]) == 1
    assert capsys.readouterr().err == "e.zip is another pack than the one with that fingerprint.\n"
    with pytest.raises(SystemExit):
        main(["report", "--ledger", ledger, "--region", "neutral"])
    assert "is no place that vendors name. Choose from: EU" in capsys.readouterr().err
