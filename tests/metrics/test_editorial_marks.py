"""Struck, marginal and doubted words in the many ways they are marked in, and brackets that are the page's own."""

from __future__ import annotations

import pytest

from metrics.error_rate import cer, wer
from metrics.normalising import Rules, normalise


def ready(text, **rules):
    return normalise(text, Rules(**rules)).text


@pytest.mark.parametrize(
    "struck",
    [
        *("[[came]]", "[came]", "~~came~~", "⟦came⟧", "<del>came</del>", "<s>came</s>", "<strike>came</strike>"),
        *(
            "[struck through: came]",
            "[deleted: came]",
            "[crossed out: came]",
            "{strikethrough: came}",
            "[gestrichen: came]",
        ),
        "c\u0336a\u0336m\u0336e\u0336",
    ],
)
def test_struck_words(struck):
    assert ready(f"went {struck} home", ignore_deletion_marks=True) == "went came home"
    assert ready(f"went {struck} home", leave_out_deletions=True) == "went home"


def test_struck_words_over_lines_and_with_doubt_inside():
    assert ready("a [[b\nc [?] d]] e", ignore_deletion_marks=True) == "a b c [?] d e"
    assert ready("a [[b\nc [?] d]] e", leave_out_deletions=True) == "a e"
    assert ready("a [[b?]] c", ignore_doubt_marks=True, ignore_deletion_marks=True) == "a b c"


@pytest.mark.parametrize(
    "mark", ["[deleted text]", "[crossed out text]", "[two words struck through]", "[[shorthand]]"]
)
def test_what_only_says_that_something_was_struck_is_no_word(mark):
    assert ready(f"went {mark} home", ignore_doubt_marks=True) == "went home"


@pytest.mark.parametrize(
    "doubt",
    [
        *(
            "[?]",
            "[ ? ]",
            "[????]",
            "[[?]]",
            "(?)",
            "( ?? )",
            "{?}",
            "[…]",
            "[...]",
            "[---]",
            "[illegible]",
            "(illegible)",
        ),
        *(
            "[Illegible text]",
            "[3 words illegible]",
            "[illegible crossed-out text]",
            "[unreadable surname]",
            "<illegible>",
        ),
        *("[unclear]", "[unleserlich]", "[illisible]", '<gap reason="illegible"/>', "[one or two lines unreadable]"),
    ],
)
def test_what_stands_for_unread_words_goes(doubt):
    assert ready(f"went {doubt} home", ignore_doubt_marks=True) == "went home"


@pytest.mark.parametrize(
    "doubted",
    [
        *(
            "[came?]",
            "[came ?]",
            "[came (?)]",
            "[? came]",
            "[came??]",
            "[unclear: came]",
            "[uncertain: came]",
            "came[?]",
        ),
        *("{illegible: came}", "[possibly: came]", "<unclear>came</unclear>", "came(?)", "[unclear word: came]"),
    ],
)
def test_words_in_doubt_stay(doubted):
    assert ready(f"went {doubted} home", ignore_doubt_marks=True) == "went came home"


@pytest.mark.parametrize(
    "note",
    [
        *("[*see over*]", "[* see over *]", "[* Left margin: see over *]", "[*Marginalia along left edge:* see over]"),
        *("[margin: see over]", "[in left margin: see over]", "{Handwritten note in margin: see over}"),
        *("<margin>see over</margin>", "[Left page] see over", "[Top right corner:] see over", "[* *] see over"),
    ],
)
def test_marks_of_the_margin_go_and_notes_stay(note):
    assert ready(f"home\n{note}", ignore_marginal_marks=True) == "home see over"


def test_a_marginal_note_is_not_struck_out():
    for rules in ({"ignore_deletion_marks": True}, {"leave_out_deletions": True}):
        assert ready("[* 528 *] a [*b*] [Left page]", **rules) == "[* 528 *] a [*b*] [Left page]"


@pytest.mark.parametrize(
    "own",
    [
        "[ ] yes [x] no",
        "[sic]",
        "(but how?)",
        "(& Pole?)",
        "what? [a b c d e f g h?]",
        "[1863]",
        "(see page 2)",
        "[page]",
    ],
)
def test_brackets_of_the_page_stay(own):
    assert ready(own, ignore_doubt_marks=True, ignore_marginal_marks=True) == own


def test_both_sides_follow_the_rule_each_in_its_own_way():
    rules = Rules(ignore_doubt_marks=True, ignore_marginal_marks=True, leave_out_deletions=True)
    reference = "Dear [Smith?] I [[came]] went\n[*see over*]"
    for answer in ("Dear Smith(?) I ~~come~~ went [* Margin: see over *]", "Dear [unclear: Smith] I went\nsee over"):
        assert (cer(reference, answer, rules).errors, wer(reference, answer, rules).errors) == (0, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Name . . . . . Hill", "Name Hill"),
        ("Flour......5", "Flour 5"),
        ("to ____ of ___", "to of"),
        ("Paid _ _ _ 5", "Paid 5"),
        ("a -----b", "a b"),
        ("a……b ····c •••• d", "a b c d"),
        ("wait... no — yes -- so_so", "wait... no - yes -- so_so"),
    ],
)
def test_leaders(text, expected):
    assert ready(text, ignore_leaders=True) == expected
    assert cer(text, expected, Rules(ignore_leaders=True)).errors == 0


def test_symbols():
    assert ready("5 £ + 3 $ = ~8 | © ^ a.b", ignore_symbols=True) == "5 3 8 a.b"


def test_letters_and_digits_only():
    rules = Rules(letters_and_digits_only=True)
    compared = cer("Dear Sir, it's £5 – naïve!", "dearsirits5 nave", rules)
    assert (compared.errors, compared.reference_length) == (0, 15)
    assert wer("Dear Sir", "dear sir", rules).errors == 0
    assert wer("Dear Sir", "dearsir", rules).errors == 2


@pytest.mark.parametrize(
    "written",
    [
        "[possibly Mill]",
        "[prob. Mill]",
        "[Mill, unclear]",
        "[Mill (uncertain)]",
        "[best guess: Mill]",
        "{Mill?}",
        "⟨Mill?⟩",
        "Mill[uncertain]",
        "Mill<?>",
        "[illegible: Mill?]",
    ],
)
def test_words_in_doubt_stay_however_that_is_written(written):
    assert normalise(f"the old {written} by", Rules(ignore_doubt_marks=True)).text == "the old Mill by"


@pytest.mark.parametrize(
    "written", ["[. . .]", "[ill.]", "[not legible]", "[torn]", "[ink blot]", "[text missing]", "[page torn]", "(...)"]
)
def test_what_stands_for_lost_words_goes(written):
    assert normalise(f"the old {written} by", Rules(ignore_doubt_marks=True)).text == "the old by"


@pytest.mark.parametrize("written", ["[house]", "(the uncle)", "is it? by", "[1863]", "[cut stone]", "[the lost son]"])
def test_brackets_that_doubt_nothing_stay(written):
    assert normalise(f"the {written} by", Rules(ignore_doubt_marks=True)).text == f"the {written} by"


@pytest.mark.parametrize(
    ("marked", "rule", "expected"),
    [
        ("went **[illegible]** home", "ignore_doubt_marks", "went home"),
        ("went *[?]* home", "ignore_doubt_marks", "went home"),
        ("went [came [?]] home", "ignore_doubt_marks", "went came home"),
        ("is it [?], or", "ignore_doubt_marks", "is it, or"),
        ("went [xxx] home", "ignore_doubt_marks", "went home"),
        ("went \\[came\\] home", "leave_out_deletions", "went home"),
        ("went **[[came]]** home", "leave_out_deletions", "went home"),
        ("went [strikethrough]came[/strikethrough] home", "leave_out_deletions", "went home"),
        ("went [del]came[/del] home", "ignore_deletion_marks", "went came home"),
        ("went [came (crossed out)] home", "ignore_deletion_marks", "went came home"),
        ("went [struck: came] home", "ignore_deletion_marks", "went came home"),
        ("[Top right:] May 4", "ignore_marginal_marks", "May 4"),
        ("[upper right corner: May 4]", "ignore_marginal_marks", "May 4"),
        ("[written sideways: see over]", "ignore_marginal_marks", "see over"),
        ("[am Rand: see over]", "ignore_marginal_marks", "see over"),
        ('<note place="margin">see over</note>', "ignore_marginal_marks", "see over"),
        ("home [page break] again", "ignore_marginal_marks", "home again"),
    ],
)
def test_marks_go_with_what_sets_them_off(marked, rule, expected):
    assert ready(marked, **{rule: True}) == expected
