"""A text that remembers which stretch of the original each of its characters stands for. Knows nothing of rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self


class Rewrite(NamedTuple):
    """Put `new` in place of text[start:end]."""

    start: int
    end: int
    new: str = ""


@dataclass(frozen=True, slots=True)
class TracedText:
    """`text[i]` stands for original[starts[i]:ends[i]]; both rise with i, so any stretch can be traced back."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, original: str) -> Self:
        """A text that stands for itself."""
        return cls(original, range(len(original)), range(1, len(original) + 1))

    def rewritten(self, rewrites: Iterable[Rewrite]) -> TracedText:
        """Apply non-empty, non-overlapping rewrites in order; what is new stands for the whole stretch it replaced."""
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for start, end, new in rewrites:
            pieces += self.text[done:start], new
            starts += self.starts[done:start]
            ends += self.ends[done:start]
            starts += [self.starts[start]] * len(new)
            ends += [self.ends[end - 1]] * len(new)
            done = end
        if not done:
            return self
        pieces.append(self.text[done:])
        return TracedText("".join(pieces), starts + list(self.starts[done:]), ends + list(self.ends[done:]))

    def respelt(self, spelling: Mapping[str, str]) -> TracedText:
        """Write single characters as `spelling` says: as another, as several, or (empty) not at all."""
        used = {character: spelling[character] for character in spelling.keys() & set(self.text)}
        if not used:
            return self
        text = self.text.translate({ord(character): new for character, new in used.items()})
        if all(len(new) == 1 for new in used.values()):
            return TracedText(text, self.starts, self.ends)
        lengths = [len(used.get(character, " ")) for character in self.text]
        return TracedText(text, _repeated(self.starts, lengths), _repeated(self.ends, lengths))

    def stripped(self) -> TracedText:
        """Without white space at either end."""
        text = self.text.strip()
        if len(text) == len(self.text):
            return self
        first = len(self.text) - len(self.text.lstrip()) if text else 0
        kept = slice(first, first + len(text))
        return TracedText(text, self.starts[kept], self.ends[kept])


def _repeated(offsets: Sequence[int], times: Sequence[int]) -> list[int]:
    return [offset for offset, count in zip(offsets, times, strict=True) for _ in range(count)]
