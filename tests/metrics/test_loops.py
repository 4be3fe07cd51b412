"""An engine that is stuck is told from a writer who repeats himself, and an example from the page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.answer import is_loop, loops, said_elsewhere

LETTER = (
    "Dear Mother, I arrived on Monday and found all well at the farm. The corn is up, and the horses are strong again "
    "after the long winter. We shall begin to plough the lower field as soon as the ground is dry, and Henry "
    "thinks that the old fence will stand another year. Give my love to Aunt Jane and the children, "
    "and write to me before harvest."
)
LEDGER = "\n".join(f"Mar {day} To {goods} do. {day % 7}.{day}5" for day in range(1, 29) for goods in ("Flour", "Nails"))
FORM = (
    "This indenture made the day and year first above written between the parties of the first part and the second "
    "witnesseth"
)


@pytest.mark.parametrize(
    "stuck",
    [
        "and found all well.\n" * 60,
        "the " * 300,
        "etc., etc., " * 50,
        "She is a young lady than Sadie. He is her favourite, but " * 20,
        "...." * 200,
        "_ " * 300,
        "".join(f"{number}. and the said land\n" for number in range(1, 60)),
    ],
)
def test_a_loop_is_found_where_it_is(stuck):
    text = f"{LETTER}\n{stuck}"
    assert is_loop(text)
    [(start, end)] = loops(text)
    assert start > len(LETTER) - 400
    assert end > len(text) - 200


def test_a_paragraph_said_again_and_again_is_a_loop():
    assert is_loop(f"{LETTER}\n" * 8)
    assert is_loop("".join(LETTER.replace("corn", grain) for grain in ("corn", "wheat", "hay", "oats", "rye", "peas")))


@pytest.mark.parametrize(
    "text",
    [
        "Name ________ Age ____\nResidence ________\nOccupation ________\n" * 4,
        "",
        "well well well",
        LETTER,
        LEDGER,
        LETTER * 2,
        "[?] the [?] of\n" * 12 + LETTER,
        "Holy, holy, holy, Lord God of Hosts! " * 4,
    ],
)
def test_writers_repeat_themselves(text):
    assert loops(text) == ()


@given(st.text(max_size=900))
def test_stretches_lie_in_the_text_in_order(text):
    ends = [0]
    for start, end in loops(text):
        assert ends[-1] <= start < end <= len(text)
        ends.append(end)


def test_the_same_text_on_two_pages_is_from_elsewhere():
    example = "Students of the project go around the world by air and live with the people they visit, and pay nothing"
    pages = {
        "one": f"{example} for it. {LETTER}",
        "two": f"{LEDGER}\n{example} at all, as it is said.",
        "three": LETTER[:150],
    }
    assert said_elsewhere({"one": pages["one"], "two": pages["two"]}) == frozenset()
    longer = (
        example
        + " but must bring a coat and a pair of good shoes and a letter from the mayor of their own town to the house"
    )
    pages = {"one": f"{longer}. {LETTER}", "two": f"{LEDGER}\n{longer}."}
    assert said_elsewhere(pages) == {"one", "two"}


def test_a_form_that_others_read_too_stands_there():
    pages = {"one": f"{FORM} {FORM.upper()[:60]} {LETTER}", "two": f"{FORM} {FORM.upper()[:60]} {LEDGER}"}
    assert said_elsewhere(pages, {page: [text] for page, text in pages.items()}) == frozenset()
