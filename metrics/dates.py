"""Dates, as they stand in letters, registers and account books, and days that only their place makes dates.

Knows English, French and German, in old spellings too, and need not be told which: hardly a word here means something
else in another of them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise


def any_of(listed: str) -> str:
    """A pattern for one of the patterns between blanks."""
    return f"(?:{'|'.join(listed.split())})"


_MONTH = (
    any_of(
        r"""
    jan(?:y|uary|uari[ij]|uar|v(?:ier)?)?|jänner|jenner feb(?:y|er|r|ruary|ruari[ij]|ruar)?|f[eé]vr?(?:ier)?|febvrier
    mar(?:ch|t(?:ii|ij)|s|z)?|mch|märz|ap(?:rilis|rill?|rl|r|l)?|avr(?:il)? ma[iy]|maj?i
    june?|juin|jun[iy]|jun(?:ii|ij) july?|juil(?:let|l)?|juli[is]?|jul(?:ii|ij) aug(?:ust[io]?|t)?|ao[uû]s?t
    sep(?:tember|tembre|tembris|tembr|tbr|temb|tb|tr|t|r)?
    o[ck]t(?:ober|obre|obris|obr|ob|br|b|r)?|nov(?:ember|embre|embris|embr|br|r)?|d[eé][cz](?:ember|embre|embris|embr|br|r)?
    (?:[789X]|10|V|VII|VIII|IX)\s?b(?:re|er|ris)
    (?:lenz|ostern|wonne|brach|heu|ernte|herbst|wein|winter|christ)mon(?:at|d) hornung
    vendémiaire|brumaire|frimaire|niv[oô]se|pluvi[oô]se|vent[oô]se|germinal|flor[ée]al|prairial|messidor
    thermidor|fructidor
    """
    )
    + r"\b"
)
_SPOKEN_MONTH = (
    r"(?:(?:January|February|April|June|July|August|September|October|November|December"
    r"|Januar|Jänner|Februar|März|Juni|Juli|Oktober|Dezember"
    r"|janvier|février|avril|juin|juillet|août|septembre|octobre|novembre|décembre"
    r"|(?:May|March)(?:(?<=\b[Ii]n May)|(?<=\b[Oo]f May)|(?<=ast May)|(?<=since May)|(?<=next May)"
    r"|(?<=\b[Ii]n March)|(?<=\b[Oo]f March)|(?<=ast March)|(?<=since March)|(?<=next March))"
    r"|(?=[MASN])(?:(?<=\b[Ii]m )|(?<=Ende )|(?<=Anfang )|(?<=Mitte ))(?:Mai|August|September|November)"
    r"|ma(?:i|rs)(?:(?<=\b[Ee]n ma[ir])|(?<=\b[Dd]e ma[ir])|(?<=uis ma[ir])|(?<=\bfin ma[ir])|(?<=\bmi-ma[ir])"
    r"|(?<=\b[Ee]n mars)|(?<=\b[Dd]e mars)|(?<=uis mars)|(?<=\bfin mars)|(?<=\bmi-mars)))\b(?! [A-Z][a-z])"
    r"|(?=[A-Z])(?:(?<=\bin )|(?<=\blast )|(?<=\bnext )|(?<=\bsince )|(?<=\bfrom )|(?<=\btill )|(?<=\bof ))"
    r"(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\b\.?(?! ?\d))"
)
"""Alone it must be written out or stand where a month does: `August Weber` is a man."""
_WEEKDAY = (
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|(?:MON|TUES|WEDNES|THURS|FRI|SATUR|SUN)DAY"
    r"|(?:Mon|Tues|Wednes|Weds|Thurs|Fri|Satur|Sat|Sun)d(?:y|ay)|(?:Wed|Sat)y"
    r"|[Ll]undi|[Mm]ardi|[Mm]ercredi|[Jj]eudi|[Vv]endredi|[Ss]amedi|[Dd]imanche"
    r"|(?:Montag|Dienstag|Donnerstag|Freitag|Frey?tag|Samb?stag|Sonnabend|Sonntag)s?"
    r"|Mittwochs?)(?![^\W_])(?:(?<=[dt]y)\.)?"
)
ORDINAL = r"(?:r?st|nd|rd|th|d|ter|s?ten|s?te|er|[eè]me|e)"
_DAY_NUMBER = r"(?:0?[1-9]|[12]\d|3[01])"
_DAY = rf"(?<![\d.,/:])(?<!N[or]\. )(?:\d{{1,2}}/)?{_DAY_NUMBER}(?!\d)(?:\s?{ORDINAL}\b|[\"”″’'])?\.?"
_YEAR = (
    r"(?:,?\s+(?:\d{4}(?:/\d{1,2})?\b|(?:l['’])?an [IVX]{1,5}\b|(?:l['’])?an \d{1,2}e?\b|['’]\d{2}\b"
    r"|(?<!\s\s)(?:(?<!\.)(?<!\. )\d{2}(?=[^\S\n]*(?:\n|\Z)|[^\S\n]{2})|\d{2}(?=\.(?:\s+[A-Z]|\s*(?:\n|\Z)))"
    r"|(?:3[2-9]|[4-9]\d)(?=[,;:)](?!\d)|\.(?!\d))))|\s*/[ .]*\d{2}\b)"
)
"""Two figures alone are a year only at the end of a line: `March 4 12 barrels` goes on."""
_SHORT_WEEKDAY = (
    r"\b(?:(?:Mon|Tues?|Weds?|Thurs?|Thu|Fri|Sat|Sun|[Ll]un|[Mm]ar|[Mm]er|[Jj]eu|[Vv]en|[Ss]am|[Dd]im)\b\.?"
    r"|(?:Mo|Di|Mi|Do|Fr|Sa|So)\b\.?(?=,?\s(?:den\s)?\d{1,2}\.\s?\d{1,2}\.))"
)
"""Only before a day: by themselves most of them are other words."""
_FEAST = (
    r"\b(?:Xmas|Christmas|Easter|Michaelmas|Whitsun(?:tide|day)?|Candlemas|Lammas|Martinmas|Shrovetide|Hallowmas"
    r"|Lady Day|Boxing Day|Ascension Day|Twelfth Night|Thanksgiving|Midsummer|New Year['’]?s|All (?:Saints|Souls)['’]?"
    r"|(?:Good|Whit|Ash|Shrove|Palm|Trinity|Easter|Advent)\s(?:Sunday|Monday|Tuesday|Wednesday|Friday)"
    r"|S(?:ain)?t\.? [A-Z]\w+['’]?s(?= [Dd]ay\b|-?[Tt]ide)"
    r"|Ostern|Weihnachten|Pfingsten|Fronleichnam|Fastnacht|Allerheiligen|Allerseelen|Neujahr|Sylvester|Silvester"
    r"|Dreikönig(?:e|stag)?|Heilig(?:er|en)?\s?[Aa]bend|[CK]h?arfreitag|Gründonnerstag|Aschermittwoch|Lichtme(?:ß|ss)"
    r"|(?:Christi )?Himmelfahrt|Mariä \w+|Trinitatis|Quasimodogeniti|Michaelis?|Georgii|Johannistag|Martin(?:i|s)tag"
    r"|Michaelistag|Maytag|Neujahrstag|Bu(?:ß|ss)tag|Bu(?:ß|ss)- und Bettag|Erntedank(?:fest)?|Reformationsfest"
    r"|Hogmanay|(?:heiligen? )?(?:drei|3) Könige|Nikolaustag"
    r"|Advent(?:ssonntag)?|(?:Oster|Pfingst|Weihnachts|Christ)(?:sonn|mon|fest|feier)?tag"
    r"|(?=[MJGATBLCI][a-z])(?:(?<=\b[Zz]u )|(?<=\b[Aa]uf )|(?<=\b[Aa]n )|(?<=\b[Vv]or )|(?<=\b[Vv]on )"
    r"|(?<=\b[Nn]ach )|(?<=\b[Bb]is )"
    r"|(?<=\b[Ss]eit )|(?<=\b[Uu]m )|(?m:^))"
    r"(?:Martini|Johannis?|Ja[kc]obi|Georgi|Galli|Andreä?|Thomä|Bartholomäi|Laurentii|Judica|Jubilate|Cantate"
    r"|Invocavit)"
    r"|Noël|P[âa]ques|Pentecôte|Toussaint(?<=[Ll]a Toussaint)|Chandeleur|Épiphanie|Fête-Dieu|[Mm]ardi gras"
    r"|[Vv]endredi[ -][Ss]aint"
    r"|[Ll]undi de P(?:âques|entecôte)|l(?<=\bjour de l)['’]an\b"
    r"|S(?:(?<=[Ll]a S)|(?<=jour de S)|(?<=jour S))(?:ain)?te?[-. ]{1,2}[A-ZÉ]\w+(?:-[A-ZÉ]\w+)?)\b(?:\s(?:[Dd]ay"
    r"|[Ee]ve|[Mm]orning)\b)?"
)
"""A day by its saint or service; what may also be a man's name (Martini, Georgi) stands behind a preposition."""
_THIS_MONTH = (
    r"(?:(?:du )?courant|dudit(?: mois)?|du d(?:it)? mois|dud\.?(?: mois)?|passato|crt|dieses(?: Monats)?|ejusd(?:em)?"
    r"|hujus|huj|curr(?:entis)?"
    r"|Ct|cr"
    r"|(?i:inst(?:ant)?|ult(?:imo)?|prox(?:imo)?)|d\.\s?M|v\.\s?M|k\.\s?M|l\.\s?M"
    r"|d(?:[si]?e?s)?\.?\s(?:Mts|Mon|Monats)|vorigen Monats|de ce mois|du mois (?:dernier|courant|prochain))\b\.?"
)
_ROMAN_MONTH = r"(?i:i{1,3}|iv|vi{0,3}|ix|xi{0,2})"
_QUAKER = r"\d{1,2}(?:st|nd|rd|th|d)?\s(?:mo\b\.?|[Mm]onth\b)"
"""The months of Friends have numbers: 4th month, 2nd mo."""
_ENDS = r"(?=[^\S\n]*(?:[,;:)&]|\.(?!\d)|\n|\Z))"
_COUNTED = any_of(
    """
    of inst ult prox day regt regiment battalion company class grade century page chapter volume vol line time part
    share son daughter child
    place prize year week month verse psalm hole round floor ward reg cavalry infantry division brigade corps item lot
    """
)
"""What is numbered by an ordinal and is no day."""
_BARE_DAY = (
    # English: behind `on the` and the like, before what is no noun.
    r"(?:the\s(?:(?<=\b[Oo]n the\s)|(?<=till the\s)|(?<=by the\s)|(?<=from the\s)|(?<=since the\s)|(?<=\bto the\s)"
    r"|(?<=fore the\s)|(?<=after the\s)|(?<=dated the\s)|(?<=\bof the\s)|(?<=for the\s)|(?<=tween the\s))|ye\s)"
    rf"{_DAY_NUMBER}(?:r?st|nd|rd|th|d)\b"
    rf"(?:{_ENDS}|(?=\s(?!{_COUNTED})[a-z]))"
    rf"|the\s{_DAY_NUMBER}(?:r?st|nd|rd|th){_ENDS}"
    rf"|{_DAY_NUMBER}(?:r?st|nd|rd|th):(?=\s)"
    # German: behind a preposition with its article, before no noun.
    rf"|(?:[Dd]en\s|[Dd]\.\s?|(?=\d)(?:(?<=\b[Aa]m )|(?<=\b[Vv]om )|(?<=\b[Zz]um )|(?<=\b[Bb]is )"
    rf"|(?<=\bdem ))){_DAY_NUMBER}"
    rf"(?:s?ten\b|te\b|\.(?!\s?\d|\s[A-ZÄÖÜ]\w))(?!\s?(?:{_THIS_MONTH}|(?i:{_MONTH})))"
    rf"|(?:[Dd]en\s|(?m:^)[^\S\n]*[Dd]\.\s?){_DAY_NUMBER}\.(?!\s?(?:\d|{_THIS_MONTH}|(?i:{_MONTH})))"
    # French: `le 9`, but neither a measure nor the first figure of a larger one.
    rf"|[Ll]e\s(?:1er|{_DAY_NUMBER}(?:e(?={_ENDS[3:-1]}))?)(?![\w°%]|[.,:/-]\d|\s?[%°]|\s(?:h|heures?|bis|rue)\b)"
    rf"(?!\s(?:{_THIS_MONTH}|(?i:{_MONTH})))"
    rf"|(?=\d)(?:(?<=\bdatée du )|(?<=\bdaté du )|(?<=\bdu )(?=1er\b)|(?<=\blettre du ))(?:1er\b"
    rf"|{_DAY_NUMBER}\b){_ENDS}"
)
_OF_A_ROW = (
    rf"(?<![\d.,/:£$-])(?<!£ ){_DAY_NUMBER}(?:\s?{ORDINAL}\b|\.)?"
    rf"(?=(?:(?:,|,?\s(?:&|and|to|till|und|et|au|ou|or|bis(?:\szum)?)|\s?[-–])\s?(?:the\s|den\s|le\s)?{_DAY_NUMBER}"
    rf"(?:{ORDINAL}\b|\.)?){{1,3}}\s?(?:of\s|de\s)?(?i:{_MONTH}))"
)
"""A day whose month stands with a later one: the 9th & 11th Jan., vom 17., 21. und 22. November."""
_NAMED_WEEKDAY = rf"(?:{_WEEKDAY}|{_SHORT_WEEKDAY}(?=,?\s(?:den\s|le\s|the\s)?(?:\d|(?i:{_MONTH}))))"
_MAY_BEGIN = (
    r"\d|A[dlnopsuvOPUV]|B[aor]|C[ahAH]|D[eéiorE. ]|E[aopr]|É|F[aeéêlrER]|G[aeor]|H[aeioO]|In|J[aäeouAU]|K[ah]"
    r"|L[aeiuE]|M[aäeioAOE]|N[eioO]|O[ckstCK]|P[aâeflr]|Qu|S[aehiotuy. EAU]|T[horuwUH]|V[eI ]|W[ehioE]|X"
    r"|(?:le|the|ye|den|d\.|ditto|dito|do\.?) ?\d|lun|mar|mer|jeu|ven|sam|dim|jan|f[eé][vb]|avr|apr|ma[iy]|jui|jul|jun"
    r"|aug|ao[uû]|sep|oct|nov|d[eé]c|pr[ea]|l['’]an|brum|frim|niv|plu|germ|flor|mess|ther|fruct|heil"
)
"""The first letters of all that begins a date: most words are dismissed by them."""
DATE = re.compile(
    rf"(?<![^\W\d_])(?={_MAY_BEGIN})(?:"
    r"(?=\D)"
    rf"{_FEAST}(?:,?\s+\d{{4}}\b)?"
    rf"|(?=\D){_WEEKDAY} (?:vor|nach|post|ante|after|before|avant|après) {_FEAST}(?:,?\s+\d{{4}}\b)?"
    rf"|(?:{_NAMED_WEEKDAY},?\s+(?:den\s|le\s|the\s)?)?"
    r"(?:(?:(?:Anno\s|(?m:^))\d{4},?[^\S\n](?:den\s|le\s)?)?"
    rf"(?:\b(?:{_DAY}(?:\s*(?:(?:day )?of\s+|de\s+|d['’])|[^\S\n]{{0,3}}"
    rf"|[^\S\n]*\n[^\S\n]*(?=(?i:{_MONTH})\.?,?(?:\s\d{{4}}\b|[ ][a-z]|\n|\Z)))(?i:{_MONTH})[.:]?{_YEAR}?"
    rf"|[Pp]remier\s+(?i:{_MONTH}){_YEAR}?"
    rf"|(?=[A-Z]|(?:january|february|april|june|july|august|september|october|november|december)\b)"
    rf"(?i:{_MONTH})\.?\s+(?:the\s|ye\s|den\s|d\.\s?)?{_DAY}(?!\d|[.,:/]\d|\s(?:miles"
    rf"|men)\b){_YEAR}?(?:[ ](?:{_WEEKDAY}|(?:Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)\.))?"
    rf"|(?=[A-Z])(?i:{_MONTH})\.?{_YEAR}"
    rf"|(?i:{_MONTH})\.?\s+\d{{4}}(?:/\d{{1,2}})?\b"
    rf"|{_DAY},?\s+{_THIS_MONTH}"
    rf"|{_DAY}\s(?:day )?(?:of )?(?:the )?{_QUAKER}(?:,?\s\d{{4}}\b)?"
    rf"|{_QUAKER}\s{_DAY}(?:,?\s\d{{4}}\b)?"
    r"|(?<![\d./-])(?:0?[1-9]|[12]\d|3[01])\.[^\S\n]?(?:(?:II{1,2}|IV|VI{1,3}|IX|XI{1,2})\.(?:\s?\d{4}\b|\d{2}\b)?"
    r"|[IVX]\.\s?\d{4}\b)"
    rf"|{_DAY_NUMBER}(?P<roman>[./-])\s?{_ROMAN_MONTH}(?P=roman)\s?\d{{2,4}}\b"
    r"|(?<=\b[Ll]e )\d{1,2}/(?:0?[1-9]|1[0-2])\b(?!/)"
    r"|(?<![\d./£$-])(?<![£$] )(?:0?[1-9]|[12]\d|3[01])\.[^\S\n]?(?:0?[1-9]|1[0-2])\.(?![\d\w]|\s?\d|\s[-–])"
    r"|(?<![\d./£$-])(?<![£$] )(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?=\s\d)"
    r"|(?<![\d./-])(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])[ ,]+1[5-9]\d\d\b"
    r"|\d{4}-\d{1,2}-\d{1,2}\b|(?<![\d./£-])(?<!£ )(?:0?[1-9]|[12]\d|3[01])"
    r"(?:(?P<gap>[./-])\s?(?:0?[1-9]|[12]\d|3[01])(?P=gap)\s?\d{4}|(?P<near>[./-])(?:0?[1-9]|[12]\d"
    r"|3[01])(?P=near)\d{2}"
    r"|\. (?:0?[1-9]|1[0-2])\. \d{2})(?![^\W_]|[./-]\d))"
    rf"|\b{_SPOKEN_MONTH}))"
    rf"|(?=\D){_NAMED_WEEKDAY},?\s(?:den\s|le\s|the\s){_DAY}(?![.,:/]?\d|\s?[%°])"
    rf"|(?=\D){_NAMED_WEEKDAY},?[^\S\n]{_DAY}(?![.,:/]?\d|\s?[%°]|\s(?:miles|men|h|Uhr|o['’]clock|[ap]\.?\s?m)\b)"
    rf"(?:(?<=\w{{2}}[a-z])|(?<=\.)|{_ENDS}|(?=[^\S\n]{{2}}))"
    r"|(?:[Ll]undi|[Mm]ardi|[Mm]ercredi|[Jj]eudi|[Vv]endredi|[Ss]amedi|[Dd]imanche)[^\S\n]"
    rf"(?:1er|{_DAY_NUMBER})\b(?![.,:/]?\d|\s?[%°]|\s(?:h|heures?)\b)"
    rf"|(?m:^[^\S\n]*)(?!\w+(?:tags?|abend|wochs?)\b){_NAMED_WEEKDAY}[^\S\n]{_DAY}(?![.,:/]?\d|\s?[%°]|\s(?:miles"
    rf"|men|h|Uhr|o['’]clock|[ap]\.?\s?m)\b)"
    rf"|(?m:^)[^\S\n]*{_DAY_NUMBER},? (?:{_WEEKDAY}|(?:Lun|Mar|Mer|Jeu|Ven|Sam|Dim)\.)"
    rf"|{_WEEKDAY}"
    rf"|{_OF_A_ROW}|{_BARE_DAY}"
    r"|(?<![\d./-])(?:0?[1-9]|[12]\d|3[01])\./(?:0?[1-9]|1[0-2])\.|(?:(?<=\bdu )|(?<=\ble ))\d{1,2} ct\."
    r"|[1-4]\.?(?:s?ten)?\s(?:Advent|(?:Oster|Pfingst|Weihnachts)(?:feier)?tag)\b(?:,?\s+\d{4}\b)?"
    r"|\b(?:Tues|Weds|Thurs)\b\.?|\b(?:Mon|Wed|Fri|Sat|Sun)\.(?<=[a-z] \w{3}\.)(?=\s|\Z)"
    r"|\b(?:Mon|Wed|Fri|Sat|Sun)\b(?=\s?(?:to|-|–|and|&)\s?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))"
    r"|(?=[MWFS])(?:(?<=\bon )|(?<=\btill )|(?<=\buntil )|(?<=\bby )|(?<=\bnext )|(?<=\blast )|(?<=\bsince )"
    r"|(?<=\brest ))"
    r"(?:Mon|Wed|Fri|Sat|Sun)\b\.?|\b(?:Mon|Wed|Fri|Sat|Sun)\b\.?(?=\s\d{1,2}\s?[ap]\.?\s?m\b|[,;] [a-z])"
    r"|(?m:^[^\S\n]*)(?:Mon|Tues|Weds?|Thurs?|Fri|Sat|Sun)\b(?:\.|(?=:|[^\S\n]?[-–—]|[^\S\n]{2}))"
    rf"|(?m:^[^\S\n]*)(?:[Dd]it?to|[Dd]o)\.?\s{_DAY_NUMBER}\b(?![.,:/]\d))"
)
_ORDINAL_DAY = re.compile(rf"[^\S\n]*{_DAY_NUMBER}\s?{ORDINAL}\b")
_FULL_DATE = re.compile(r"(?<![\d./-])\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d\d)(?![\d./-])")
_MONTH_NUMBER = r"(?:0?[1-9]|1[0-2])"
_DAY_AND_MONTH = {
    gap: re.compile(
        rf"(?<![\w./£$,-])(?!(?:1/2|[123]/4|[12]/3)\b)"
        rf"(?:{_MONTH_NUMBER}{gap}{_DAY_NUMBER}|{_DAY_NUMBER}{gap}{_MONTH_NUMBER})(?![\w/%]|[.,-]\d)"
    )
    for gap in "/-"
}
_FAR_DAY = re.compile(
    rf"(?<![\w./£$,-])(?:{_MONTH_NUMBER}/(?:1[345789]|2[1-9]|3[01])|(?:1[3-9]|2\d|3[01])/[1-9])(?![\w/%]|[.,-]\d)"
)
"""A pair of which only one can be the month, and no common fraction."""
_LINE_DAY_AND_MONTH = re.compile(
    rf"(?m:^)[^\S\n]*({_DAY_NUMBER}[/.-]{_MONTH_NUMBER}\b\.?)(?![/.,-]?\d|[^\S\n]?[%°])(?=\s)"
)
_LINE_DAY = re.compile(
    rf"(?m:^)[^\S\n]*({_DAY_NUMBER}(?P<ending>\s?{ORDINAL}\b|:|\.)?)"
    r"(?:[^\S\n]+(?P<entry>To|By|An|Par|Für|Von)\b|[^\S\n]{2}|(?<=[a-z:])[^\S\n]|[^\S\n](?P<near>[A-Z]))"
)
_MONTH_IN_TEXT = re.compile(rf"(?<![^\W\d_])(?i:{_MONTH})")
_DATED_LINE = re.compile(
    rf"(?m:^)[^\S\n]*(?:\d{{4}},? )?(?:(?P<day>{_DAY_NUMBER})(?:\s?{ORDINAL}\b|\.)?\s(?i:{_MONTH})\.?"
    rf"|(?=[A-Z])(?i:{_MONTH})[.:]?\s(?P<later>{_DAY_NUMBER})\b(?:\s?{ORDINAL}\b)?\.?)"
    r"(?=[^\S\n]+\S)(?!,? \d{4}[^\S\n]*\n)"
)
"""A line of a ledger or diary that begins with a date and goes on."""


def patterns_of_pairs(text: str) -> Iterator[re.Pattern[str]]:
    """What finds `3/9`: what can be no fraction, and any pair written as whole dates of the text are."""
    yield _FAR_DAY
    for gap in sorted({match[1] for match in _FULL_DATE.finditer(text)} & _DAY_AND_MONTH.keys()):
        yield _DAY_AND_MONTH[gap]


def column_of_dates(text: str) -> Iterable[tuple[int, int]]:
    """`3/9` at the beginning of two lines or more."""
    column = [match.span(1) for match in _LINE_DAY_AND_MONTH.finditer(text)]
    return column if len(column) > 1 else ()


def days_of_a_ledger(text: str, whole: str) -> Iterable[tuple[int, int]]:
    """Bare days where lines begin: they rise from a dated line on, or not one by one as the numbers of a list do.

    `whole` is the text with its dates.
    """
    matches = list(_LINE_DAY.finditer(text))
    if not matches or not _MONTH_IN_TEXT.search(whole):
        return ()
    dated = [(match.start(), int(match["day"] or match["later"])) for match in _DATED_LINE.finditer(whole)]
    return _days_after(dated, matches) if dated else _days_of_a_list(matches)


def _days_after(dated: Sequence[tuple[int, int]], matches: Iterable[re.Match[str]]) -> list[tuple[int, int]]:
    """What is no earlier than the day before it; without a gap behind it, it must be the next."""
    found: list[tuple[int, int]] = []
    starts = [start for start, _ in dated]
    last = 0, 0
    for match in matches:
        line = bisect_right(starts, match.start()) - 1
        if line < 0:
            continue
        last = max(last, dated[line])
        day = int(re.sub(r"\D", "", match[1]))
        if day - last[1] in (0, 1) or (day > last[1] and (match["ending"] or not match["near"])):
            last = match.start(), day
            found.append(match.span(1))
    return found


def _days_of_a_list(matches: Sequence[re.Match[str]]) -> list[tuple[int, int]]:
    many = len(matches) > 3 and not any(match["near"] for match in matches)
    sure = [match for match in matches if (match["ending"] or match["entry"] or many) and not match["near"]]
    days = [int(re.sub(r"\D", "", match[1])) for match in sure]
    steps = [later - day for day, later in pairwise(days)]
    if not steps or min(steps) < 0 or all(step == 1 for step in steps):
        return []
    return [match.span(1) for match in sure]


def is_date_at(text: str, start: int) -> bool:
    """Whether a date begins there."""
    return DATE.match(text, start) is not None


def begins_with_a_date(text: str) -> bool:
    """Whether nothing but points and blanks stands beside a date or a day."""
    match = DATE.match(text) or _ORDINAL_DAY.match(text)
    return match is not None and not text[match.end() :].strip(" .,:;-–—")
