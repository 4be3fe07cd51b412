"""Were engines treated alike? Says in sentences where pixels, prompts or limits differed. Knows no engine by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from engines.contract import Sent
from metrics.wording import listed

NOTICEABLE = 1.1
"""Areas within a tenth of each other read alike."""

OUTPUT_LIMITS = frozenset({"max_tokens", "max_output_tokens"})


def unequal_treatment(sent: Mapping[str, Sent]) -> list[str]:
    """One sentence for each way in which engines (by label) did not get the same; an empty list if all did."""
    if len(sent) < 2:
        return []
    return [sentence for rule in (_pixels, _encoding, _prompts, _limits) if (sentence := rule(sent))]


def _pixels(sent: Mapping[str, Sent]) -> str:
    def area(label: str) -> int:
        return sent[label].width * sent[label].height

    least, most = min(sent, key=area), max(sent, key=area)
    if area(most) <= NOTICEABLE * area(least):
        return ""
    return (
        f"{least} saw the page at {_size(sent[least])} pixels, {most} at {_size(sent[most])}: "
        "small writing may be lost to the one and not to the other."
    )


def _encoding(sent: Mapping[str, Sent]) -> str:
    lossy = [label for label, record in sent.items() if "encoding" in dict(record.settings)]
    return f"{listed(lossy)} got the page as JPEG, the others without loss." if lossy else ""


def _prompts(sent: Mapping[str, Sent]) -> str:
    prompts = Counter(record.prompt for record in sent.values() if record.prompt is not None)
    without = [label for label, record in sent.items() if record.prompt is None]
    if not prompts:
        return ""
    usual = prompts.most_common(1)[0][0]
    other = [label for label, record in sent.items() if record.prompt not in {None, usual}]
    parts = []
    if without:
        parts.append(f"{listed(without)} took no prompt")
    if other:
        parts.append(f"{listed(other)} got another prompt than the others")
    return f"{'; '.join(parts)}." if parts else ""


def _limits(sent: Mapping[str, Sent]) -> str:
    limits = {
        label: value for label, record in sent.items() for name, value in record.settings if name in OUTPUT_LIMITS
    }
    if len(set(limits.values())) < 2:
        return ""
    listed = ", ".join(f"{label} {value}" for label, value in limits.items())
    return f"The limits on output tokens, which include any reasoning, differ: {listed}."


def _size(record: Sent) -> str:
    return f"{record.width} × {record.height}"
