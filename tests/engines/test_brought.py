"""Rows of readings that were made elsewhere: the name is a stranger's, the id leads back to it."""

import pytest

from engines.catalogue import CATALOGUE, LONGEST_NAME, brought_spec, is_brought, spec_by_id, spec_of
from engines.pricing import Unknown, Usd, charge_of


def test_the_id_is_enough_to_find_the_row_again_and_is_nobody_elses():
    row = brought_spec("GPT-5 (their trial page)")
    assert (row.label, row.runs) == ("GPT-5 (their trial page)", "elsewhere")
    assert spec_of(row.id, {}) == row
    assert is_brought(row.id)
    assert not any(is_brought(spec.id) for spec in CATALOGUE)
    assert spec_of("gpt-5", {"gpt-5": spec_by_id("gpt-5")}) == spec_by_id("gpt-5")
    assert spec_of("gone", {}) is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("  two\n lines\t", "two lines"),
        ("ab\u202edc", "ab dc"),  # would turn what follows it round
        ("\x1b[31mred", "[31mred"),
        ("x" * 1000, "x" * LONGEST_NAME),
        ("\u200b \n", "without a name"),
        ("<b>Größe</b>", "<b>Größe</b>"),  # screens escape it
    ],
)
def test_a_name_is_one_short_line_that_turns_nothing_round(name, shown):
    row = brought_spec(name)
    assert row.label == shown
    assert spec_of(row.id, {}) == row


def test_an_unknown_price_is_neither_free_nor_nothing():
    assert charge_of(brought_spec("a"), None) == Unknown()
    assert charge_of(brought_spec("a"), Usd(0.25, measured=True)) == Usd(0.25, measured=True)
