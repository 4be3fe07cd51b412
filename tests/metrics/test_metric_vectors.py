"""A hundred cases collected from other projects' tests, each under our rules and, where they differ, under theirs."""

from __future__ import annotations

import pytest

from metrics.error_rate import ErrorRate, cer, pooled, wer
from metrics.normalising import DEFAULT_RULES, Rules

EMPTY_REFERENCE = "an empty reference has no rate here: others print the number of insertions, infinity or an error"
OTHER_CONVENTIONS = {
    "v051": Rules(ignore_punctuation=True),
    "v052": Rules(ignore_punctuation=True),
    "v057": Rules(ignore_punctuation=True),
}
"""Words without punctuation, expressed by our rules."""
NOT_EXPRESSED = {
    **dict.fromkeys(("v011", "v012", "v013", "v016", "v042", "v043", "v056", "v073"), EMPTY_REFERENCE),
    "v070": "lines are pooled one by one, never glued to one text without a space",
}


def rate_of(vector, rules=DEFAULT_RULES) -> ErrorRate:
    measure = wer if vector["metric"] == "wer" else cer
    return pooled(measure(ref, hyp, rules) for ref, hyp in zip(vector["refs"], vector["hyps"], strict=True))


def test_every_vector_holds_under_our_convention(vectors):
    for vector in vectors:
        rate = rate_of(vector)
        if vector["metric"] == "distance":
            assert rate.errors == vector["app_expected"], vector
        else:
            assert (rate.errors, rate.reference_length) == (vector["errors"], vector["n"]), vector
            assert rate.rate == (pytest.approx(vector["app_expected"]) if vector["n"] else None), vector


def test_vectors_of_another_convention_hold_under_the_rules_that_express_it(vectors):
    for vector in vectors:
        if rules := OTHER_CONVENTIONS.get(vector["id"]):
            assert rate_of(vector, rules).rate == pytest.approx(vector["expected"]), vector


def test_vectors_that_no_rule_expresses_are_listed_with_the_reason(vectors):
    foreign = {vector["id"] for vector in vectors if not vector["holds_for_app_default"]}
    assert foreign == OTHER_CONVENTIONS.keys() | NOT_EXPRESSED.keys()
