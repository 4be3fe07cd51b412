"""How engines talk of a page instead of reading it: to announce, to remark, to title. Weighs words, not places.

People wrote of handwriting, letters and pages too. But who announces or remarks on a reading speaks of nothing else: every
word that is not of the task speaks against, and so does whatever is somebody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from metrics.talk_words import WORDS, Group

_LONGEST = 2500
"""Nobody remarks more in one paragraph, and looking costs."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What a stretch of an answer speaks of."""

    said: dict[Group, int]
    """How many different words of each group it has."""
    foreign: int
    """How many words it has that are of none."""
    quotes: int
    """How many times it quotes; what is quoted is not counted, for it is what is talked of."""
    opening: Group | None
    """The group of its first word."""

    @property
    def of_reading(self) -> float:
        """How much of it is of the task: what only engines say, what writers say too, and what the page is called."""
        return 3.0 * min(self.said["task"], 2) + min(self.said["craft"], 8) + self.of_the_page

    @property
    def of_the_page(self) -> float:
        """How much is of the page, as an engine calls it."""
        return min(self.said["page"], 1) + min(self.said["kind"], 1) / 2


def talk_of(text: str) -> Talk:
    """Every word by its group; phrases go before words, whole words before beginnings."""
    unquoted, quotes = _QUOTED.subn(" ", plain(_MARK.sub(" ", text[:_LONGEST])))
    seen: dict[Group, set[str]] = {group: set() for group in WORDS}
    foreign, opening = 0, None
    for word, group in _grouped([word for word in _WORD.findall(unquoted) if not _NUMBER.fullmatch(word)]):
        if group is None:
            foreign += 1
        else:
            seen[group].add(word)
            opening = opening or group
    return Talk({group: len(words) for group, words in seen.items()}, foreign, quotes, opening)


def _grouped(words: list[str]) -> Iterator[tuple[str, Group | None]]:
    phrases, exact, stems = _lexicon()
    at = 0
    while at < len(words):
        for length in range(_WORDS_OF_A_PHRASE, 1, -1):
            if group := phrases.get(phrase := " ".join(words[at : at + length])):
                yield phrase, group
                at += phrase.count(" ") + 1
                break
        else:
            yield _stem(words[at], exact, stems)
            at += 1


def _stem(word: str, exact: dict[str, Group], stems: dict[str, Group]) -> tuple[str, Group | None]:
    bare = _ELIDED.sub("", word)
    for form in (word, bare, word.removesuffix("'s"), bare.split("-")[0]):
        if form in exact:
            return form, exact[form]
    for length in range(len(bare), 1, -1):
        if bare[:length] in stems:
            return bare[:length], stems[bare[:length]]
    return word, None


@cache
def _lexicon() -> tuple[dict[str, Group], dict[str, Group], dict[str, Group]]:
    """Phrases, words, and beginnings of words, each with its group."""
    phrases: dict[str, Group] = {}
    exact: dict[str, Group] = {}
    stems: dict[str, Group] = {}
    for group, words in WORDS.items():
        for word in words.split():
            if "_" in word:
                phrases.setdefault(word.replace("_", " "), group)
            elif word.endswith("*"):
                stems.setdefault(word[:-1], group)
            else:
                exact.setdefault(word, group)
    return phrases, exact, stems


_WORDS_OF_A_PHRASE = 6
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*'?")
_NUMBER = re.compile(r"\d{1,2}(?:st|nd|rd|th)?")
_QUOTED = re.compile(r"\"[^\"\n]{1,200}\"|“[^”\n]{1,200}”|„[^“”\n]{1,200}[“”]|«[^»\n]{1,200}»|`[^`\n]{1,200}`")
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu|dell|nell|sull|all|dall)'")
_MARK = re.compile(r"[\[(][^\s\[\]()]{0,20}(?: [^\s\[\]()]{1,20}){0,2}[\])]")
"""A mark of doubt in the text is no talk of doubt."""
_SENTENCE_ENDS = re.compile(r"[.!?:;,。！？：][\W_]*\Z")
_ANNOUNCES_ELSEWHERE = re.compile(
    r"(?:好的|当然)?[,，。]?(?:以下(?:是|为)|图片中的|图中的|以下の|この画像).{0,40}[:：]|.{0,20}다음은.{0,40}[:：]"
)
_ENOUGH, _ENOUGH_AMONG_TALK = 4.0, 2.0


def announces(piece: str, *, stands_alone: bool, among_chatter: bool = False) -> bool:
    """Whether what an answer begins with says that a transcription follows."""
    if _ANNOUNCES_ELSEWHERE.fullmatch(piece.strip("*_# \n")):
        return True
    talk = talk_of(piece)
    colon = piece.rstrip("*_ ])>\n").endswith((":", "："))
    if (
        talk.said["somebodys"]
        or _breaks(piece)
        or piece[0].islower()
        or not (colon or (stands_alone and _SENTENCE_ENDS.search(piece)))
    ):
        return False
    agrees, here, says = (min(talk.said[group], 1) for group in ("agrees", "here", "says"))
    reader, says = min(talk.said["reader"], 2), says or bool(_IS.search(piece))
    if not (talk.of_reading or (reader and (agrees or says))) or not (
        here or says or reader or agrees or talk.said["task"]
    ):
        return False
    for_it = talk.of_reading + 2 * agrees + reader + here + says + colon + stands_alone
    return for_it - 2 * talk.foreign >= (_ENOUGH_AMONG_TALK if among_chatter else _ENOUGH)


_IS = re.compile(r"\b(?:is|are|ist|est|es|è|é) ?:\W*\Z")


def remarks(piece: str, *, among_chatter: bool) -> bool:
    """Whether what an answer ends with is about the reading, or offers help."""
    if among_chatter and _LONE_END.fullmatch(piece):
        return True
    if _END.fullmatch(piece):
        return talk_of(piece).said["task"] > 0 or "confidence" in piece.lower() or not piece[0].isalpha()
    if among_chatter and _OF_THE_WHOLE.match(piece):
        return True
    talk = talk_of(piece)
    if talk.said["somebodys"] or _breaks(piece) or _POSTSCRIPT.match(piece):
        return False
    if piece[0].islower() and not among_chatter:
        return False
    wrapped = is_wrapped(piece) or bool(_NOTE.match(piece))
    for_it = talk.of_reading + min(talk.said["reader"], 1) + min(talk.quotes, 1) + 2 * wrapped
    if talk.opening == "offer":
        for_it += 2.0 * min(talk.said["offer"], 3)
    return for_it - talk.foreign >= (_ENOUGH_AMONG_TALK if among_chatter else _ENOUGH)


_NOTE = re.compile(
    r"[\W_]*(?:please )?(?:(?:transcri\w+|accuracy|quality|reader|editor)(?:['’]?s)? )?"
    r"(?:legibility|notes?|remarks?|comments?|disclaimer|caveats?|remarques?|hinweise?|anmerkung(?:en)?|notas?|opmerking(?:en)?"
    r"|observaç(?:ão|ões)|observaciones|osservazion[ei])(?: (?:on|zur|sur la|sobre la) (?:the )?\w+)?[*_]* ?(?::|[*_ ]*(?:that|\n|\Z))",
    re.IGNORECASE,
)
_LONE_END = re.compile(r"[\W_]+end[\W_]+", re.IGNORECASE)
_POSTSCRIPT = re.compile(r"[\W_]*(?:p\. ?s\b|n\. ?b\b|nota bene)", re.IGNORECASE)


def _breaks(piece: str) -> bool:
    """A page breaks its lines within sentences, an engine that talks does not."""
    lines = [line for line in piece.split("\n") if re.search(r"\w", line)]
    return any(
        not _SENTENCE_ENDS.search(line) and not _LISTED.match(after)
        for line, after in zip(lines, lines[1:], strict=False)
    )


_LISTED = re.compile(r"\s*(?:[-•*] |\d{1,2}[.)] |\*\*|#)")


def is_heading(line: str, *, among_chatter: bool, stands_alone: bool = False) -> bool:
    """Whether a line is only the title of the transcription."""
    talk = talk_of(line)
    words = len(_WORD.findall(line))
    marked = line.startswith(("#", "**", "__", "[", "---", "===")) or line.rstrip().endswith(":") or among_chatter
    sentence = any(talk.said[group] for group in ("here", "says", "reader", "agrees", "somebodys"))
    titles = bool(_TITLE.search(plain(line))) or (line.startswith(("#", "**", "__")) and talk.said["page"] > 1)
    return (
        titles
        and (marked or stands_alone)
        and not (sentence or line[0].islower() or talk.foreign or talk.quotes)
        and words <= _TITLE_WORDS
    )


_TITLE = re.compile(
    r"\b(?:transcri(?:ption|pt|bed)|ocr|output|handwritten|extracted|transkription|transkribierter|transcripción|transcrit\w?|transcrito"
    r"|abschrift|trascrizione|transcrição|transcriptie)\b"
)
_TITLE_WORDS = 9


def begins_notes(line: str, rest: str, *, among_chatter: bool) -> bool:
    """Whether a line is the title of notes, or of a translation, that make up the rest of the answer."""
    title = line.strip()
    marked = title.startswith(("#", "**", "__"))
    if not (marked or _ENDS_TITLE.search(title)) or len(title) > _TITLE_LETTERS:
        return False
    if _OTHER_SECTION.fullmatch(title):
        return marked or among_chatter
    talk, about = talk_of(title), talk_of(rest)
    listed = bool(_LISTED.match(rest.lstrip()))
    if talk.foreign > listed or talk.said["somebodys"] or not talk.said["craft"] or about.of_reading < 1:
        return False
    sure = talk.said["task"] > 0 or (among_chatter and marked)
    return sure or (about.of_reading >= (2 if marked else 3) and (marked or listed or among_chatter))


_ENDS_TITLE = re.compile(
    r"[:：][*_]*\Z|\A\W*(?:notes|remarks|comments|observations|anmerkungen|hinweise|remarques|notas)\W*\Z", re.I
)
_TITLE_LETTERS = 80
_OF_THE_WHOLE = re.compile(
    r"[\W_]*(?:translation|summary|context|in summary|übersetzung|zusammenfassung|traduction|résumé|traducción|resumen|traduzione)[*_]* ?:"
    r"|[\W_]*(?:this|the|overall,? (?:this|the)) (?:\w+ )?(?:letter|document|text|page|note|entry|excerpt|passage|content|image|record|receipt|recipe)"
    r" (?:is an?|appears|seems|describes|discusses|details|mentions|contains|provides|records|expresses|reflects|conveys)\b"
    r"|[\W_]*(?:dieser|dieses|diese|der|das) (?:brief|text|dokument|seite|eintrag) (?:ist ein|scheint|beschreibt|enthält|handelt)\b"
    r"|[\W_]*(?:cette?|ce|la|le|esta?|este|il|questa) (?:lettre|document\w?|texte|page|acte|carta|texto|lettera|testo) (?:est une?|semble|décrit"
    r"|contient|es una?|parece|describe|contiene|è una?|descrive)\b",
    re.IGNORECASE,
)
"""What an engine says that has already talked; a writer says as much of a letter."""
_OTHER_SECTION = re.compile(
    r"\W*(?:(?:english|modern|literal|brief) )?(?:translations?|summary|context|(?:historical )?background|analysis|interpretation"
    r"|explanation|glossary|übersetzung|zusammenfassung|traduction|résumé|traducción|resumen|traduzione|riassunto|vertaling"
    r"|tradução|resumo)(?: \([\w ]+\))?\W*",
    re.IGNORECASE,
)
_END = re.compile(
    r"[\W_]*(?:ende|fin|fine|fim|final|einde) (?:der|de la|della|da|van de) trans?[ck]ri\w+[\W_]*"
    r"|[\W_]*(?:the )?(?:transcription|transcript|page|image|text) ends(?: here)?[\W_]*|[\[(*_]+end[\])*_]+"
    r"|[\W_]*end (?:of )?(?:the )?(?:transcri(?:pt|ption|bed text)|page|document|text|image|letter)(?: \d+)?[\W_]*"
    r"|[\W_]*transcribed by (?:an? )?(?:ai|language model|gpt|chatgpt|claude|gemini)\b.{0,60}"
    r"|[\W_]*(?:transcription )?confidence(?: level| score)?[\W_]*(?:very )?(?:high|medium|moderate|low"
    r"|\d{1,3} ?%)[\W_]*",
    re.IGNORECASE,
)


def is_wrapped(text: str) -> bool:
    """In brackets, or in italics as a whole, as nobody writes by hand."""
    return bool(re.fullmatch(r"[*_]*[\[(].*[\])][.*_]*|\*[^*].*\*|_[^_].*_", text.strip(), re.DOTALL))


def plain(text: str) -> str:
    """In lower case on one line, with plain apostrophes."""
    return re.sub(r"\s+", " ", text.casefold().replace("’", "'").replace("‑", "-")).strip()


def describes(bracketed: str) -> bool:
    """Whether what stands in brackets only says what is to be seen, and not what is written."""
    words = plain(re.sub(r"^[\W_]+(?:cent(?:er|re):)?|[\W_]+$", "", bracketed, flags=re.IGNORECASE))
    if re.search(r"\b(?:my|your|me|he|she)\b", words):
        return False
    if _NOTE.match(words):
        return talk_of(words).of_reading > 1
    if _BARE.fullmatch(words):
        return True
    seen = len({word for word in _WORD.findall(words) if _DEPICTS.fullmatch(word)})
    return ": " not in words and (bool(_PICTURE.match(words)) or (bool(_DESCRIBES.match(words)) and seen > 1))


def names_a_place(line: str) -> bool:
    """Whether a line is only the name of a place on the page, as in `Left column (partly legible):`."""
    return bool(_NAMED_PLACE.fullmatch(line.strip()))


def leads_on(line: str) -> bool:
    """Whether a line in the midst of an answer announces what the engine makes of the next lines."""
    return bool(_LEADS_ON.fullmatch(plain(line)))


_LEADS_ON = re.compile(
    r".{0,80}\bi can (?:make out|read|discern|transcribe|decipher)\b.{0,60}:"
    r"|(?:the )?(?:text|image|writing|handwriting) (?:on|at|in) the (?:left|right|top|bottom|margin|other)\b"
    r".{0,80}(?::|(?:is|are) (?:illegible|not legible|unreadable)\.?)"
)
_NAMED_PLACE = re.compile(
    r"\W{0,3}(?:left|right|top|bottom|upper|lower|cent(?:er|re)|middle|first|second)"
    r" (?:page|column|margin|side|half|corner)(?: ?\([\w ,/-]{1,60}\))?:\W{0,3}"
    r"|\W{0,3}page \d{1,2}:\W{0,3}|\W{0,3}margin(?:alia|al notes?)? \([\w ,/-]{1,80}\):\W{0,3}",
    re.IGNORECASE,
)
_DESCRIBES = re.compile(
    r"(?:(?:an?|the|this|various|several|multiple|most(?: of)?|some|blank|printed|handwritten|red|blue|black|small"
    r"|large|faint|vertical|decorative|ornate|engraved|remaining|rest of|additional|there is"
    r"|partial|illegible|wavy|address)\b ?)*"
    r"(?:images?|portrait|drawing|sketch|illustration|engraving|photo(?:graph)?|seal|stamp|emblem|logo|watermark|border"
    r"|text|page|lines?|column|markings?|marks?|handwriting|signature|remaining|there|left|right|top|bottom|header"
    r"|footer|cent(?:er|re))\b",
)
_DEPICTS = re.compile(
    r"portrait|drawing|sketch|illustrat\w+|engrav\w+|decorative|ornate|border|emblem|seal|stamp|markings?|marks"
    r"|notations|obscured"
    r"|cross\w+|heav\w+|difficult|(?:il)?legible|read\w*|handwrit\w+|images?|margin|strikethrough|deleted|transcri\w+"
    r"|visible|faded"
    r"|depict\w+|showing|missing|unread\w+|hard|determine|continuation|paragraph|seems|phrases|continues|vertical\w*"
    r"|wavy|details|printing|orientation|obliterated|blank|cut"
)
_BARE = re.compile(
    r"signature|postmark|stamp|stamp text|image|photo(?:graph)?|logo|drawing|(?:red|blue|black|round|oval) .{0,12}stamp"
)
_PICTURE = re.compile(
    r"(?:image|drawing|portrait|photo(?:graph)?|illustration|sketch|engraving|picture|(?:the )?(?:rest|remainder)) of\b"
)
