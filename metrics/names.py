"""Which capitalised words of a text are names of people, places and peoples: a guess from capitals and word lists.

A word with a capital inside a sentence is a name unless writers capitalise it anyway. Where a capital says nothing (at
the start of a sentence, in a row of capitals, on a German noun, in a hand that capitalises nouns) a word is a name only
if it is a well-known one, stands where a name stands, or is in no dictionary.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Set
from dataclasses import dataclass

from metrics.dates import begins_with_a_date, is_date_at
from metrics.name_words import (
    ARTICLES,
    BEFORE_NAMES,
    BEFORE_PLACES,
    BEFORE_TOWNS,
    BORN,
    CALLED,
    COMMON,
    COMMON_ENDINGS,
    GIVEN,
    HOMES,
    INITIALISMS,
    NAME_LABELS,
    NEVER_NAMES,
    OWNERS,
    PERSON_ENDINGS,
    PERSONAL,
    PERSONS,
    PLACE_ENDINGS,
    PLACES,
    STOP_WORDS,
    SURNAMES,
    TITLES,
    TRADES,
    WORDS_TOO,
)
from metrics.units import LONGEST_END, Word, respelt, spellings, words_of

_LONGEST_DATE = 24
_SENTENCE_ENDS = re.compile(r"[.!?][\"'”’)\]*]*\s|:\s*\n|\n\s*\n")
_STARTS_ANEW = re.compile(r"(?:[!?,:\n][\"'”’]?|\A)\s*[\"“„«]\s*\Z|\s[-–—]+\s\s*\Z|[•*(]\s*\Z|\d[.)]\s*\Z")
"""A quotation after a comma or colon, what follows a dash or stands in brackets, an item of a list."""
_NEXT_CELL = re.compile(r"(?:[^\S\n]{2}|\t)\Z")
_SAME_NAME = re.compile(r"\.?[ \u00a0]?(?:\n ?)?|-")
_ROMAN = re.compile(r"[IVXLCDM]{2,}")
_BEFORE_A_DATE = re.compile(r"[,.]?[ \t]+(?:d\.\s|den |le |the )?")
_STATE = re.compile(r",\s+([^\W\d_]+)")
_PLACE_ENDING = re.compile(
    r".{2,}(?:burg|heim|hausen|weiler|dorf|ingen|kirchen|furt|hafen|stedt|stadt|bach|weg|gasse|stra(?:ß|ss)e)"
)
_OF_A_NAME_BEFORE = re.compile(
    r" (?i:street|st|avenue|ave|road|rd|drive|square|county|river|straße)\b"
    r"|\s(?:Lake|Creek|Hills?|Dam|Falls|Springs?|Mills?|Islands?|Bay|Castle|Lane|Row|Terrace|Inn|Ferry|Landing|Junction"
    r"|Station|Crescent|Corners?|Grove|Valley|Head|Point|Harbou?r|Abbey|Priory|Heath|Moor|Swamp|Run|Hollow|Wharf)\b"
    r"|(?:, \w+)?,? (?:&|and|und|et|u\.) (?i:co|cie|comp|söhne|sohn|sons?|bros|fils|gebr)\b"
    r"|, [A-HJ-Z]\.(?=\s)"
    r"|,\s(?:[A-Z]\.\s?[A-Z]\.|(?:Mass|Conn|Penn?a?|Tenn|Wis|Minn|Ills?|Ind|Mich|Miss|Vt|Ky|Va|Ga|Md|Me|Del)\b)"
)
"""What makes a name of the word before it: Riverside Drive, Meyer & Co, Providence, R.I."""
_LABEL_AHEAD = re.compile(r" [A-Z][a-z]+:|:")
_GOODS = re.compile(
    r"(?:\d|[½¼¾]) (?!days|weeks|months|years|hours|miles|yrs|mos|hrs|mins|gents)"
    r"(?:[a-z]+s|lb|cwt|doz|pr|gall?|bu|ell|stone) (?:of )?\Z"
)
_GERMAN_GOODS = re.compile(r"(?<![\d.])(?:\d+(?:,\d+)?|[½¼¾]) (?!Uhr|Mann)[A-Za-zÄÖÜäöüß]{2,} \Z")
"""`9 yds of Serge`, `1 Loth Zimmt`: what is counted or measured."""
_LABEL = re.compile(r"\. (?:No\.? ?|Nr\.? ?)?\d+(?![\w.,]*\s?[$£€%]|[.,]\d\d|\w)")
_ABBREVIATED = re.compile(r"\.[ ][a-z½¼]")
_VOWELS = frozenset("aeiouyäöüáàâéèêëíîïóôúûùœæ")
_ENDS_LIKE_AN_ADJECTIVE = re.compile(r"(?!(?:und|oder|aber|lieber?|guter?|über|unter)\Z)[a-zß-öø-ÿ]{2,}e[nrms]?")
_GERMAN_VERB = re.compile(
    r" (?:ist|war|hat|hatte|wird|kam|kommt|schreibt|schrieb|sagt|sagte|geht|ging|soll|will|kann)\b"
)
_GERMAN_ENDING = re.compile(r"(?<=\w{4})(?:chens?|leins?)\Z|(?<=\w{5})s\Z")
_PARTICIPLE_ENDING = re.compile(r"(?<=\w{3})ed\Z")
_FRENCH_ENDING = re.compile(r"(?<=\w{3})(?:ez|ons|ée?s?)\Z")
_SHORTENED = re.compile(r"['’][a-zß-öø-ÿ]")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is known of a text's language: its ISO 639-1 code, its words, and the commonest of them, casefolded.

    Without a code the text's small words tell the language. Without words, rare names that begin a sentence are missed,
    and with a capital every rare word inside one is taken for a name.
    """

    language: str = ""
    words: Set[str] = frozenset()
    everyday: Set[str] = frozenset()


NO_VOCABULARY = Vocabulary()


def language_of(text: str) -> str:
    """`en`, `fr` or `de`, by the commonest small words; English where nothing tells."""
    seen = _words_in(text)
    return max(STOP_WORDS, key=lambda language: sum(seen[word] for word in STOP_WORDS[language]))


def told_language(text: str) -> str:
    """The same, but empty where less than a seventh of the words, or fewer than three, are such: it may be any."""
    seen, language = _words_in(text), language_of(text)
    small = [seen[word] for word in STOP_WORDS[language] if word in seen]
    return language if len(small) >= 3 and sum(small) * 7 >= seen.total() else ""


def _words_in(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W\d_]+", text.casefold()))


def names(text: str, vocabulary: Vocabulary = NO_VOCABULARY) -> list[tuple[int, int]]:
    """Where the words stand that are names or parts of one, without titles and initials."""
    return _Page(text, vocabulary.language or language_of(text), vocabulary).names()


class _Page:
    """All words of a text, and what it as a whole says about its capitals."""

    def __init__(self, text: str, language: str, vocabulary: Vocabulary) -> None:
        self.text, self.language = text, language[:2].casefold()
        self.lexicon, self.everyday = vocabulary.words, vocabulary.everyday
        self.words = list(words_of(text, self.language == "fr"))
        self._known: dict[str, bool] = {}
        self.small = {word.folded for word in self.words if word.text[0].islower()}
        starts = [line.lstrip()[:1] for line in text.splitlines() if line.strip()]
        self.lines_start_anew = sum(map(str.isupper, starts)) > len(starts) * 0.6
        self.nouns_have_capitals = self.language == "de" or self._has_many_idle_capitals()

    def _has_many_idle_capitals(self) -> bool:
        """Whether the hand gives capitals to nouns, as many did before 1850: `the Bridge`, `your good Letter`."""
        idle = sum(
            word.is_capitalised
            and not word.is_shouted
            and word.folded in COMMON.get(self.language, ())
            and self._is_described(at)
            for at, word in enumerate(self.words)
        )
        return idle >= 5

    def names(self) -> list[tuple[int, int]]:
        found = {index for index in range(len(self.words)) if self._is_name(index)}
        seen = {self.words[index].folded for index in found} - TITLES
        for index, word in enumerate(self.words):
            again = word.is_capitalised and word.folded in seen and not self._is_common(word)
            if again and not self._is_owned(index):
                found.add(index)
        return [(self.words[index].start, self.words[index].end) for index in sorted(found)]

    def _is_name(self, index: int) -> bool:
        word = self.words[index]
        if not word.is_capitalised or word.folded in TITLES or _ROMAN.fullmatch(word.text):
            return False
        if word.folded in BEFORE_PLACES and self._is_name_ahead(index):
            return True
        short = word.is_shouted and len(word.text) < 4 and word.folded not in PLACES
        if short or (self.language == "de" and self._is_a_rank(index)):
            return False
        if self._is_named(index):
            return True
        if self._is_common(word) or self._is_a_trade(index) or self._is_no_word_of_a_name(index):
            return False
        return self._stands_like_a_name(index) or self._has_a_name_s_capital(index)

    def _is_a_rank(self, index: int) -> bool:
        """`Herrn Amtmann von Seydewitz`: what a man is, before who he is."""
        word, ahead = self.words[index], self.words[index + 1] if index + 1 < len(self.words) else None
        ranked = word.folded in PERSONS or word.folded.endswith(PERSON_ENDINGS)
        return ranked and ahead is not None and ahead.gap == " " and (ahead.is_capitalised or ahead.text == "von")

    def _is_named(self, index: int) -> bool:
        """Whether it is a name even if it is a common word: what stands beside it says so."""
        if self._follows_a_title(index) or self._is_of_a_name_before(index) or self._is_a_place_after_all(index):
            return True
        return self._is_called_by_what_it_is(index) or self._is_a_given_name_all_the_same(index)

    def _is_of_a_name_before(self, index: int) -> bool:
        word = self.words[index]
        if not _OF_A_NAME_BEFORE.match(self.text, word.end):
            return False
        determined = word.folded in ARTICLES.get(self.language, ()) or word.folded in NEVER_NAMES
        return not determined and not (self.language == "de" and self.text.startswith(" St. ", word.end))

    def _is_a_place_after_all(self, index: int) -> bool:
        """A town whose name is a word, behind a preposition without an article: `aus Kiel`."""
        if self.language != "de" or self.words[index].folded not in PLACES or not index:
            return False
        return self.words[index].gap == " " and self.words[index - 1].folded in BEFORE_TOWNS

    def _is_no_word_of_a_name(self, index: int) -> bool:
        """An abbreviation without a vowel, a label of a number, goods behind their measure."""
        word = self.words[index]
        if self._is_known(word) or word.folded in SURNAMES:
            return False
        if _ABBREVIATED.match(self.text, word.end) and len(word.text) < 7 and self.language != "fr":
            return True
        abbreviated = (
            len(word.text) < 5 and _LABEL.match(self.text, word.end) and not is_date_at(self.text, word.end + 2)
        )
        if abbreviated or (_VOWELS.isdisjoint(word.folded) and not self.text.startswith("°", word.end)):
            return True
        person = word.folded.removesuffix("s") in PERSONS or word.folded.endswith(PERSON_ENDINGS)
        if self.language == "de" and (self._follows(index, "als") or (word.gap == ", " and person)):
            return True
        if self.language not in ("de", "en") or (index and self._is_given(self.words[index - 1])):
            return False
        return (_GERMAN_GOODS if self.language == "de" else _GOODS).search(self._line_before(word)) is not None

    def _follows(self, index: int, small: str) -> bool:
        return index > 0 and self.words[index - 1].text == small

    def _line_before(self, word: Word) -> str:
        """What stands before it in its line, as far as it is near."""
        return self.text[max(0, word.start - LONGEST_END) : word.start].rpartition("\n")[2]

    def _stands_like_a_name(self, index: int) -> bool:
        word = self.words[index]
        after = self._follows_a_given_name(index) or self._follows_a_preposition(index)
        return self._is_known(word) or after or self._heads_a_letter(index) or self._precedes_a_given_name(index)

    def _precedes_a_given_name(self, index: int) -> bool:
        """`Gallagher Hugh`, as in lists."""
        ahead = self.words[index + 1] if index + 1 < len(self.words) else None
        if ahead is None or ahead.gap != " " or not ahead.is_capitalised or ahead.is_shouted:
            return False
        known = ahead.folded in GIVEN or (self.language == "en" and ahead.folded not in self.lexicon)
        if not known or self._is_common(ahead) or self._is_owned(index):
            return False
        word = self.words[index]
        listed = self.language == "en" and (index == 0 or "\n" in word.gap or self._begins_an_entry(index))
        rare = word.folded not in (self.everyday if listed else self.lexicon)
        if self.language == "de":
            rare = rare and not self._is_german(word.folded) and self._begins_an_entry(index)
        return rare

    def _has_a_name_s_capital(self, index: int) -> bool:
        if self.language == "de" and self._is_a_german_surname(index):
            return True
        idle = self.language == "en" and self.words[index].folded in self.everyday
        if idle or self._is_owned(index) or (self.nouns_have_capitals and self._is_described(index)):
            return False
        capital_says_nothing = self._is_in_a_row_of_capitals(index) or self._starts_a_sentence(index)
        if capital_says_nothing or self.language == "de" or (self.language == "fr" and self.lexicon):
            return self._is_in_no_dictionary(index)
        return True

    def _is_a_german_surname(self, index: int) -> bool:
        """Or the town of a newspaper or street: `Fuldaer Zeitung`."""
        word = self.words[index]
        if word.folded in SURNAMES and word.gap != ", ":
            return not self._is_owned(index) or word.folded not in self.lexicon
        ahead = self.words[index + 1] if index + 1 < len(self.words) else None
        of_a_town = word.folded.endswith("er") and word.folded not in self.lexicon
        return of_a_town and ahead is not None and ahead.gap == " " and ahead.is_capitalised

    def _is_called_by_what_it_is(self, index: int) -> bool:
        """`Händler Rosenfeld`, `my Son Biley`, `rue Haute`: behind a word for a person or place stands its name."""
        before = self.words[index - 1] if index else None
        if before is None or self.words[index].gap not in (" ", ". ") or self.text[before.end] in "'’":
            return False
        if self.words[index].gap == ". " and before.folded not in ("wwe", "gebr", "stud", "cand"):
            return False
        word = self.words[index]
        if word.folded in COMMON.get(self.language, ()) and word.folded not in GIVEN and self.language != "fr":
            return False
        if self.language == "de":
            return before.is_capitalised and (before.folded in PERSONS or before.folded.endswith(PERSON_ENDINGS))
        at = index - 1
        while self.language == "fr" and at and self.words[at].folded in ("du", "des", "de", "la", "le", "les"):
            at -= 1
        called = self.words[at].folded in CALLED.get(self.language, ()) and (
            at == index - 1 or word.folded not in TITLES
        )
        return called and not (word.is_shouted or word.folded in NEVER_NAMES)

    def _is_a_given_name_all_the_same(self, index: int) -> bool:
        """`and Bill sent us all`: inside a sentence of a hand that writes words small."""
        word, before = self.words[index], self.words[index - 1] if index else None
        if self.language != "en" or word.folded not in GIVEN or self.nouns_have_capitals or before is None:
            return False
        inside = word.gap == " " and before.text.islower() and not self._is_described(index)
        goods = _GOODS.search(self._line_before(word))
        return inside and not goods and not word.is_shouted and before.folded not in ("of", "in", "at", "by")

    def _is_a_trade(self, index: int) -> bool:
        """`Wm Flett, Cooper,`: behind a name and a comma."""
        if index < 2 or self.words[index].folded not in TRADES:
            return False
        if self.words[index].gap != ", ":
            return self.nouns_have_capitals and self.words[index - 1].folded not in GIVEN
        before, first = self.words[index - 1], self.words[index - 2]
        return before.is_capitalised and before.gap in (" ", ". ") and first.text[0].isupper()

    def _is_common(self, word: Word) -> bool:
        listed = COMMON.get(self.language, frozenset())
        if word.folded in listed or _SHORTENED.search(word.text):
            return True
        if self._is_known(word):
            return False
        if word.folded in self.small:
            return True
        singular = word.folded.removesuffix("s")
        return singular in listed or self._is_formed_like_a_common_word(word.folded)

    def _is_formed_like_a_common_word(self, folded: str) -> bool:
        stem = _PARTICIPLE_ENDING.sub("", folded) if self.language == "en" else folded
        participle = stem != folded and not self.lexicon.isdisjoint({stem, stem[:-1], f"{stem}e"} - {folded})
        if participle or len(folded) < 7:
            return participle
        ending = next(filter(folded.endswith, COMMON_ENDINGS.get(self.language, ())), "")
        stem = folded.removesuffix(ending)
        english = self.language == "en" and bool(self.lexicon)
        return bool(ending) and not (english and self.lexicon.isdisjoint({folded, stem, f"{stem}e", f"{stem}y"}))

    def _is_known(self, word: Word) -> bool:
        """Looked up once for every word: a page says the same ones over and over."""
        if word.text not in self._known:
            self._known[word.text] = self._is_listed(word)
        return self._known[word.text]

    def _is_listed(self, word: Word) -> bool:
        if "-" in word.folded and self._is_a_compound_name(word):
            return True
        forms = {word.folded}
        if self.language == "de":
            stem = _GERMAN_ENDING.sub("", word.folded)
            forms |= {stem, f"{stem}e", respelt(word.folded)}
            forms.add(word.folded.removesuffix("s") if len(word.text) > 4 else word.folded)
        return not (forms.isdisjoint(GIVEN) and forms.isdisjoint(PLACES))

    def _is_a_compound_name(self, word: Word) -> bool:
        """`Marie-Louise`, `Saint-Bris`, `Bar-le-Duc`."""
        first, *others = word.text.split("-")
        if first.casefold() in GIVEN or first in ("Saint", "Sainte", "St", "Ste", "Notre"):
            return True
        return self.language == "fr" and len(others[-1]) > 2 and others[-1][0].isupper()

    def _before(self, index: int) -> list[Word]:
        """The two words before it, nearest first, as far as they may be parts of one name with it."""
        found: list[Word] = []
        for at in range(index, max(0, index - 2), -1):
            word, gap = self.words[at - 1], self.words[at].gap
            ended = gap.startswith(".") and not _may_end_in_a_point(word)
            owns = self.text[word.end : word.end + 1] in ("'", "’")
            if ended or owns or not _SAME_NAME.fullmatch(gap) or word.text[0].islower():
                break
            found.append(word)
        return found

    def _follows_a_title(self, index: int) -> bool:
        """Or two initials, or the label of a form: even a common word is a name there, `Mr. Brown` or `J. B. Price`."""
        before, gap = self._before(index), self.words[index].gap
        if ":" in gap and "\n" not in gap:
            return self.words[index - 1].folded in NAME_LABELS
        if not before or self.words[index].folded in NEVER_NAMES:
            return False
        common = self._is_common(self.words[index])
        personal = before[0].folded in PERSONAL or (gap == " " and before[-1].folded in PERSONAL)
        initials = "".join(word.text for word in reversed(before) if word.is_initial) if gap in (".", ". ") else ""
        if (personal and self.language == "en") or (len(initials) == 2 and initials.casefold() not in INITIALISMS):
            return True
        if gap in (" ", ". ") and common and self._is_a_surname_all_the_same(index, before[0]):
            return True
        named = not common or self.words[index].folded in GIVEN
        return named and (personal or before[0].folded in TITLES)

    def _is_a_surname_all_the_same(self, index: int, before: Word) -> bool:
        """`Joshua Ward`: a word that is common and has a capital behind a given name."""
        word = self.words[index]
        given = before.is_capitalised and before.folded in GIVEN and before.folded not in WORDS_TOO
        capitals_tell = self.language in ("en", "fr") and not self.nouns_have_capitals
        if self.words[index].folded in NAME_LABELS or _LABEL_AHEAD.match(self.text, word.end):
            return False
        return given and capitals_tell and word.folded not in STOP_WORDS.get(self.language, ())

    def _follows_a_given_name(self, index: int) -> bool:
        before = self._before(index)
        if index and self.words[index].gap in (" ", ". ") and self.words[index - 1].folded in BORN:
            return True
        if not before or ("\n" in self.words[index].gap and self.lines_start_anew):
            return False
        if self.language == "de" and self.words[index].folded in self.everyday:
            return False
        if before[0].is_initial and re.search(r"\d ?\Z", before[0].gap):
            return False
        if before[0].is_initial:
            return (before[0].text != "I" and not before[0].gap.endswith("°")) or self.words[index].gap.startswith(".")
        further = len(before) > 1 and before[1].is_initial and self.words[index - 1].gap.startswith(".")
        return further or any(word.is_capitalised and self._is_given(word) for word in before)

    def _is_given(self, word: Word) -> bool:
        if self.language == "de":
            return word.folded != "ellen" and not {word.folded, respelt(word.folded)}.isdisjoint(GIVEN)
        return word.folded in GIVEN

    def _follows_a_preposition(self, index: int) -> bool:
        """`from Halifax`, `New Rochelle`: where nouns have capitals, they have articles too."""
        if index == 0 or self.words[index].gap not in (" ", "\n"):
            return False
        before = self.words[index - 1]
        return before.text in BEFORE_NAMES or (before.is_capitalised and before.folded in BEFORE_PLACES)

    def _is_name_ahead(self, index: int) -> bool:
        ahead = self.words[index + 1] if index + 1 < len(self.words) else None
        if ahead is None or ahead.gap not in (" ", "\n") or ahead.folded in BEFORE_PLACES:
            return False
        return self._is_name(index + 1)

    def _heads_a_letter(self, index: int) -> bool:
        """A place at the beginning of a line, with a date or a state behind it."""
        word = self.words[index]
        line = word.gap.rpartition("\n")
        if line[2].strip() or (index and not line[1] and not _NEXT_CELL.search(word.gap)):
            return False
        gap, state = _BEFORE_A_DATE.match(self.text, word.end), _STATE.match(self.text, word.end)
        dated = gap is not None and is_date_at(self.text, gap.end())
        if not self._is_known(word) and not self._may_be_a_place(word, "," in (gap.group() if gap else "")):
            return False
        return dated or (state is not None and state[1].casefold() in PLACES)

    def _is_in_a_row_of_capitals(self, index: int) -> bool:
        return self.words[index].is_shouted and any(
            word.is_shouted for word in self.words[max(0, index - 1) : index + 2 : 2]
        )

    def _starts_a_sentence(self, index: int) -> bool:
        gap = self.words[index].gap
        if index == 0 or ("\n" in gap and self.lines_start_anew) or _STARTS_ANEW.search(gap):
            return True
        if self.lexicon and (_NEXT_CELL.search(gap) or self._begins_an_entry(index)):
            return True
        abbreviated = gap.startswith(".") and _may_end_in_a_point(self.words[index - 1])
        return bool(_SENTENCE_ENDS.search(gap)) and not abbreviated

    def _may_be_a_place(self, word: Word, comma: bool) -> bool:
        """Not `Journal 10 juin` nor `Haushaltsbuch, November 1923`, but `Spalt, 18. Oktober`."""
        if word.folded in self.everyday:
            return False
        if comma or self.language == "en":
            return self.language != "de" or len(word.text) < 8 or not any(map(self._is_german, spellings(word.folded)))
        return word.folded not in self.lexicon

    def _begins_an_entry(self, index: int) -> bool:
        """Behind nothing but a figure or date at the beginning of its line."""
        start = self.words[index].start
        before = self.text[max(0, start - _LONGEST_DATE) : start]
        if "\n" not in before and start > _LONGEST_DATE:
            return False
        before = before.rpartition("\n")[2]
        return not any(map(str.isalpha, before)) or begins_with_a_date(before)

    def _is_in_no_dictionary(self, index: int) -> bool:
        word = self.words[index]
        place = len(word.text) > 7 and word.folded.endswith(PLACE_ENDINGS) and word.folded not in HOMES
        if self.language == "de" and place:
            return True
        if not self.lexicon or len(word.text) < 4 or all(map(self._is_in_dictionary, re.split(r"[-']", word.folded))):
            return False
        return self.language != "de" or self._is_no_german_noun(index)

    def _is_in_dictionary(self, folded: str) -> bool:
        """As it stands or, in French, in another form of it."""
        forms = {folded, f"{folded}e", folded.removesuffix("e"), folded.removesuffix("s"), folded.removesuffix("es")}
        forms.add(_FRENCH_ENDING.sub("er", folded))
        return folded in self.lexicon or (self.language == "fr" and not self.lexicon.isdisjoint(forms))

    def _is_no_german_noun(self, index: int) -> bool:
        """No dictionary holds all nouns: a name has no article, no adjective, and is not made of known words."""
        word, before = self.words[index], self.words[index - 1] if index else None
        if _PLACE_ENDING.fullmatch(word.folded):
            return True
        if word.gap == " " and before is not None and before.text in BEFORE_TOWNS:
            return word.folded.replace("ß", "ss") not in self.lexicon
        fresh = self._starts_a_sentence(index) and not _GERMAN_VERB.match(self.text, word.end)
        return not (fresh or any(map(self._is_german, spellings(word.folded))))

    def _is_described(self, index: int) -> bool:
        """Whether an article or the like stands before it, with an adjective between them or not."""
        before: list[Word] = []
        for at in range(index, max(0, index - 2), -1):
            if not self.words[at].gap.isspace():
                break
            before.append(self.words[at - 1])
        articles = ARTICLES.get(self.language, frozenset())
        adjective = self.language == "de" and before and _ENDS_LIKE_AN_ADJECTIVE.fullmatch(before[0].text)
        return bool(adjective) or any(word.folded in articles for word in before)

    def _is_owned(self, index: int) -> bool:
        """`my Letter`, `any Company`: who is meant by a name needs no such word."""
        if index == 0 or self.words[index].gap not in (" ", "\n"):
            return False
        before = self.words[index - 1].text
        owner = before if self.words[index].gap == "\n" else before.casefold()
        return owner in OWNERS.get(self.language, ())

    def _is_german(self, folded: str) -> bool:
        """Whether the dictionary has the word, or two words that it is made of."""
        parts = ((folded[:at], folded[at:]) for at in range(3, len(folded) - 3))
        return folded in self.lexicon or any(
            tail in self.lexicon and (head in self.lexicon or head.removesuffix("s") in self.lexicon)
            for head, tail in parts
        )


def _may_end_in_a_point(word: Word) -> bool:
    return word.is_initial or word.folded in TITLES or (len(word.text) < 7 and word.folded in GIVEN)
