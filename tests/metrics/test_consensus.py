"""Several readings together: who is followed, what is voted, and that nothing is invented."""

import random
from itertools import chain, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.consensus import as_read, choices, consensus, consensus_of_set, vote_by_letter
from metrics.error_rate import cer
from metrics.normalising import DEFAULT_RULES, normalise
from metrics.reading_slots import align_readings, trust_of_set

PAGE = (
    "Washington D.C.\nJuly 15, 1883\n\nDear Grandpa,\nWe received your affectionate letter on the 12th\nand were very "
    "glad to hear from you.\nThe thermometer stands about 84, and Charlie has\nnot left yet for the Eastern Shore."
)
REFUSAL = "I'm sorry, but the handwriting in this picture is too faint for me to transcribe it."
FAMILIES = {"a": "maker a", "b": "maker b", "c": "maker c"}


def misread(text, share, seed):
    """The text with that share of its letters changed."""
    rng = random.Random(seed)
    return "".join(rng.choice("aeinort") if c.isalpha() and rng.random() < share else c for c in text)


def test_what_most_say_is_said_and_each_word_knows_who_says_it_and_where():
    readings = {"a": "Dear Grandpa,\nwe came", "b": "Dear Grandma,\nwe came", "c": "Dear Grandpa, we came"}

    together = consensus(readings, FAMILIES)

    assert together.text == "Dear Grandpa,\nwe came"
    assert [together.text[word.start : word.end] for word in together.words] == ["Dear", "Grandpa,", "we", "came"]
    word = together.words[1]
    assert (word.readers, word.families) == (("a", "c"), ("maker a", "maker c"))
    assert 0.5 < word.sure < together.words[0].sure == 1
    assert [readings[p.reader][p.start : p.end] for p in word.places] == ["Grandpa,", "Grandma,", "Grandpa,"]


def test_each_readers_own_words_know_who_else_says_them():
    readings = {"a": "Dear Grandpa,\nwe __came", "b": "Dear Grandma,\nwe came", "c": "Dear Grandpa, we came"}
    own = as_read(readings, FAMILIES)["b"]
    assert (own.text, own.follows) == (readings["b"], "b")
    assert [own.text[word.start : word.end] for word in own.words] == own.text.split()
    assert [word.readers for word in own.words][:3] == [("a", "b", "c"), ("b",), ("a", "b", "c")]
    assert own.words[1].sure < own.words[0].sure == 1
    assert [readings[p.reader][p.start : p.end] for p in own.words[1].places] == ["Grandpa,", "Grandma,", "Grandpa,"]


def test_a_lone_readers_words_have_it_alone():
    [alone] = as_read({"a": PAGE, "silent": " "}, FAMILIES).values()
    assert [word.text for word in alone.words] == PAGE.split()
    assert {(word.readers, word.sure) for word in alone.words} == {(("a",), 1.0)}


def test_words_that_nearly_agree_are_voted_by_letter_and_marked():
    readings = {"a": "the thexmometer stands", "b": "the thermoneter stands", "c": "the thermometar stands"}
    together = consensus(readings, FAMILIES)
    assert together.text == "the thermometer stands"
    assert [word.by_letter for word in together.words] == [False, True, False]
    assert together.words[1].readers == ()
    assert vote_by_letter(["cart", "cat", "carts"], [1, 1, 1], "cat") == "cart"


def test_an_invented_line_goes_and_a_line_that_one_left_out_stays():
    first, *middle, last = PAGE.splitlines()
    readings = {
        "a": "\n".join([first, *middle, last]),
        "b": "\n".join([first, *middle, last, "Yours affectionately, your loving grandson"]),
        "c": "\n".join([first, *middle]),
    }
    assert consensus(readings, FAMILIES).text == PAGE


def test_refusals_and_loops_do_not_vote_and_a_missing_reading_is_no_empty_one():
    loop = "the same line again " * 400
    readings = {"a": misread(PAGE, 0.02, 1), "b": misread(PAGE, 0.02, 2), "c": misread(PAGE, 0.02, 3)}
    alone = consensus(readings, FAMILIES)
    assert consensus({**readings, "loop": loop, "empty": " "}, FAMILIES) == alone
    assert consensus({**readings, "refusal": REFUSAL}, FAMILIES).text == alone.text
    given, taken = consensus_of_set([readings, {"a": readings["a"], "b": readings["b"]}], FAMILIES)
    assert {place.reader for word in taken.words for place in word.places} == {"a", "b"}
    assert given is not None


@pytest.mark.parametrize(
    "readings",
    [{}, {"a": PAGE}, {"a": PAGE, "b": ""}, {"a": PAGE, "a2": PAGE}, {"a": PAGE, "b": "la la la la " * 300}],
    ids=["none", "one", "one and an empty text", "one family", "one and a loop"],
)
def test_less_than_two_families_with_a_vote_have_no_consensus(readings):
    assert consensus(readings, {**FAMILIES, "a2": "maker a"}) is None


def test_one_page_on_which_nobody_bears_another_out_has_no_consensus():
    readings = {name: misread(PAGE, 0.9, name) for name in "abc"}
    assert consensus(readings, FAMILIES) is None


def test_a_reader_without_family_is_one_of_its_own():
    assert consensus({"x": PAGE, "y": PAGE}, {}).text == PAGE


def test_twins_have_one_vote_together():
    right, wrong = PAGE, PAGE.replace("Grandpa", "Grampus").replace("July", "June")
    readings = {"b": right, "c": right, "a": wrong, "a2": wrong, "a3": wrong}
    families = {**FAMILIES, "a2": "maker a", "a3": "maker a"}
    assert consensus(readings, families).text == right
    assert consensus(readings, {}).text == wrong


def test_one_that_outclasses_the_others_is_followed():
    pages = [f"{PAGE}\nPage {number}, the {number * 7} of May" for number in range(8)]
    weak = [{name: misread(page, 0.3, f"{at}{name}") for name in "abc"} for at, page in enumerate(pages)]
    strong = [
        {**read, "best": misread(page, 0.02, at)} for at, (read, page) in enumerate(zip(weak, pages, strict=True))
    ]
    found = consensus_of_set(strong, FAMILIES)
    errors = sum(cer(page, together.text).errors for page, together in zip(pages, found, strict=True))
    assert errors <= 1.05 * sum(cer(page, read["best"]).errors for page, read in zip(pages, strong, strict=True))


def test_like_readers_together_make_fewer_errors_than_the_best_of_them():
    pages = [f"{PAGE}\nPage {number}, the {number * 7} of May" for number in range(8)]
    read = [{name: misread(page, 0.06, f"{at}{name}") for name in "abc"} for at, page in enumerate(pages)]
    together = consensus_of_set(read, FAMILIES)
    errors = sum(cer(page, one.text).errors for page, one in zip(pages, together, strict=True))
    assert errors < 0.5 * min(sum(cer(p, r[name]).errors for p, r in zip(pages, read, strict=True)) for name in "abc")


def test_a_long_page_on_which_all_fail_alike_does_not_say_who_is_best():
    ordinary = [
        {name: misread(PAGE, share, name + str(at)) for name, share in zip("abc", (0.01, 0.06, 0.08), strict=True)}
        for at in range(6)
    ]
    lost = misread(PAGE * 20, 0.5, "lost")
    hard = {"a": misread(PAGE * 20, 0.6, "a"), "b": misread(lost, 0.1, "b"), "c": misread(lost, 0.12, "c")}
    assert [trust.best for trust in trust_of_set([*ordinary, hard], FAMILIES)][:-1] == ["a"] * 6


def test_who_declines_has_no_vote():
    [trust] = trust_of_set([{"a": PAGE, "b": misread(PAGE, 0.05, 1), "refusal": REFUSAL}], FAMILIES)
    assert set(trust.weights) == {"a", "b"}


def test_where_no_strangers_agree_the_most_trusted_is_followed_word_for_word():
    easy = [
        {name: misread(PAGE, share, name + str(at)) for name, share in zip("abc", (0.01, 0.05, 0.06), strict=True)}
        for at in range(3)
    ]
    hard = {name: misread(PAGE, 0.9, name) for name in "abc"}
    assert consensus_of_set([*easy, hard], FAMILIES)[-1].text == hard["a"]


def test_the_order_of_the_readers_changes_nothing():
    readings = {name: misread(PAGE, 0.15, name) for name in ("a", "b", "c", "a2")}
    families = {**FAMILIES, "a2": "maker a"}
    assert len({consensus({name: readings[name] for name in order}, families) for order in permutations(readings)}) == 1


def test_disputes_get_a_suggestion_for_every_slot():
    readings = {"a": "Dear Sin,", "b": "Dear Sir,", "c": "Dear Sir,", "empty": ""}
    [trust] = trust_of_set([readings], FAMILIES)
    assert [choice.text for choice in choices(align_readings(readings), trust)] == ["Dear", "Sir,"]


WORDS = st.sampled_from(
    ["Dear", "Sir,", "Sir", "we", "were", "where", "12th", "1883", "é", "don't", "don’t", "—", "**bold**", "[?]"]
)
TEXTS = st.lists(st.tuples(WORDS, st.sampled_from([" ", "\n", "\n\n", "  "])), max_size=25).map(
    lambda pairs: "".join(chain.from_iterable(pairs))
)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.dictionaries(st.sampled_from("abcd"), TEXTS), min_size=1, max_size=3))
def test_nothing_is_invented(pages):
    for readings, together in zip(pages, consensus_of_set(pages, {"d": "a"}), strict=True):
        if together is None:
            continue
        said = [normalise(text, DEFAULT_RULES).text for text in readings.values()]
        assert [word.text for word in together.words] == together.text.split()
        for word in together.words:
            assert together.text[word.start : word.end] == word.text
            assert 0 <= word.sure <= 1
            here = [readings[place.reader][place.start : place.end] for place in word.places]
            if word.by_letter:
                assert set(word.text) <= set("".join(here))
            else:
                assert any(normalise(word.text, DEFAULT_RULES).text in text for text in said)
