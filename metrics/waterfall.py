"""What the errors are made of: the rate as counted, then without case, punctuation, spaces and line order in turn."""

from __future__ import annotations

from dataclasses import dataclass, replace

from metrics.error_rate import ErrorRate, cer, character_errors
from metrics.normalising import DEFAULT_RULES, Rules, normalise


@dataclass(frozen=True, slots=True)
class Step:
    """The rate with this and everything named before it forgiven."""

    name: str
    cer: ErrorRate


def waterfall(reference: str, hypothesis: str, rules: Rules = DEFAULT_RULES) -> tuple[Step, ...]:
    """Five steps; what the rules forgive already costs nothing in its step."""
    caseless = replace(rules, ignore_case=True)
    plain = replace(caseless, ignore_punctuation=True)
    spaceless = _without_spaces(reference, hypothesis, plain)
    unordered = _without_spaces(reference, hypothesis, replace(plain, any_line_order=True))
    return (
        Step("as counted", cer(reference, hypothesis, rules)),
        Step("without case", cer(reference, hypothesis, caseless)),
        Step("without punctuation", cer(reference, hypothesis, plain)),
        Step("without spaces", spaceless),
        Step("without line order", min(spaceless, unordered, key=lambda rate: rate.errors)),
    )


def _without_spaces(reference: str, hypothesis: str, rules: Rules) -> ErrorRate:
    """Line breaks stay as long as lines are to be told apart; they are never counted."""
    kept = "\n" if rules.any_line_order else ""
    ref, hyp = normalise(reference, rules), normalise(hypothesis, rules)
    rate = character_errors(ref.without_spaces(kept), hyp.without_spaces(kept), rules)
    return replace(rate, reference_length=sum(not unit.isspace() for unit in ref.units))
