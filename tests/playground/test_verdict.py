"""A few typed lines: recognised as such, found in every reading, scored there; the order of engines changes nothing."""

from playground.verdict import is_partial, sampled

PAGE = "\n".join(["Dear Sir", "the barn burned down on Sunday", "send twelve pounds", "and a good horse", "Yours"] * 3)


def test_a_short_reference_is_taken_for_some_lines():
    assert is_partial("Dear Sir", [PAGE, PAGE])
    assert not is_partial(PAGE, [PAGE])
    assert not is_partial("", [PAGE])
    assert not is_partial("Dear Sir", [])


def test_typed_lines_are_scored_where_they_stand():
    readings = {"bad": PAGE.replace("barn", "bam").replace("twelve", "tvelve"), "good": PAGE}
    scores = sampled("the barn burned down on Sunday\nsend twelve pounds", readings)
    assert [one.engine for one in scores.engines] == ["good", "bad"]
    assert [one.cer.errors for one in scores.engines] == [0, 3]
    assert scores.lines == 2
    assert sampled("the barn burned down on Sunday\nsend twelve pounds", dict(reversed(readings.items()))) == scores


def test_engines_that_are_alike_need_more_lines_than_can_be_said():
    assert sampled("Dear Sir\nYours", {"one": PAGE, "other": PAGE}).more_lines_to_separate is None
