"""What the answers of a buyer ask for."""

import gradio as gr
import pytest

from ui.amounts import NoAmount
from ui.evaluate.layout import BOXES, HARMS, needs_parts


def required(**changed):
    """What is asked for where a buyer left all but this as it stands."""
    with gr.Blocks():
        parts = needs_parts()
    choices = {"harm": next(iter(HARMS)), "boxes": next(iter(BOXES))}
    answers = {"pages": None, "usd": "", "local": False, "region": "", "seconds": "", **choices, **changed}
    return parts.requirements({getattr(parts, name): answer for name, answer in answers.items()})


@pytest.mark.parametrize("region", [None, "", " "])  # a None was seen in the log of the app
def test_an_empty_field_asks_for_nothing(region):
    needs = required(region=region, usd=region, seconds=region, local=True)
    assert (needs.region, needs.must_stay_local, needs.usd_a_month, needs.most_seconds) == ("", True, None, None)
    assert needs.pages_a_month == 1000


def test_an_amount_that_is_none_is_refused():
    with pytest.raises(NoAmount, match="Seconds a page"):
        required(seconds="soon")
