"""Met, not met, not known: by what a vendor says, never by letters that a text happens to hold."""

from dataclasses import replace
from datetime import date
from typing import get_args

import pytest
from pydantic import TypeAdapter

from engines.catalogue import CATALOGUE, CLOUD, brought_spec, spec_by_id
from engines.contract import CertificateName, DataHandling, Places, Retention, Statement, Territory, Training
from evaluation.findings.data_requirements import TERRITORIES, DataNeeds, asked_of, territory_named

READ = ("https://vendor.example", date(2026, 11, 28))


def answers(says: DataHandling | None, needs: DataNeeds) -> list[str]:
    spec = replace(spec_by_id("gpt-5"), data_handling=says)
    return [asked.answer for asked in asked_of(spec, needs)]


def places(*territories: Territory, all_named: bool = True, words: str = "here") -> DataHandling:
    return DataHandling(processed_in=Places(words, *READ, territories=territories, all_named=all_named))


@pytest.mark.parametrize(
    ("says", "answer"),
    [
        (places("EU", "US"), "met"),
        (places("US", "India", all_named=False), "unknown"),
        (places("US"), "missed"),
        (places("US", words="neutral ground, reused in EUrope-like clouds"), "missed"),
        (DataHandling(), "unknown"),
        (None, "unknown"),
    ],
)
def test_a_place_is_met_missed_or_not_known(says, answer):
    assert answers(says, DataNeeds("EU")) == [answer]


def test_whoever_asks_for_the_eu_keeps_azure_and_learns_on_what_it_hangs():
    [asked] = asked_of(spec_by_id("azure-read"), DataNeeds("EU"))
    assert (asked.answer, asked.only_if) == ("met", "your Azure resource lies there")


@pytest.mark.parametrize(
    ("needs", "says", "answer"),
    [
        (DataNeeds(most_days_kept=30), DataHandling(kept=Retention("a month", *READ, days=30)), "met"),
        (DataNeeds(most_days_kept=29), DataHandling(kept=Retention("a month", *READ, days=30)), "missed"),
        (DataNeeds(most_days_kept=0), DataHandling(kept=Retention("nothing", *READ, days=0)), "met"),
        (DataNeeds(most_days_kept=30), DataHandling(kept=Retention("a limited period", *READ)), "unknown"),
        (DataNeeds(untrained=True), DataHandling(trained_on=Training("no", *READ, used=False)), "met"),
        (DataNeeds(untrained=True), DataHandling(trained_on=Training("yes", *READ, used=True)), "missed"),
        (DataNeeds(untrained=True), DataHandling(), "unknown"),
        (DataNeeds(agreement=True), DataHandling(agreement=Statement("offered", *READ)), "met"),
        (DataNeeds(agreement=True), DataHandling(), "unknown"),
    ],
)
def test_every_other_promise_likewise(needs, says, answer):
    assert answers(says, needs) == [answer]


def test_a_certificate_that_was_not_found_is_a_question():
    needs = DataNeeds(certificates=get_args(CertificateName))
    assert [asked.answer for asked in asked_of(spec_by_id("gpt-5"), needs)] == ["met", "unknown", "met"]


def test_what_sends_nothing_meets_everything_and_what_was_brought_proves_nothing():
    needs = DataNeeds("EU", get_args(CertificateName), True, True, 0)
    assert asked_of(spec_by_id("tesseract"), needs) == ()
    assert {asked.answer for asked in asked_of(brought_spec("Trial"), needs)} == {"unknown"}
    assert len(needs.in_words) == len(asked_of(spec_by_id("gpt-5"), needs)) == 7


@pytest.mark.parametrize(
    ("name", "territory"),
    [("eu", "EU"), (" European  Union ", "EU"), ("U.S.A.", "US"), ("great britain", "UK"), ("canada", "Canada")],
)
def test_people_may_call_a_place_as_they_do(name, territory):
    assert territory_named(name) == territory


@pytest.mark.parametrize("name", ["neutral", "Mars", "", "E", "EU or US"])
def test_what_is_no_place_is_not_guessed_at(name):
    with pytest.raises(ValueError, match="Choose from: EU, US, UK"):
        territory_named(name)


def test_places_can_be_asked_for_that_can_be_said():
    assert set(TERRITORIES) == set(get_args(Territory))


@pytest.mark.parametrize("spec", CLOUD, ids=lambda spec: spec.id)
def test_every_statement_has_its_source_and_date(spec):
    for _, said in spec.data_handling.points if spec.data_handling else ():
        assert said is None or (said.words and "https://" in said.source and said.as_of.year >= 2026)


def test_local_rows_say_nothing_as_nobody_gets_the_page():
    assert {spec.data_handling for spec in CATALOGUE if spec.runs == "local"} == {None}


def test_a_run_that_was_kept_with_one_text_for_all_opens_and_knows_nothing():
    kept = {"retention": "a month", "training_use": "no", "regions": "EU", "source": "x", "as_of": "2026-11-23"}
    assert TypeAdapter(DataHandling).validate_python(kept) == DataHandling()
