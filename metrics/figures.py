"""Dates, amounts and numbers: where they stand in a text, and what of them must be the same in another.

An amount is a figure with its currency, percent sign or unit; a date has a month or weekday by name, or is written in
figures alone; what is left is a number. Numbers in words are words. Knows English, French and German, in old spellings
too, and need not be told which: hardly a word here means something else in another of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from typing import Literal

from metrics.dates import DATE, ORDINAL, any_of, column_of_dates, days_of_a_ledger, patterns_of_pairs

FigureKind = Literal["date", "amount", "number"]
_Spans = Iterable[tuple[int, int]]


_SIGN = r"(?:(?<![^\s(\[])[-−–+])"
_VULGAR = r"[¼-¾⅐-⅞]"
_GROUPS = r"\d{1,20}(?:[.,'’/:·⁄–\-]\d{1,20}){0,8}"
"""Bounded, or a page of digits would be tried from every one of them to its end."""
_FIGURE = rf"(?:{_GROUPS}(?:,[-–]-?|[ -]?{_VULGAR}|[ -]\d{{1,2}}[/⁄]\d{{1,2}}\b)?|{_VULGAR})"
_SPACED_FIGURE = rf"(?:\d{{1,3}}(?:[ \u00a0\u202f]\d{{3}}){{1,4}}(?:[.,]\d{{1,2}})?(?!\d)|\.\d{{1,3}}(?!\d)|{_FIGURE})"
"""Thousands kept apart by spaces are one figure only where a currency or unit says so: a table has columns."""
_SYMBOL = r"[$¢-¥֏؋৲৳૱௹฿៛₠-⃀﷼﹩＄￠￡￥￦ℳ₰]"
_MANY = r"(?:(?i:million(?:en|s)?|milliarden?|milliards?|billionen|lakhs?(?: of)?|crores?(?: of)?)\s)?"
_COIN = (
    r"(?:USD|EUR|GBP|CHF|RM|DM|NF|AF|Btz\b|Rp\b|Gr\b|[MFLSKf](?![\w'’])|Thl\b|l(?=\.? \d{1,2} s\b)|f(?=\. \d\d\b)"
    r"|lb(?=\.? \d{1,2} ß)|ßl?(?!\w)|ll(?=\. )|(?i:"
    + any_of(
        r"""
        dollars? dolls? dols? dlrs? drs? cents? cts? pence pounds? euros? marks? mk frs? fs francs? franken NF
        (?:anciens|nouveaux|vieux)\sfrancs? r?thlrs?|rthl|rth|rt (?:reichs|rix[\s-]?)?th?aler[ns]? rix[\s-]?dollars?
        rixd gulden|guld[ei]n|guilders? florins?|flor kreuzer|kreutzer|creutzer|xr|krz schillinge?|schill|sch
        batzen|bz annas?|as\b(?=\.|\s*$) sols?|solz deniers?|mailles liards?|patards louis(?:\sd['’]or)? napol[eé]ons?
        liv kr pf|pfg|pfge|pfennige?|rpf|rappen groschen|grosch sgr|ngr|ggr|mgr|gr(?=\.)
        mariengroschen|stüber|stbr|albus heller|hlr|hl kronen?|kr[oö]nen guineas?|gns|gs shillings?|shill|shs? crowns?
        farthings?|fgs? bob|quid sovereigns? pesos?|reales|reals pagodas?|pags? fanams?|fan taels?|candareens mohurs?
        rupees?|rs pi[ce]s? pia[sg]tres? livres? sous? centimes? r[ou]+bles?|rubel|kopeks? lir[ae] yen|sen
        ducats?|dukaten|duc écus?|ecus pistol(?:es?|en) louisd['’]?or friedrichsd['’]?or karolin(?:en)?|carolin
        doubloons? moidores? chelins? milreis|reis drachmas? fl goldmark|goldpfennige? rentenmark|reichsmark lire
        """
    )
    + r"\b))"
)
_KIND_OF_COIN = (
    r"(?:[ ](?:tournois|parisis|Banco|[Ll]übsch|[Cc]our(?:\b\.|ant\b)|Ct\.|Cour\b|[Ss]terling|Stg|Scots|Straits"
    r"|[Cc]urrency"
    r"|[Rr]hein(?:isch|l)?\b|C\.[ ]?M\.|W\.[ ]?W\.|Conv\.|ö\.[ ]?W\.|d['’]or)\b\.?)?"
)
_METAL = r"(?:(?:Sp\.|Span(?:\.|ish)|Gold|Sicca|Preuß\.|Holl\.)\s)?"
_COIN_BEFORE = (
    r"\b(?:USD|EUR|GBP|CHF|DM|RM|NF|öS|(?:[Ff]rs|fs|(?:S\.[ ]?)?[Rr]s|M[Kk]|R?[Tt]h?lr|Rthl|fl|Sh?s"
    r"|K\.?[ ]?[Ss]hs?|D(?:ol)?lrs"
    r"|Dolls|Drs|[Ll]ire|Mark(?= \d{1,6}[.,]\d\d)|Lit|Gulden)\b\.?|[Ff]r\.|[LKSM]\.?(?=[ ]?\d{1,4}[.,](?:\d\d\b|[-–—]))"
    r"|L\.?(?= \d))"
)
_UNIT = (
    r"(?:℔|(?i:"
    + any_of(
        r"""
        acker centimeter zentimeter millimeter kilometer lth bus(?=\.) st(?=\.?\s\d+\slb) k schfl
        per\s?cent|percent|pct|proc(?:ent)?|prozent|pour\scent|v\.\s?h\.? pr\s?c(?:en)?ts? p\.?\s?c(?:en)?t p\.\s?c
        p\.\s?100 kg|kgs?|mg|km|cm|mm|ml|cl|dl|hl|cc|c\.c|ccm|cbm|qm|IE|UI|m[³²23]|[ck]m[²³23] fm|rm|mph|mEq|mmHg lbs?
        oz|ozs dwts? ft|yds? yards? miles? acres?|ac feet|foot inch(?:es)? ounces? tons? tonnes?|tonneaux?|tonnen
        gallons?|gals?|galls?|galln|gall quarts?|qts? pints?|pts? t(?:ea)?sp(?:oon)?(?:fuls?|s)?
        tbsps?|tablespoon(?:ful)?s? cups?|cupfuls? bushell?s?|bush|bus?hl|bu barr?ell?s?|bbls? cwts? qrs? rods?
        fathoms?|fath roods? poles? leagues? stones? chains?|chs links?|lks pecks?|pks? quires? reams? skeins?
        seers?|srs maunds?|mds tolas? firkins? hogsheads?|hhds? tierces? gills? drams? drachms? grains? scruples?
        minims? ells? nails? degrees?|degs?|deg piculs? catt(?:y|ies) ankers? firlots? bolls? carats?|karat cords?
        (?:cu|sq|cub)\.?\s(?:ft|yds?|feet|yards|in|inches|miles|rods) gms? hundredweights?
        pfd|pfund(?:e|en)?|pfunds|zoll|fu(?:ß|ss)|schuh ellen?
        morgen|joch|juch(?:art|ert)en?|tagwerke?|dezimalen|himb?ten meilen? zentner|centner|ctr|ztr|ltr|liter
        scheffel|sch(?:f|effl) loth?e? eimer|ohm|ohmen? klafter|klftr|quadrat(?:ruth?en|fu(?:ß|ss)|schuh|meter)
        ruth?en? metzen?|mtz m[äa](?:ß|ss)|maas malter|mltr simm?eri?|sester|mütt|fuder|stück?fass
        quentchen|quint(?:el)? grad unzen?|gran|drachmen schoppen|nößel|kannen?|faden|lachter wispel|himten
        fest-?meter|raummeter|kubikmeter|ster ar|hektar gramm|gr kilo tl|el stères?|cordes? centilitres? décalitres?
        hectolitres? milli?litres? kilom[eè]tres? centim[eè]tres? millim[eè]tres? degrés? boisseaux?|boisselées?
        setiers?|sétérées? minots? onces? pintes? chopines? muids? barriques? aunes? perches? quintaux|quintal
        gram(?:me)?s? kilos?|kilogram(?:me)?s? lit(?:re|er)s? met(?:re|er)s?|m[eè]tres? hectares?|ares|centiares?
        lieues? pieds? pouces?|lignes toises? arpents? brasses? journaux cannes(?=\sde) vergées? bichets? quarterons?
        livres\spesant
        """
    )
    + r"\b|pfd|in(?:s\b|\.(?!\w)|\b(?=[^\S\n]*(?:[,;x)]|\.?\n|\Z)|[^\S\n]{2})))"
    r"|(?:[gmlFcCt]|h[al]|T[Ll]|E[Ll])\b(?!['’]))"
)
_RELATIVE = r"(?:%|‰|p\.\s?%|°\d?(?:\s?\d{1,2}['′])?(?:\s?(?:[CFRNSEW]\b\.?|Réaumur|Celsius))?)"
"""Nothing smaller follows a share or a degree."""
_SMALL_COIN = (
    r"(?i:"
    + any_of(
        r"""
        alb ßl s d c h kr|xr|kreuzer|kreutzer|krz pf|pfg|pfge|pfennige?|rpf sgr|ngr|ggr|mgr|gr|groschen hlr|heller|hl
        ß schill(?:inge?)? sols?|solz|sous? den(?:iers?)? cents?|cts?|centimes? pence|shillings?|fan|fanams?
        annas?|as|p(?:ie)?s batzen|btz|bz|rp|rappen pfund albus stüber|stbr farthings?|fgs?
        """
    )
    + r"(?!\w))"
)
_SMALL_UNIT = (
    r"(?i:"
    + any_of(
        r"""
        viertel lth oz|ozs|ounces? in|ins|inch(?:es)? lbs?|pfd|pfund cwt|qrs?|quarters? roods?|r perches|poles?|po|p
        lks?|links? ares?|a|ca|centiares? dwts?|grs?|grains? gr|gros|drachms? loth?|quentchen|zoll pouces?|lignes?
        pints?|pts?|qts?|quarts? seers|srs firlots?|pecks? dezimalen m|cm|mm|centim[eè]tres?|mètres|yds?|g|mg|grammes?
        stone|ft|feet
        """
    )
    + r"(?!\w))"
)
_REST = (
    r"(?:(?:(?<=(?i:fr|mk)\. )|(?<=mètre )|(?<=kilos )|(?<=NF )|(?<=m³ )|(?<=k\. )|(?<= f )|(?<=\d m\. )"
    r"|(?<=Rentenmark ))\d{2,3}\b(?![.,]?\d)"
    r"|\d{2,3}\b(?![.,]?\d|[ ]?\w|[ ]%|[ ]?[$£€₰])|\d{1,2}['′]|(?:(?<=fl\. )|(?<=fr\. ))\d{1,2}(?=[^\S\n]*(?:\n"
    r"|\Z))|½|[1-7]/[248]\b)"
)
"""Smaller coins, weights or minutes without a word of their own: `25 fr. 50`, `3 kg 200`, `32° 40'`."""
_POUNDS = (
    r"£\s?\d{1,5}(?:[.:/-]\s?|\s)(?:1?\d)(?:[.:/-]\s?|\s)(?:\d|1[01])(?:\s?[¼½¾](?!\w)|(?![\d.,/]?\d))"
    r"|£\s?\d{1,5}(?:\.{2}\d{1,2}(?:\.{2}\d{1,2})?(?!\d)|\s\d{1,2}/(?![\d-])|[. ]{1,2}\d{1,2}[. ]{1,2}[-–](?!\d))"
)
"""Pounds, shillings and pence apart by points, strokes or blanks, as in ledgers: £3 13 6, £0. 8. 2, £2. 2. -."""
_PENCE_END = r"(?:\d|1[01])(?:\s?[¼½¾](?!\w)|(?![\d.,/]?\w|\.\s?\d|\s?[-=]\s?\d))"
_COLUMNS = (
    rf"(?<![\w.,/:£$-])\d{{1,4}}(?:\.\s(?:1?\d)\.\s{_PENCE_END}|\s(?P<stroke>[-=–])\s1?\d\s(?P=stroke)\s{_PENCE_END})"
    rf"|(?:(?<=  )|(?<=\. )|(?<=\t))\d{{1,4}} (?:1?\d) {_PENCE_END}(?=[^\S\n]*(?:\n|\Z))"
)
_SHILLINGS = r"(?<![\w.,/:])\d{1,3}(?:/-|s?/(?:\d|1[01])[¼½¾]?(?![\w/-]|\.\d))"
_PENCE = r"(?<![\w.,/:])(?:(?!(?:2|3|22|23)d)\d{1,2}|\d{0,2}\s?[¼-¾⅐-⅞])d\b"
"""2d and 3d are the second and the third."""
_STERLING = rf"(?:{_FIGURE}\s?[sS]\b\.?(?:\s?{_FIGURE}\s?[dD]\b\.?)?|{_FIGURE}\s?[dD]\b\.?)"
_AMOUNT = re.compile(
    rf"(?=[-−–+\dA-Zflrmtö¼-¾⅐-⅞]|\.\d|{_SYMBOL})"
    rf"(?:{_POUNDS}|{_COLUMNS}|{_PENCE}|(?<![\w.,/:])\d{{1,3}}/(?:-|(?:\d|1[01])[¼½¾])|(?<=\bfor )(?!1/|2/3"
    rf"|3/4){_SHILLINGS}|(?:(?<=\bat )|(?<=@ )|(?<=\bcost )|(?<=\bcosts )|(?<=\bpaid )|(?<=\bpd ))"
    rf"{_SHILLINGS}|(?:(?<=\bà )|(?<=@ ))\d{{1,5}}[.,]\d\d\b(?!\s?(?:[%°\w]|{_SYMBOL})|[.,]\d)"
    rf"|(?:{_SIGN}?(?:\b[A-Z]{{1,3}})?{_SYMBOL}(?:[A-Z]{{1,2}}\b)?[^\S\n]?[-−–]?{_SPACED_FIGURE}"
    rf"|{_COIN_BEFORE}[^\S\n]?{_SPACED_FIGURE}(?:/-)?(?: as\.? \d{{1,2}}\b)?)"
    rf"(?:\s?(?:million|milliard|m|k|K)\b)?(?:[.,]?\s{_STERLING})?{_KIND_OF_COIN}"
    rf"|(?:{_SIGN}?(?<![\w.,/:])|(?<!\w)[-–],){_SPACED_FIGURE}[^\S\n]?{_MANY}(?:{_SYMBOL}(?![^\S\n]?\d)"
    rf"|(?<=[\d\s¼-¾⅐-⅞–-]){_METAL}{_COIN}\.?)"
    rf"(?:,?[ ]{_FIGURE}[ ]?{_SMALL_COIN}\.?(?!\w)|[ ]{_REST})*{_KIND_OF_COIN}"
    rf"|(?<![\w.,/:]){_FIGURE} (?:Milliarden?|Billionen|Md\.)(?=[,.;]|\s*(?:\n|\Z)|(?<=\.)\s)"
    rf"|{_SIGN}?(?<![\w.,/:]){_SPACED_FIGURE}[^\S\n]?{_RELATIVE}"
    rf"|(?<!\w)[¼½¾]\s?[\"″]"
    rf"|{_SIGN}?(?<![\w.,/:]){_SPACED_FIGURE}[^\S\n]?(?<=[\d\s¼-¾⅐-⅞]){_UNIT}\.?"
    rf"(?:[ ]{_FIGURE}[ ]?{_SMALL_UNIT}\.?|[ ]{_REST})*"
    rf"|(?<![\w.,/:]){_SPACED_FIGURE}\n(?=[a-z]{{2}}|(?:Mark|Thaler|Gulden|Pfund|Dollars)\b)(?:{_COIN}"
    rf"|{_UNIT})(?![ ]\d)"
    rf"|\d{{1,3}}\s?s\.?\s?{_FIGURE}\s?d\b\.?|\d{{1,2}}\s?s\.)"
)
_GAP = re.compile(r"\S[^\S\n]{2,}[-–—\d.,½¼¾]")
_SUM_PART = r"(?:\d{1,5}[½¼¾⅛⅜⅝⅞]?|[-–—])"
_CELL = re.compile(
    rf"(?=[-–—\d.,½¼¾])(?<=[^\S\n]{{2}})(?<!\n  )(?P<cell>"
    rf"(?P<sum>(?=[^\n\d]{{0,4}}\d){_SUM_PART}(?:[ ](?:{_SUM_PART}|[»\"])){{1,2}}"
    r"|(?:[-–—] ?)?\d{0,3}(?:[. ]?\d{3})*[.,](?:\d\d[½¼¾]?|[-–—])|\d{1,3}/\d{1,2}[½¼¾]?)|\d{1,5}[½¼¾]?)"
    r"(?:(?=[^\S\n]{2})|(?P<last>(?=[^\S\n]*(?:\n|\Z))))"
)
"""What stands between gaps of a line and is a figure, or several as pounds, shillings and pence; not what begins it."""
_CALL_NUMBER = (
    r"(?:(?<=Tel\. )|(?<=[Tt]el )|(?<=Tél\. )|(?<=[Pp]hone )|(?<=\(H\) )|(?<=Mob\. )|(?<=BLZ )|(?<=[Ss]iret )"
    r"|(?<=Nr\. )|(?<=Fernruf )|(?<=Ruf ))\d{1,5}(?:[ /-]\d{2,5}){1,6}\b"
    r"|\b0\d(?: \d\d){4}\b|\b0\d{2,4}[ /-]\d{3,8}\b"
)
_HOUR = (
    r"(?:(?:[¼½¾]|1/2|[13]/4)\s?\d{1,2}(?=\s(?:Uhr|abends|morgens|früh|[Nn]achm|[Vv]orm))|\d{1,2} Uhr \d\d\b"
    r"|\d{1,2}(?:[.:]\d\d)?\s?[apAP]\.?\s?[mM]\b\.?|(?<![\w.,/:])(?:[01]?\d|2[0-4])\s?h(?:\s?[0-5]\d)?(?!\w|\.\w))"
)
_NUMBER = re.compile(
    rf"(?=[-−–+(]|[^\W_]{{0,4}}-?[\d¼-¾⅐-⅞])(?:{_CALL_NUMBER}|{_HOUR}|{_SIGN}?(?:(?<![^\W_])[^\W\d_]{{1,4}}-?(?=\d))?"
    rf"(?:\(\d{{3}}\)\s)?{_FIGURE}(?:[^\W\d_]{{1,4}}\b|[\"”″'′](?=\W|$))?)"
)
_ITEM = re.compile(r"(?m:^)\d{1,2}°(?=[^\S\n]+[a-zà-ÿ])|(?<!\d)[1-9]°(?=\s(?:que\b|qu['’]))")
"""`1° à mon filleul`: the number of an article, no degree."""
_IN_SHILLINGS = re.compile(r"£|\d/-|\d\s?s\.|(?i:\bshill)|\d{1,2}s \d{1,2}d\b|@ ?\d{1,2}d\b")
_OLD_MONEY = re.compile(
    rf"(?=\d)(?:(?<![\w.,/:-])\d{{1,4}}\.1?\d\.(?:\d|1[01])(?![\w.,/])"
    rf"|(?!(?:1/2|[123]/4|[12]/3|[1357]/8|[157]/16)(?!\d)){_SHILLINGS}"
    r"|(?<![\w.,/:£$-])(?:\d{1,3}/(?![\w/-]|\.\d)|[1-3]/[2348](?=\s(?:each|a|per|pr)\b)"
    r"|\d{1,2}s\b(?: \d{1,2}[¼½¾]?d\b)?"
    r"|(?<!the )(?<!ye )(?<!\n)[23]d\b(?! (?:[A-Z]|of\b|inst|ult|day|range))"
    rf"|\d{{1,4}} 1?\d {_PENCE_END}(?=[^\S\n]*(?:\n|\Z))))"
)
"""4/6 is four shillings and sixpence where other money is in shillings; common fractions are not."""
_MONEY_IN_TEXT = re.compile(
    rf"{_SYMBOL}|(?i:\b(?:dollars?|cents?|francs?|frs?|marks?|mk|euros?|pounds?|lire|RM|DM|NF)\b)|\d f\b|\bL\. ?\d"
)
_TWO_DECIMALS = re.compile(
    r"(?<![\w.,/:+-])\d{0,3}(?:[.,' ]?\d{3})*[.,]\d\d[¼½¾]?(?![\w/:]|[.,]\d)(?=\s*(?:\n|\Z|\s{2}))"
)
"""At the end of a line or before a gap, where a column of money stands."""
_THOUSANDS_AT_END = re.compile(r"(?<=\s)\d{1,3}\.\d{3}(?=[^\S\n]*(?:\n|\Z)|[.,;](?:\s|\Z))")
_DECIMAL_MONEY = re.compile(rf"{_SYMBOL}\s?\d+[.,]\d\d(?!\d)|\d[.,]\d\d\s?(?:{_SYMBOL}|{_COIN})")
_PRICE = re.compile(
    r"(?<![\w.,/:+-])(?:\d{1,3}(?:[,'’ ]\d{3})+|\d{0,6})[.,]\d\d[¼½¾]?"
    r"(?![\w/:°%]|[.,]\d|\s(?:[ap]\.?\s?m|[AP]\.?\s?M|Uhr|h|o['’]clock|Nachm|Vorm)\b|\s[°%])"
    r"(?<!\bat \d\.\d\d)(?<!\bat \d\d\.\d\d)(?<!\bum \d\.\d\d)(?<!\bum \d\d\.\d\d)"
)
"""Any with two decimals, where money is written so; times of the day are not."""

_TAGS = re.compile(r"</?su[pb]>|\^")
_DASHES = str.maketrans("‐‑‒–—―−’⁄·", "-------'/.")
_WHOLE_AND_PART = re.compile(r"(?<=\d)[ -](?=\d{1,2}/\d)")
_THOUSANDS = re.compile(r"(?<=\d)(?:[,' \u00a0\u202f]|\.(?=\d{3}[.,]\d))(?=\d{3}(?!\d))")
_ORDINAL_ENDING = re.compile(rf"(?<=\d)\s?{ORDINAL}\b")
_DATE_PART = re.compile(r"\d+|[^\W\d_]+")
_PART = re.compile(rf"(?<![^\s$£€(\[])[-+](?=\s?\d)|\d+(?:[./]\d+)*|[%‰°]|{_SYMBOL}|[^\W\d_]+")
_OF_HOURS = frozenset(["h", "uhr", "a", "p", "m", "am", "pm"])
_IDLE = frozenset(
    [
        "ce",
        "zu",
        "im",
        "à",
        "the",
        "of",
        "le",
        "de",
        "den",
        "d",
        "la",
        "du",
        "l",
        "day",
        "do",
        "ditto",
        "dito",
        "jour",
        "dit",
        "prochain",
        "dernier",
        "suivant",
        "month",
        "am",
        "vom",
        "der",
        "des",
        "anno",
        "ye",
    ]
)


def figures(text: str) -> list[tuple[FigureKind, int, int]]:
    """Kind, start and end, in order; none overlap: a date's numbers are no numbers of their own."""
    found: list[tuple[FigureKind, int, int]] = []
    left = text
    for kind, spans in _stages(text):
        here = list(spans(left))
        found += ((kind, start, end) for start, end in here)
        left = _without(left, here)
    return sorted(found, key=lambda token: token[1])


def _stages(text: str) -> Iterator[tuple[FigureKind, Callable[[str], _Spans]]]:
    """The surest first; what a bare figure means is told by the money, dates and columns of the whole text."""
    yield "number", _spans_of(_ITEM)
    yield "date", _spans_of(DATE)
    yield "amount", _spans_of(_AMOUNT)
    yield "amount", partial(_money_in_columns, whole=text)
    yield "date", column_of_dates
    if _IN_SHILLINGS.search(text):
        yield "amount", _spans_of(_OLD_MONEY)
    else:
        yield from (("date", _spans_of(pattern)) for pattern in patterns_of_pairs(text))
    yield "date", partial(days_of_a_ledger, whole=text)
    if _MONEY_IN_TEXT.search(text):
        many = len(_PRICE.findall(text)) > 3
        yield "amount", _spans_of(_PRICE if many or _DECIMAL_MONEY.search(text) else _TWO_DECIMALS)
        yield "amount", _spans_of(_THOUSANDS_AT_END)
    yield "number", _spans_of(_NUMBER)


def _money_in_columns(text: str, whole: str) -> list[tuple[int, int]]:
    """Figures between gaps, where two lines or more of the whole end in money; there whole ones are money too."""
    if not _GAP.search(whole):
        return []
    last = [match["sum"] is not None for match in _CELL.finditer(whole) if match["last"] is not None]
    if sum(last) < (1 if _IN_SHILLINGS.search(whole) else 2) or 2 * sum(last) < len(last):
        return []
    return [match.span("cell") for match in _CELL.finditer(text) if match["sum"] or match["last"] is not None]


def _spans_of(pattern: re.Pattern[str]) -> Callable[[str], _Spans]:
    return lambda text: (match.span() for match in pattern.finditer(text))


def _without(text: str, spans: _Spans) -> str:
    """With something that is neither figure, letter nor space in their place, and nothing moved."""
    done = 0
    pieces: list[str] = []
    for start, end in spans:
        pieces += text[done:start], "\ufffc" * (end - start)
        done = end
    return "".join([*pieces, text[done:]])


@lru_cache(4096)
def essence(text: str, kind: FigureKind) -> tuple[str, ...]:
    """What must be the same, as written: figures, fraction, sign, currency, unit, month and weekday by their letters.

    Kept, because a page and its readings say the same figures over and over.

    Spacing, points, commas between thousands and the ending of an ordinal may differ. So may the order of a date whose
    month is a word, for nothing can be mistaken; `3/4` and `4/3` can. A month or unit spelled out otherwise is not what
    was written.
    """
    plain = _plain(text) if kind == "amount" else _ORDINAL_ENDING.sub("", _plain(text))
    if kind == "date":
        parts = [part for part in _DATE_PART.findall(plain) if part not in _IDLE]
        return tuple(sorted(parts) if any(part.isalpha() for part in parts) else parts)
    parts = _PART.findall(_THOUSANDS.sub("", plain).replace(",", "."))
    parts = [part for part in parts if kind != "number" or part not in _OF_HOURS]
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
