"""Dates, amounts and numbers in figures: where they stand in a text, and what of them must be the same in another.

An amount is a figure with its currency, percent sign or unit; a date has a month or weekday by name, or is written in
figures alone; what is left is a number. Numbers in words are words. Knows English, French and German, in old spellings
too, and need not be told which: hardly a word here means something else in another of them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

FigureKind = Literal["date", "amount", "number"]

_MONTH = (
    r"(?:jan(?:y|uary|uar|v(?:ier)?)?|jänner|feb(?:y|r|ruary|ruar)?|f[eé]vr?(?:ier)?|mar(?:ch|s|z)?|märz|ap(?:ril"
    r"|rl|r|l)?"
    r"|(?:jan|febr)uarii|martii|aprilis|maji|ju[nl]ii|augusti|(?:septem|octo|novem|decem)bris|jenner|hornung|febvrier"
    r"|(?:lenz|ostern|wonne|brach|heu|ernte|herbst|wein|winter|christ)mon(?:at|d)"
    r"|vendémiaire|brumaire|frimaire|niv[oô]se|pluvi[oô]se|vent[oô]se|germinal|flor[ée]al|prairial|messidor|thermidor"
    r"|fructidor|avr(?:il)?|ma[iy]|june?|juin|juni|july?|juil(?:let|l)?|juli|aug(?:ust|t)?|ao[uû]t|sep(?:tember"
    r"|tembre|tembr|tbr|tr|t|r)?"
    r"|o[ck]t(?:ober|obre|obr|br|r)?|nov(?:ember|embre|embr|br|r)?|d[eé][cz](?:ember|embre|embr|br|r)?|(?:[789X]"
    r"|10)\s?bre)\b"
)
_SPOKEN_MONTH = (
    r"(?:January|February|April|June|July|August|September|October|November|December"
    r"|Januar|Jänner|Februar|März|Juni|Juli|Oktober|Dezember"
    r"|janvier|février|avril|juin|juillet|août|septembre|octobre|novembre|décembre"
    r"|(?<=\b[Ii]n )(?:May|March)|(?<=\b[Oo]f )(?:May|March)|(?<=\b[Ll]ast )(?:May|March)|(?<=\bsince )(?:May|March)"
    r"|(?<=\b[Ii]m )Mai|(?<=\b[Ee]n )ma(?:i|rs)|(?<=\b[Dd]e )ma(?:i|rs)|(?<=depuis )ma(?:i|rs))\b(?! [A-Z][a-z])"
)
"""Alone it must be written out, and `May` and `March` must stand where a month does: `August Weber` is a man."""
_WEEKDAY = (
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:MON|TUES|WEDNES|THURS|FRI|SATUR|SUN)DAY|[Ll]undi"
    r"|[Mm]ardi|[Mm]ercredi|[Jj]eudi|[Vv]endredi|[Ss]amedi"
    r"|[Dd]imanche|Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag)(?![^\W_])"
)
_ORDINAL = r"(?:r?st|nd|rd|th|d|ter|s?ten|s?te|er|[eè]me|e)"
_DAY = rf"(?<![\d.,/:])(?:\d{{1,2}}/)?(?:0?[1-9]|[12]\d|3[01])(?!\d)(?:\s?{_ORDINAL}\b|[\"”″’'])?\.?"
_YEAR = (
    r"(?:,?\s+(?:\d{4}\b|an [IVX]{1,5}\b|an \d{1,2}\b|['’]\d{2}\b|(?<!\.)(?<!\. )\d{2}(?=[^\S\n]*(?:\n|\Z)))"
    r"|\s*/[ .]*\d{2}\b)"
)
"""Two figures alone are a year only at the end of a line: `March 4 12 barrels` goes on."""
_SHORT_WEEKDAY = (
    r"\b(?:(?:Mon|Tues?|Weds?|Thurs?|Thu|Fri|Sat|Sun|[Ll]un|[Mm]ar|[Mm]er|[Jj]eu|[Vv]en|[Ss]am|[Dd]im)\b\.?"
    r"|(?:Mo|Di|Mi|Do|Fr|Sa|So)\b\.?(?=,?\s(?:den\s)?\d{1,2}\.\s?\d{1,2}\.))"
)
"""Only before a day: by themselves most of them are other words."""
_FEAST = (
    r"\b(?:Xmas|Christmas|Easter|Michaelmas|Whitsun(?:tide)?|Candlemas|Lammas|Martinmas|Lady Day|Ostern"
    r"|Weihnachten|Pfingsten"
    r"|Michaelis|Martini|Johannis|Jakobi|Lichtme(?:ß|ss)|Himmelfahrt|Noël|Pâques|Pentecôte|(?:la )?(?:Toussaint"
    r"|Chandeleur"
    r"|Saint-(?:Jean|Michel|Martin)))\b"
)
_THIS_MONTH = (
    r"(?:dudit(?: mois)?|dieses|ejusd(?:em)?|hujus|Ct|(?i:inst(?:ant)?|ult(?:imo)?|prox(?:imo)?)|courant|cr"
    r"|d\.\s?M|v\.\s?M"
    r"|d[si]?e?s\.?\s(?:Mts|Monats)|de ce mois)\b\.?"
)
_DATE = re.compile(
    r"(?<![^\W\d_])(?=[\dA-ZÄa-z])"
    rf"(?:(?:(?:{_WEEKDAY}|{_SHORT_WEEKDAY}(?=,?\s(?:den\s|le\s|the\s)?(?:\d|(?i:{_MONTH})))),?\s+(?:den\s|le\s"
    rf"|the\s)?)?"
    rf"(?:\b(?:{_DAY}(?:\s*(?:of\s+|de\s+|d['’])|[^\S\n]*"
    rf"|\s*(?!(?i:{_MONTH})\.?\s+\d{{1,2}}\b))(?i:{_MONTH})\.?{_YEAR}?"
    rf"|[Pp]remier\s+(?i:{_MONTH}){_YEAR}?"
    rf"|(?=[A-Z]|(?:january|february|april|june|july|august|september|october|november|december)\b)"
    rf"(?i:{_MONTH})\.?\s+(?:the\s|ye\s)?{_DAY}(?!\d|[.,:/]\d|\s(?:miles|men)\b){_YEAR}?"
    rf"|(?=[A-Z])(?i:{_MONTH})\.?{_YEAR}"
    rf"|(?i:{_MONTH})\.?\s+\d{{4}}\b"
    rf"|{_DAY},?\s+{_THIS_MONTH}"
    r"|(?<![\d./-])(?:0?[1-9]|[12]\d|3[01])\.[^\S\n]?(?:(?:II{1,2}|IV|VI{1,3}|IX|XI{1,2})\.(?:\s?\d{4}\b)?"
    r"|[IVX]\.\s?\d{4}\b)"
    r"|(?:0?[1-9]|[12]\d|3[01])\.(?i:i{1,3}|iv|vi{0,3}|ix|xi{0,2})\.\d{2,4}\b"
    r"|(?<=\b[Ll]e )\d{1,2}/(?:0?[1-9]|1[0-2])\b(?!/)"
    r"|(?<![\d./-])(?:0?[1-9]|[12]\d|3[01])\.[^\S\n]?(?:0?[1-9]|1[0-2])\.(?![\d\w]|\s?\d)"
    r"|(?<![\d./-])(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])[ ,]+1[5-9]\d\d\b"
    r"|\d{4}-\d{1,2}-\d{1,2}\b|(?<![\d./£-])(?<!£ )(?:0?[1-9]|[12]\d|3[01])(?P<gap>[./-])\s?(?:0?[1-9]|[12]\d"
    r"|3[01])(?P=gap)"
    r"\s?(?:\d{4}|\d{2})(?![^\W_]|[./-]\d))"
    rf"|\b{_SPOKEN_MONTH})"
    rf"|(?:{_WEEKDAY}|{_SHORT_WEEKDAY}),?\s(?:den\s|le\s|the\s)?{_DAY}(?![.,:/]?\d|\s?[%°]|\s(?:miles|men|h|Uhr)\b)"
    rf"|{_WEEKDAY}"
    rf"|{_FEAST},?\s+\d{{4}}\b"
    r"|\b(?:[Dd]en\s(?:0?[1-9]|[12]\d|3[01])(?:\.|s?ten\b|te\b)|[Dd]\.\s?(?:0?[1-9]|[12]\d|3[01])s?ten\b)"
    rf"(?!\s?(?:\d|{_THIS_MONTH}|(?i:{_MONTH})))"
    r"|(?m:^[^\S\n]*)(?:Mon|Tues|Weds?|Thurs?|Fri|Sat|Sun)\b(?:\.|(?=:|[^\S\n]?[-–—]|[^\S\n]{2}))"
    r"|\ble\s(?:1er|[2-9]|[12]\d|3[01])\b(?=[^\S\n]*(?:[,;)]|\.?(?:\n|\Z)|(?:au|à|et|nous|on|il|je)\b))"
    r"|(?m:^[^\S\n]*|(?<=[.;] ))Le\s(?:1er|[2-9]|[12]\d|3[01])\b(?![.,:/]?\d|\s?[%°])"
    rf"(?!\s(?:{_THIS_MONTH}|(?i:{_MONTH}))))"
)

_SIGN = r"(?:(?<![^\s(\[])[-−–+])"
_VULGAR = r"[¼-¾⅐-⅞]"
_GROUPS = r"\d{1,20}(?:[.,'’/:·⁄–\-]\d{1,20}){0,8}"
"""Bounded, or a page of digits would be tried from every one of them to its end."""
_FIGURE = rf"(?:{_GROUPS}(?:,--?|[ -]?{_VULGAR}|[ -]\d{{1,2}}[/⁄]\d{{1,2}}\b)?|{_VULGAR})"
_SPACED_FIGURE = rf"(?:\d{{1,3}}(?:[ \u00a0\u202f]\d{{3}}){{1,4}}(?:[.,]\d{{1,2}})?(?!\d)|{_FIGURE})"
"""Thousands kept apart by spaces are one figure only where a currency or unit says so: a table has columns."""
_SYMBOL = r"[$¢-¥֏؋৲৳૱௹฿៛₠-⃀﷼﹩＄￠￡￥￦]"
_COIN = (
    r"(?:USD|EUR|GBP|CHF|RM|DM|Btz|Rp|M(?!\w)|K(?= \d| h\b)|(?i:dollars?|dolls?|dols?|cents?|cts?|pence|pounds?"
    r"|euros?|marks?|mk|frs?|fs|francs?|franken"
    r"|r?thlr|(?:reichs)?th?alern?|gulden|florins?|kreuzer|kreutzer|schilling|batzen|annas?|sols?|deniers?"
    r"|liards?|louis|liv|kr|pf|pfennige?|groschen|sgr|ngr|ggr|heller|kronen?"
    r"|guineas?|gns|shillings?|crowns?|pesos?|rupees?|rs|pia[sg]tres?|livres?|sous?|centimes?|r[ou]+bles?|rubel"
    r"|lire|yen"
    r"|ducats?|dukaten|écus?|fl)\b)"
)
_COIN_BEFORE = r"\b(?:USD|EUR|GBP|CHF|DM|RM|(?:[Ff]rs|fs|[Rr]s|M[Kk]|R?[Tt]h?lr|fl)\b\.?|[Ff]r\.)"
_UNIT = (
    r"(?:%|‰|°(?:\s?[CFR]\b)?|(?i:per\s?cent|pct|kg|mg|km|in\.|galls|barrells?|mds|roods?|poles?|kannen?|fuder"
    r"|schuh|pfd|stères?|centilitres?|kilom[eè]tres?|cm|mm|ml|lbs?|oz|ft|yds?|yards?|miles?|acres?|feet|foot"
    r"|inch(?:es)?"
    r"|ounces?|tons?|tonnes?|tonnen|gallons?|gals?|quarts?|qts?|pints?|bushels?|barrels?|bbls?|cwt|rods?|fathoms?"
    r"|leagues?"
    r"|stones?|gall|bush|pecks?|quires?|reams?|skeins?|seers?|maunds?|tolas?|firkins?|hogsheads?|hhds?|gills?|drams?"
    r"|drachms?|grains?|scruples?|minims?|pr\s?c(?:en)?t|p\.?\s?c(?:en)?t|ctr|eimer|klafter|ruten?|metzen?"
    r"|m[äa](?:ß|ss)|malter|simmer"
    r"|quentchen|grad|degrés?|boisseaux?|setiers?|minots?|onces?|pintes?|chopines?|muids?|barriques?|aunes?|perches?"
    r"|quintaux|quintal|hectolitres?|cl|dl|gram(?:me)?s?|gramm|kilos?|kilogram(?:me)?s?|lit(?:re|er)s?|met(?:re"
    r"|er)s?|m[eè]tres?|hectares?|ares|lieues?|pieds?"
    r"|pouces?|toises?|arpents?|pfund|zoll|fu(?:ß|ss)|ellen?|morgen|meilen?|zentner|centner|ztr|scheffel|loth?)\b"
    r"|(?:[gmlFcC]|h[al])\b(?!['’]))"
)
_MEASURE = rf"(?:{_COIN}|{_UNIT})(?:(?<!%)\.)?"
_POUNDS = r"£\s?\d{1,5}(?:[.:/-]\s?|\s)(?:1?\d)(?:[.:/-]\s?|\s)(?:\d|1[01])(?:\s?[¼½¾](?!\w)|(?![\d.,/]?\d))"
"""Pounds, shillings and pence apart by points, strokes or blanks, as in ledgers: £3 13 6, £0. 8. 2."""
_COLUMNS = r"(?<![\w.,/:£$-])\d{1,4}\.\s(?:1?\d)\.\s(?:\d|1[01])(?:\s?[¼½¾](?!\w)|(?![\d.,/]?\w|\.\s?\d))"
_SHILLINGS = r"(?<![\w.,/:])\d{1,3}(?:/-|s?/(?:\d|1[01])[¼½¾]?(?![\w/.-]))"
_PENCE = r"(?<![\w.,/:])(?:(?!(?:2|3|22|23)d)\d{1,2}|\d{0,2}\s?[¼½¾])d\b"
"""2d and 3d are the second and the third."""
_STERLING = rf"(?:{_FIGURE}\s?[sS]\b\.?(?:\s?{_FIGURE}\s?[dD]\b\.?)?|{_FIGURE}\s?[dD]\b\.?)"
_REST = r"(?:(?<=(?i:fr|mk)\. )\d\d\b(?![.,]?\d)|\d{2,3}\b(?![.,]?\d|[ ]?\w)|\d{1,2}['′])"
"""Smaller coins, weights or minutes without a word of their own: `25 fr. 50`, `3 kg 200`, `32° 40'`."""
_AMOUNT = re.compile(
    rf"(?=[-−–+\dA-Zfrmt¼-¾⅐-⅞]|{_SYMBOL})"
    rf"(?:{_POUNDS}|{_COLUMNS}|{_PENCE}|(?<![\w.,/:])\d{{1,3}}/-|(?<=\bat ){_SHILLINGS}|(?<=@ ){_SHILLINGS}"
    rf"|(?:{_SIGN}?(?:\b[A-Z]{{1,3}})?{_SYMBOL}(?:[A-Z]{{1,2}}\b)?\s?[-−–]?{_SPACED_FIGURE}"
    rf"|{_COIN_BEFORE}\s?{_SPACED_FIGURE})"
    rf"(?:\s?(?:million|milliard|m|k|K)\b)?(?:[.,]?\s{_STERLING})?"
    rf"|{_SIGN}?(?<![\w.,/:])(?:{_SPACED_FIGURE}\s?(?:{_SYMBOL}|(?<=[\d\s¼-¾⅐-⅞]){_MEASURE})"
    rf"(?:[ ](?:{_FIGURE}[ ]?{_MEASURE}|(?<=\. )\d{{1,2}} ?s\.?(?: \d{{1,2}} ?d\.)?|(?<=\. )\d{{1,2}} gr\.|{_REST}))*"
    rf"|\d{{1,3}}\s?s\.?\s?{_FIGURE}\s?d\b\.?|\d{{1,2}}\s?s\.))"
)
_NUMBER = re.compile(
    rf"(?=[-−–+(]|[^\W_]{{0,4}}-?[\d¼-¾⅐-⅞]){_SIGN}?(?:(?<![^\W_])[^\W\d_]{{1,4}}-?(?=\d))?(?:\(\d{{3}}\)\s)?{_FIGURE}(?:[^\W\d_]{{1,4}}\b|[\"”″'′](?=\W|$))?"
)
_IN_SHILLINGS = re.compile(r"£|\d/-|\d\s?s\.|(?i:\bshill)")
_OLD_MONEY = re.compile(
    rf"(?<![\w.,/:-])\d{{1,4}}\.1?\d\.(?:\d|1[01])(?![\w.,/])|(?!(?:1/2|[123]/4|[12]/3|[1357]/8"
    rf"|[157]/16)(?!\d)){_SHILLINGS}"
)
"""4/6 is four shillings and sixpence where other money is in shillings; common fractions are not."""
_MONEY_IN_TEXT = re.compile(rf"{_SYMBOL}|(?i:\b(?:dollars?|cents?|francs?|frs?|marks?|mk|euros?|pounds?)\b)")
_TWO_DECIMALS = re.compile(r"(?<![\w.,/:+-])\d{0,3}(?:[.,' ]?\d{3})*[.,]\d\d(?![\w/:]|[.,]\d)(?=\s*(?:\n|\Z|\s{2}))")
"""At the end of a line or before a gap, where a column of money stands."""
_PATTERNS: dict[FigureKind, re.Pattern[str]] = {"date": _DATE, "amount": _AMOUNT, "number": _NUMBER}

_TAGS = re.compile(r"</?su[pb]>|\^")
_DASHES = str.maketrans("‐‑‒–—―−’⁄·", "-------'/.")
_WHOLE_AND_PART = re.compile(r"(?<=\d)[ -](?=\d{1,2}/\d)")
_THOUSANDS = re.compile(r"(?<=\d)(?:[,' \u00a0\u202f]|\.(?=\d{3}[.,]\d))(?=\d{3}(?!\d))")
_ORDINAL_ENDING = re.compile(rf"(?<=\d)\s?{_ORDINAL}\b")
_DATE_PART = re.compile(r"\d+|[^\W\d_]+")
_PART = re.compile(rf"(?<![^\s$£€(\[])[-+](?=\s?\d)|\d+(?:[./]\d+)*|[%‰°]|{_SYMBOL}|[^\W\d_]+")
_IDLE = frozenset({"the", "of", "le", "de", "den", "d"})


def figures(text: str) -> list[tuple[FigureKind, int, int]]:
    """Kind, start and end, in order; none overlap: a date's numbers are no numbers of their own."""
    found: list[tuple[FigureKind, int, int]] = []
    taken = bytearray(len(text))
    for kind, pattern in _patterns_for(text):
        for match in pattern.finditer(text):
            start, end = match.span()
            if not any(taken[start:end]):
                taken[start:end] = b"x" * (end - start)
                found.append((kind, start, end))
    return sorted(found, key=lambda token: token[1])


def _patterns_for(text: str) -> list[tuple[FigureKind, re.Pattern[str]]]:
    """In order; what a bare figure means is told by the money that the text speaks of."""
    patterns = list(_PATTERNS.items())
    if _IN_SHILLINGS.search(text):
        patterns.insert(2, ("amount", _OLD_MONEY))
    if _MONEY_IN_TEXT.search(text):
        patterns.insert(-1, ("amount", _TWO_DECIMALS))
    return patterns


def is_date_at(text: str, start: int) -> bool:
    """Whether a date begins there."""
    return _DATE.match(text, start) is not None


def essence(text: str, kind: FigureKind) -> tuple[str, ...]:
    """What must be the same, as written: figures, fraction, sign, currency, unit, month and weekday by their letters.

    Spacing, points, commas between thousands and the ending of an ordinal may differ. So may the order of a date whose
    month is a word, for nothing can be mistaken; `3/4` and `4/3` can. A month or unit spelled out otherwise is not what
    was written.
    """
    plain = _plain(text) if kind == "amount" else _ORDINAL_ENDING.sub("", _plain(text))
    if kind == "date":
        parts = [part for part in _DATE_PART.findall(plain) if part not in _IDLE]
        return tuple(sorted(parts) if any(part.isalpha() for part in parts) else parts)
    parts = _PART.findall(_THOUSANDS.sub("", plain).replace(",", "."))
    words = "".join(part for part in parts if part.isalpha())
    return (words, *sorted(filter(_is_symbol, parts)), *(p for p in parts if not p.isalpha() and not _is_symbol(p)))


def _is_symbol(part: str) -> bool:
    return unicodedata.category(part[0]) == "Sc"


def _plain(text: str) -> str:
    folded = "".join(_fraction(character) for character in _TAGS.sub("", text.casefold())).translate(_DASHES)
    return _WHOLE_AND_PART.sub(" ", folded)


def _fraction(character: str) -> str:
    """`½` is ` 1/2`, apart from the whole before it: `12½` must not become `121/2`."""
    if unicodedata.decomposition(character).startswith("<fraction>"):
        return " " + unicodedata.normalize("NFKC", character)
    return character
