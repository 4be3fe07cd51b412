"""What stands around or between the words of a transcription: Markdown, HTML, and marks about the writing.

Markdown and HTML are the engine's; list dashes, numbers and lone * or # stay, as does <anything> that is no tag of a
page: those are handwriting.

Marks tell what is struck through, in the margin, in doubt, where on the page. By the People writes [[struck]],
[*margin*], [?]; engines say the same in many ways. A mark goes, its words stay; what stands in for words that nobody
read goes whole. Brackets that fit nothing here are the page's own. Knows no rules and no scores.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from metrics.rewriting import Rewrite, TracedText

_MARKS = tuple(
    re.compile(pattern, re.MULTILINE | re.IGNORECASE)
    for pattern in (
        r"^[ \t]*(```[^\n`]*|~~~[^\n~]*)$",
        r"^[ ]{0,3}(\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?)[ \t]*$",
        r"^[ ]{0,3}((?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$",
        r"^[ ]{0,3}((?:>[ \t]?)+)",
        r"^[ ]{0,3}(#{1,6}[ \t]+)(?=\S)",
        r"(!\[[^\[\]\n]*\]\([^()\n]*\))",
        r"(\[)[^\[\]\n]+(\]\([^()\s]*\))",
        r"(\*\*)(?=[^\s*]|\*[^\s*])(?:[^*\n]|\*(?!\*)|\n(?!\s*\n))+(?<=\S)(\*\*)",
        r"(?<!\w)(__)(?=\S)(?:[^_\n]|_(?!_))+(?<=\S)(__)(?!\w)",
        r"(~~)(?=\S)[^~\n]+(?<=\S)(~~)",
        r"(?<![\w*\\\[])(\*)(?=[^\s*\]])[^*\n]+(?<=[^\s*\\\[])(\*)(?![\w*])",
        r"(?<![\w_\\])(_)(?=[^\s_])[^_\n]+(?<=[^\s_\\])(_)(?![\w_])",
        r"(?<!`)(`)[^`\n]+(`)(?!`)",
        r"(\\)(?=[\\`*_{}\[\]()#+.!|>~$&-])",
    )
)
"""What the groups capture is the mark. Each pattern sees the text the ones before it left, so nesting comes undone.

No repeat may run past the character it starts with: a text of 50,000 opening marks must not take the square of that.
"""

_ANY_MARK = re.compile(r"[#*_~`<>|\[\\&]|-{3}")
_TAG = re.compile(
    r"<!--(?:[^<]|<(?!!--))*?-->|<(style|script)\b[^<>]*>[^<]*</\1>|<!doctype\b[^<>]*>|</?([a-z][a-z0-9]{0,9})(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_TAG_NAMES = (
    ("", "b i u s em strong sup sub small big mark del ins strike span a font code tt cite abbr q img input wbr"),
    (" ", "td th option label"),
    ("\n", "br hr p div h1 h2 h3 h4 h5 h6 li ul ol dl dt dd tr table thead tbody tfoot caption section"),
    ("\n", "article header footer main aside nav blockquote pre center figure figcaption"),
    ("\n", "colgroup col address form html head body title"),
)
_TAGS = {name: instead for instead, names in _TAG_NAMES for name in names.split()}
"""What stands in the place of a tag: words in neighbouring cells, items and paragraphs are not one word."""
_TABLE_ROW = re.compile(r"^[ \t]*\|.*\|[ \t]*$", re.MULTILINE)
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)


def without_markdown(traced: TracedText) -> tuple[TracedText, int]:
    """The text without its Markdown marks, and how many marks went."""
    if not _ANY_MARK.search(traced.text):
        return traced, 0
    count = 0
    for pattern in _MARKS:
        marks = [
            Rewrite(*match.span(group))
            for match in pattern.finditer(traced.text)
            for group in range(1, len(match.groups()) + 1)
        ]
        traced = traced.rewritten(marks)
        count += len(marks)
    tags = [Rewrite(*tag.span(), new) for tag in _TAG.finditer(traced.text) if (new := _instead(tag)) is not None]
    traced = traced.rewritten(tags)
    others = sorted([*_borders(traced.text), *_entities(traced.text)])
    return traced.rewritten(others), count + len(tags) + len(others)


def _instead(tag: re.Match[str]) -> str | None:
    """What stands in a tag's place; None where it is no tag at all."""
    return _TAGS.get(tag[2].lower()) if tag[2] else ""


def _borders(text: str) -> Iterator[Rewrite]:
    """Borders between the cells of a table leave a space."""
    for row in _TABLE_ROW.finditer(text):
        for border in _CELL_BORDER.finditer(row.group()):
            yield Rewrite(row.start() + border.start(), row.start() + border.end(), " ")


def _entities(text: str) -> Iterator[Rewrite]:
    """Names and numbers of characters, and the characters."""
    for entity in _ENTITY.finditer(text):
        character = html.unescape(entity.group())
        if character != entity.group():
            yield Rewrite(*entity.span(), character)


_UNREAD = re.compile(
    r"illegible|unreadable|unclear|ind?ecipherable|undecipherable|unintelligible|illisible|unleserlich|onleesbaar|ilegible"
    r"|ilegível|illeggibile|shorthand"
)
_UNSEEN = re.compile(r"deleted|crossed|struck|strikethrough|stricken|cancell?ed|scratched|erased|obliterated")
_LOST = re.compile(
    r"gap|lost|lacuna|torn|missing|faded|blot(?:ted)?|blurred|smudged?|damaged?|hole|stain(?:ed)?|worn|cut"
)
_APPARATUS = re.compile(
    r"text|words?|letters?|name|surname|lines?|several|some|few|one|two|three|four|five|an?|the|of|or|more|partly|partially"
    r"|mostly|heavily|completely|out|through|by|over|deletion|handwriting|signature|date|number|marks?|sections?|portions?"
    r"|passage|wort|mot|palabra|due|to|here|is|are|but|and|in|ink|page|edge|corner|off|\d+"
)
_UNCERTAIN = (
    r"(?:reading )?(?:unclear|illegible|uncertain|unsure|doubtful|possibly|probably|perhaps|maybe|conjecture"
    r"|conjectural|(?:best )?guess)(?: (?:word|words|text|name|reading))?"
)
_DOUBTED_BEFORE = re.compile(
    r"(\[\s*(?:possibly|probably|prob\.|poss\.|perhaps|maybe|likely) )([^\[\](){}\n:]{1,60})(\s*(?:\?\s*)?\])",
    re.IGNORECASE,
)
_DOUBTED_AFTER = re.compile(
    r"(\[\s*)([^\s\[\](){}:][^\[\](){}\n:]{0,59}?)"
    r"(\s*(?:[,;—–-]\s*)?\(?(?:uncertain|unclear|unsure|doubtful|illegible|conjectural)(?: reading)?\)?\s*\])",
    re.IGNORECASE,
)
_DOUBTED_WITHIN = re.compile(r"(\[\s*)([^\s\[\]?(){}*][^\[\]?(){}*\n]{0,59}?)(\s*\[\?{1,5}\]\s*\])")
_DOUBTED_IN_WORDS = (_DOUBTED_BEFORE, _DOUBTED_AFTER, _DOUBTED_WITHIN)
_STRUCK = (
    r"(?:struck(?:[ -]?(?:through|out))?|strike[ -]?through|stricken|crossed[ -]?out|deleted|deletion|del|cancell?ed"
    r"|scratched[ -]?out|erased|durchgestrichen|gestrichen|biffé|rayé|barré|tachado|riscado|cancellato|doorgehaald)"
    r"(?: (?:word|words|text|line))?"
)
_MARGIN = (
    r"(?:(?:[\w',-]+ ){0,6}(?:margin|marginalia|marginal notes?|marge|rand|randnotiz|randbemerkung|margen|margem"
    r"|margine)(?: [\w',-]+){0,6}|written (?:sideways|vertically|upside down|across)(?: [\w',-]+){0,6}"
    r"|(?:(?:top|bottom|upper|lower|left|right)[ -]){1,2}(?:(?:hand )?(?:corner|side|edge))(?: of (?:the )?page)?)"
)
_PLACE = re.compile(
    r"left|right|hand|top|bottom|cent(?:er|re)|middle|upper|lower|sides?|pages?|columns?|margins?|corner|block|box|area|header"
    r"|footer|heading|letterhead|recto|verso|half|leaf|sheet|handwriting|handwritten|printed|text|label|advertisement"
    r"|marginalia|vertical(?:ly)?|part(?:ly|ially)|(?:il)?legible|first|second|third|in|on|of|at|the|and|back|front|reverse"
    r"|written|continued|break|letter|cover|envelope|card|along|edge|running|sideways|across|begins|typed|\d{1,3}"
)
_PLACE_NOUN = re.compile(
    r"pages?|columns?|margins?|sides?|corner|box|edge|card|letterhead|recto|verso|leaf|sheet|handwriting|handwritten|printed|typed|begins"
)

_PLACE_ALONE = re.compile(r"letterhead|recto|verso|marginalia|header|footer")
_BODY = r"(?:[^\[\]]|\[[^\[\]\n]{0,80}\]){1,600}?"
_DOUBLE = re.compile(rf"(\[\[)({_BODY})(\]\](?!\]))")
_IN_MARGIN = re.compile(
    rf"(\[[ ]?\*{{1,2}}(?![*\]])(?:\s*{_MARGIN}\s*:\*?)?)({_BODY})(\*{{1,2}}\])"
    rf"|([\[{{(]\s*\*?{_MARGIN}\s*:\*?)([^\[\]{{}}]{{1,600}})([\]}})])"
    r"|(<(?:margin|marginalia|note(?=[^<>]*margin)[^<>]{1,60})>)([^<>]{1,600})(</(?:margin|marginalia|note)>)",
    re.IGNORECASE,
)
_EMPTY_MARGIN = re.compile(r"\[\*\s*\*?\]")
_BRACKETED = re.compile(r"[\[({<]{1,2}([^\[\](){}<>]{1,120})[\])}>]{1,2}")
_NOTHING = r"\[\s*(?:\?|…|\.\.|--|__|–|—)[?….\s_–—-]*\]"
_STANDS_FOR_NOTHING = re.compile(
    rf"\[{_NOTHING}\]|{_NOTHING}|\[\s*x{{3,}}\s*\]|\[\s*(?:\. ?){{2,}}\]"
    r"|\(\s*(?:\.{3}|…)\s*\)|<\?>|\[\s*ill(?:eg)?\.?\s*\]"
    r"|\[\s*(?:(?:not|un|hardly) ?(?:legible|readable)|can ?not (?:be )?read|uncertain|doubtful|unsure|sic ?\?)\s*\]|"
    r"[({]\s*\?{1,5}\s*[)}]|<(?:gap|illegible|unclear)\b[^<>\n]{0,80}/>",
    re.IGNORECASE,
)
_DOUBTED = re.compile(
    rf"([\[({{]\s*{_UNCERTAIN}\s*:\s*)([^\s\[\](){{}}][^\[\](){{}}\n]{{0,79}}?)(\s*(?:\?+\s*)?[\])}}])"
    r"|([\[{⟨]\s*)(\?\s*)?([^\s\[\]?(){}*⟨⟩]+(?: [^\s\[\]?(){}*⟨⟩]+){0,4}? ?)(\s*\(?\?{1,5}\)?\s*[\]}⟩])"
    r"|(\[\s*\?\s*)([^\s\[\]?(){}*]+(?: [^\s\[\]?(){}*]+){0,4} ?)(\])"
    r"|(<unclear\b[^<>\n]{0,80}(?<!/)>)([^<>\n]{1,80})(</unclear>)",
    re.IGNORECASE,
)
_SAID_STRUCK = re.compile(
    rf"([\[({{]\s*{_STRUCK}\s*:\s*)([^\[\](){{}}]{{1,300}})(\s*[\])}}])"
    rf"|(\[\s*)([^\[\](){{}}\n]{{1,300}}?)(\s*[,;—–-]?\s*\(?\b{_STRUCK}\)?\s*\])"
    rf"|(\[(?:{_STRUCK}|s)\])([^\[\]]{{1,300}})(\[/(?:{_STRUCK}|s)\])",
    re.IGNORECASE,
)
_STRIKING = re.compile(
    r"(⟦)([^⟦⟧]{1,300})(⟧)|(~~)(?=\S)([^~\n]{1,300})(?<=\S)(~~)"
    r"|(<(?:del|s|strike)>)([^<>]{1,300})(</(?:del|s|strike)>)|(\[)(?!\s*sic\s*\])([^\[\]\n]{1,300})(\])",
    re.IGNORECASE,
)
_OVERLAID = re.compile(r"(?:\S[\u0335\u0336]|(?<=[\u0335\u0336]) (?=\S[\u0335\u0336]))+")
_OVERLAY = re.compile(r"[\u0335\u0336]")


def deletion_marks(text: str) -> Iterator[Rewrite]:
    """The marks around struck-through words, to be left out: the words stay."""
    return _in_order(
        text,
        [mark for marks in _struck(text) for mark in marks]
        + [Rewrite(*mark.span()) for mark in _OVERLAY.finditer(text)]
        + [Rewrite(*span) for span in _bracketed(text, _UNSEEN)],
    )


def deletions(text: str) -> Iterator[Rewrite]:
    """Struck-through words with their marks, to be left out."""
    return _in_order(
        text,
        [Rewrite(opening.start, closing.end) for opening, closing in _struck(text)]
        + [Rewrite(*run.span()) for run in _OVERLAID.finditer(text)]
        + [Rewrite(*span) for span in _bracketed(text, _UNSEEN)],
    )


def marginal_marks(text: str) -> Iterator[Rewrite]:
    """The marks around notes in the margin, and labels that say where on the page the text stands: the notes stay."""
    return _in_order(
        text,
        [mark for match in _IN_MARGIN.finditer(text) for mark in _around(match)]
        + [Rewrite(*mark.span()) for mark in _EMPTY_MARGIN.finditer(text)]
        + [Rewrite(*span) for span in place_labels(text)],
    )


def marginal_notes(text: str) -> Iterator[tuple[int, int]]:
    """Where notes in the margin stand, marks and all."""
    return (match.span() for match in _IN_MARGIN.finditer(text))


def doubt_marks(text: str) -> Iterator[Rewrite]:
    """The marks around words in doubt, and what stands in for words that could not be read: the words stay."""
    marked = [mark for match in _DOUBTED.finditer(text) if not _names_a_gap(match.group()) for mark in _around(match)]
    for pattern in _DOUBTED_IN_WORDS:
        marked += [mark for match in pattern.finditer(text) if not _is_apparatus(match[2]) for mark in _around(match)]
    return _in_order(text, marked + [Rewrite(*span) for span in unread(text)])


def unread(text: str) -> Iterator[tuple[int, int]]:
    """Where marks stand in for words that could not be read, in order: [?], (illegible), [two words crossed out]."""
    nothing = [mark.span() for mark in _STANDS_FOR_NOTHING.finditer(text)]
    return iter(sorted({*nothing, *(span for key in (_UNREAD, _UNSEEN, _LOST) for span in _bracketed(text, key))}))


def place_labels(text: str) -> Iterator[tuple[int, int]]:
    """Where brackets only say where on the page the text stands, in order: [Left page], [Top right corner:]."""
    for match in _BRACKETED.finditer(text):
        words = _words(match[1])
        placed = all(map(_PLACE.fullmatch, words)) and any(map(_PLACE_NOUN.fullmatch, words))
        placed = (placed and len(words) > 1) or bool(_PLACE_ALONE.fullmatch(" ".join(words)))
        placed = placed or (match[1].endswith(":") and len(words) > 0 and all(map(_PLACE.fullmatch, words)))
        if placed and match[0].startswith("["):
            yield match.start(), match.end() + text.startswith(":", match.end())


def _struck(text: str) -> Iterator[tuple[Rewrite, Rewrite]]:
    """The opening and the closing mark around every run of struck-through words."""
    other = [*unread(text), *place_labels(text)]
    other += [
        match.span() for pattern in (_IN_MARGIN, _DOUBTED, *_DOUBTED_IN_WORDS) for match in pattern.finditer(text)
    ]
    taken = bytearray(len(text))
    for start, end in other:
        taken[start:end] = b"x" * (end - start)
    for pattern in (_DOUBLE, _SAID_STRUCK, _STRIKING):
        for match in pattern.finditer(text):
            start, end = match.span()
            if not (taken[start] and taken[end - 1]):
                taken[start:end] = b"x" * (end - start)
                opening, closing = _around(match)
                yield opening, closing


def _bracketed(text: str, key: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Brackets that say only that something was there."""
    for match in _BRACKETED.finditer(text):
        square = key is _UNREAD or not match[0].startswith("(")
        tag = match[0].startswith("[/") or text.find("[/", match.end(), match.end() + _TAGGED) >= 0
        if square and not tag and _is_apparatus(match[1]) and any(map(key.fullmatch, _words(match[1]))):
            yield match.span()


_TAGGED = 310
"""Characters in which [struck]words[/struck] end."""


def _is_apparatus(text: str) -> bool:
    known = (_APPARATUS, _UNREAD, _UNSEEN, _LOST)
    return ":" not in text and all(any(part.fullmatch(word) for part in known) for word in _words(text))


def _names_a_gap(text: str) -> bool:
    return ":" not in text and any(_UNREAD.fullmatch(word) or _UNSEEN.fullmatch(word) for word in _words(text))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _around(match: re.Match[str]) -> list[Rewrite]:
    """What a match holds before and after its longest group, the words."""
    spans = [match.span(group) for group in range(1, len(match.groups()) + 1) if match.group(group) is not None]
    return [Rewrite(match.start(), spans[-2][0]), Rewrite(spans[-2][1], match.end())]


def _in_order(text: str, rewrites: list[Rewrite]) -> Iterator[Rewrite]:
    """From left to right without overlaps: what starts first goes first, and the longer of two."""
    done = 0
    for rewrite in sorted((_as_set(text, one) for one in rewrites), key=lambda one: (one.start, -one.end)):
        if rewrite.start >= done and rewrite.end > rewrite.start:
            yield rewrite
            done = rewrite.end


def _as_set(text: str, mark: Rewrite) -> Rewrite:
    """A mark with what sets it: the stars of Markdown around it, its backslash, the space between it and a comma."""
    start, end = mark.start, mark.end
    if text.startswith(("[", "]"), start) and text.endswith("\\", 0, start):
        start -= 1
    for stars in ("***", "**", "*", "_"):
        if text.endswith(stars, 0, start) and text.startswith(stars, end):
            start, end = start - len(stars), end + len(stars)
            break
    if text.endswith(" ", 0, start) and text.startswith((",", ".", ";", ":"), end):
        start -= 1
    return Rewrite(start, end, mark.new)
