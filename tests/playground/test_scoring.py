"""Runs become scores: who is scored, who is best, what an empty reference means."""

from engines.contract import Reading
from metrics.normalising import Rules
from playground.engine_runs import EngineRun, Failure, texts_of
from playground.scoring import score_runs, totals


def run(engine_id: str, outcome: Reading | Failure | str) -> EngineRun:
    return EngineRun(engine_id, Reading(outcome) if isinstance(outcome, str) else outcome, seconds=1.0)


def test_counts_rates_and_spans_are_those_of_the_reading() -> None:
    scores = score_runs([run("a", "the bat sat")], "the cat sat")
    [score] = scores.engines
    assert (score.cer.errors, score.cer.reference_length) == (1, 11)
    assert (score.wer.errors, score.wer.reference_length) == (1, 3)
    assert "".join(span.reference for span in score.spans) == "the cat sat"
    assert "".join(span.hypothesis for span in score.spans) == "the bat sat"


def test_the_best_is_marked_and_ties_share_it() -> None:
    scores = score_runs([run("a", "the cat sat"), run("b", "the bat sat"), run("c", "The  cat sat")], "the cat sat")
    assert [score.best_cer for score in scores.engines] == [True, False, False]
    tied = score_runs([run("a", "the bat sat"), run("b", "the cat set"), run("c", "bat set")], "the cat sat")
    assert [score.best_cer for score in tied.engines] == [True, True, False]


def test_best_by_characters_and_best_by_words_may_differ() -> None:
    many_small, one_big = "tha cot sut", "the cat xxxxxxx"
    scores = score_runs([run("a", many_small), run("b", one_big)], "the cat sat")
    assert [(score.best_cer, score.best_wer) for score in scores.engines] == [(True, False), (False, True)]


def test_failures_and_refusals_have_no_score_and_are_never_best() -> None:
    runs = [
        run("failed", Failure("timed-out", "No reading within 5 seconds.")),
        run("refused", Reading("the cat sat", refused=True)),
        run("read", "a mess"),
        run("empty", ""),
    ]
    scores = score_runs(runs, "the cat sat")
    assert [score.engine_id for score in scores.engines] == ["read", "empty"]
    assert scores.of("failed") is None
    empty = scores.of("empty")
    assert empty is not None
    assert empty.cer.rate == 1


def test_a_reading_cut_at_the_limit_is_scored_and_flagged() -> None:
    [score] = score_runs([run("a", Reading("the cat", truncated=True))], "the cat sat").engines
    assert score.truncated
    assert score.cer.deletions == 4


def test_an_empty_reference_has_no_rate_but_counts_what_was_invented() -> None:
    scores = score_runs([run("quiet", ""), run("inventive", "hello")], "")
    assert [(score.cer.rate, score.cer.insertions) for score in scores.engines] == [(None, 0), (None, 5)]
    assert not any(score.best_cer or score.best_wer for score in scores.engines)


def test_a_single_transcription_is_not_called_best() -> None:
    [score] = score_runs([run("only", "the cat sat"), run("bad", Failure("bug", "Broke."))], "the cat sat").engines
    assert not score.best_cer


def test_rules_decide_what_counts() -> None:
    [strict] = score_runs([run("a", "THE CAT")], "the cat").engines
    [loose] = score_runs([run("a", "THE CAT")], "the cat", Rules(ignore_case=True)).engines
    assert (strict.cer.errors, loose.cer.errors) == (6, 0)


def test_totals_pool_errors_and_count_what_was_not_scored() -> None:
    first = [run("a", "the bat sat"), run("b", Failure("bug", "Broke."))]
    second = [run("a", Reading("no", truncated=True)), run("b", Reading("I will not", refused=True))]
    unscored = [run("a", "no reference here"), run("b", "nor here")]
    scores = [score_runs(first, "the cat sat"), score_runs(second, "yes")]
    a, b = totals([*first, *second, *unscored], scores)
    assert (a.engine_id, a.cer.errors, a.cer.reference_length, a.wer.reference_length) == ("a", 4, 14, 4)
    assert (a.scored, a.truncated, a.refused, a.failed, a.seconds) == (2, 1, 0, 0, 3.0)
    assert (b.cer.rate, b.scored, b.refused, b.failed) == (None, 0, 1, 1)


def test_a_refusal_in_words_is_no_text() -> None:
    declining = "I'm sorry, but I can't assist with transcribing this image."
    runs = [run("a", "the cat sat"), run("b", declining)]
    scores = score_runs(runs, "the cat sat")
    assert scores.of("b") is None
    assert [total.refused for total in totals(runs, [scores])] == [0, 1]
    assert set(texts_of(runs)) == {"a"}
