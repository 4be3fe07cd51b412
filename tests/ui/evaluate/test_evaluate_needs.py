"""What the answers of a buyer ask for."""

import pytest

from ui.evaluate.layout import BOXES, HARMS, NoAmount, needs_of


def answers(**changed):
    choices = {"harm": next(iter(HARMS)), "boxes": next(iter(BOXES))}
    return {"pages": None, "usd": "", "local": False, "region": "", "seconds": "", **choices, **changed}


@pytest.mark.parametrize("region", [None, "", " "])  # a None was seen in the log of the app
def test_an_empty_field_asks_for_nothing(region):
    needs = needs_of(**answers(region=region, local=True))
    assert (needs.region, needs.must_stay_local, needs.usd_a_month, needs.most_seconds) == ("", True, None, None)
    assert needs.pages_a_month == 1000


def test_an_amount_that_is_none_is_refused():
    with pytest.raises(NoAmount, match="Seconds a page"):
        needs_of(**answers(seconds="soon"))
