"""What the answers of a buyer ask for."""

import gradio as gr
import pytest

from evaluation.findings.data_requirements import DataNeeds
from evaluation.findings.recommending import HARM_NAMES
from evaluation.findings.total_cost import Machine
from ui.evaluate.layout import AGREEMENT, BOXES, HARMS, UNTRAINED, needs_parts
from ui.house import NoAmount


def required(**changed):
    """What is asked for where a buyer left all but this as it stands."""
    with gr.Blocks():
        parts = needs_parts()
    choices = {"harm": next(iter(HARMS)), "boxes": next(iter(BOXES)), "promised": [], "must_be_right": []}
    empty = dict.fromkeys(("territory", "days", "machine", "seconds", "least"), "")
    answers = {"pages": None, "usd": "", "local": False, **empty, **choices, **changed}
    return parts.requirements({getattr(parts, name): answer for name, answer in answers.items()})


@pytest.mark.parametrize("empty", [None, "", " "])  # a None was seen in the log of the app
def test_an_empty_field_asks_for_nothing(empty):
    needs = required(days=empty, usd=empty, seconds=empty, local=True)
    assert (needs.data, needs.must_stay_local, needs.usd_a_month, needs.most_seconds) == (DataNeeds(), True, None, None)
    assert needs.pages_a_month == 1000


def test_what_the_vendor_must_have_is_asked_by_its_name():
    needs = required(territory="EU", promised=["SOC 2", AGREEMENT, UNTRAINED], days="30")
    assert needs.data == DataNeeds("EU", ("SOC 2",), True, True, 30)


def test_a_machine_is_counted_once_its_price_is_given():
    assert required().machine is None
    assert required(machine="0.80").machine == Machine(0.8)


def test_every_error_that_can_hurt_is_offered_as_the_memo_calls_it():
    assert {harm: words.capitalize() for harm, words in HARM_NAMES.items()} == HARMS


def test_an_amount_that_is_none_is_refused():
    with pytest.raises(NoAmount, match="Seconds a page"):
        required(seconds="soon")


def test_what_must_be_right_is_99_percent_unless_said_and_never_more_than_all():
    assert required(must_be_right=["amount", "date"]).least_right == (("amount", 0.99), ("date", 0.99))
    assert required(must_be_right=["name"], least="95").least_right == (("name", 0.95),)
    assert required(must_be_right=["name"], least="950").least_right == (("name", 1.0),)
    assert required(least="95").least_right == ()
