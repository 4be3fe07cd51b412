"""How engines talk of a page instead of reading it: to announce, to remark, to decline. Knows wordings, not places.

People wrote of handwriting, letters and pages too, so every rule wants words of the task (image, transcribe), a form
that a page does not have, or both. English first, with the commonest wordings of other languages.
"""

from __future__ import annotations

import re

_TASK = re.compile(
    r"transcri\w*|trascri\w*|transkri\w*|abschrift|ocr|images?|imagens?|immagin[ei]|bild(?:es|er|qualität)?|afbeelding"
    r"|scan(?:s|ned)?"
    r"|numérisation|escaneo|auflösung|résolution|resolución|upload(?:ed)?|crop(?:s|ped)?|screenshots?|pixel\w*|изображени\w*|obraz\w*"
)
"""What nobody says who writes a letter; legible, handwriting and the like come up there too."""
_CLOSE = re.compile(
    r"handwrit\w*|handschrift\w*|handgeschrieben\w*|manuscrit\w*|manuscrito\w*|cursive|(?:il)?legib\w+|unreadable|indecipherable|unclear"
    r"|readable"
    r"|illisible\w*|(?:un)?leserlich\w*|lesbar\w*|entziff\w+|deciphe\w+|déchiffr\w+|descifr\w+|ilegibles?|lisibles?"
    r"|placeholders?|verbatim"
)
_READING = re.compile(
    r"(?:difficult|hard|impossible) to (?:read|make out|decipher|discern)|best (?:guess\w*|reading|attempt"
    r"|interpretation)"
    r"|(?:original|writer's|author's) (?:spelling|punctuation|line breaks|capitali[sz]ation)|spelling and punctuation"
    r"|(?:un|not )certain|(?:fairly |very |reasonably )?confident in|faded ink|line breaks|ambiguous|guess(?:es|work"
    r"|ed)|(?:square |round )?brackets|abbreviations?|preserved|approximat\w+"
    r"|(?:may|might) (?:contain|include|be) (?:errors|mistakes|inaccura\w+|incorrect)|ink blot|cut off"
    r"|not (?:fully )?visible|tentative|a stretch|blurry|smudged|are faint|bled through|original format\w*"
    r"|moderni[sz]ed|capitali[sz]ation|(?:was|am)(?:n't| not) (?:\w+ )?(?:sure|certain) about|question marks?"
    r"|too \w+ to (?:read|transcribe|decipher|make out)"
    r"|schwer (?:zu (?:lesen|entziffern)|lesbar)|unsicher|nicht (?:ganz )?sicher|rechtschreibung|zeilenumbrüche"
    r"|gekennzeichnet|markiert|(?:schlechte|mangelnde)\w* (?:bild)?qualität|difficiles? à (?:lire|déchiffrer)"
    r"|incertain\w*|floue?s?|orthographe|crochets|sauts de ligne|difíciles de (?:leer|descifrar)|inciert\w+"
    r"|ortografía|corchetes|borros[ao]s?|saltos de línea"
)
"""What is said of reading a page, though a writer may say one of it too."""
_MARKED = re.compile(
    r"[\W_]*(?:(?:any|all|some|the|those|these|uncertain|unclear|illegible|doubtful|difficult|ambiguous|crossed-out"
    r"|struck) )*"
    r"(?:words?|readings?|passages?|text|portions?|letters?|parts?|characters?|names?)\b.{0,60}?\b(?:is|are|was|were"
    r"|have been) "
    r"(?:\w+ )?(?:marked|indicated|shown|enclosed|placed|noted|represented|denoted|bracketed|rendered|transcribed)\b"
)
_OF_THE_LETTERS = re.compile(
    r"[\W_]*(?:quelques|certain\w*|plusieurs|einige|manche|mehrere|algun[ao]s|vari[ao]s) (?:\w+ ){0,2}?"
    r"(?:mots|passages|parties|lettres|wörter|stellen|buchstaben|palabras|partes|letras)\b.{0,40}?\b"
    r"(?:sont|restent|sind|waren|bleiben|son|no se|están)\b"
    r"|[\W_]*(?:the|some|several|many|a few|most|parts? of the|portions? of the|certain) (?:\w+ ){0,2}"
    r"(?:letters|words|lines|names?|signature|handwriting|ink|dates?|transcription(?: above)?|text|edges?"
    r"|passages?)\b.{0,40}?\b"
    r"(?:is|are|was|were|preserves?|may be|might be|could be|appears?)\b"
)
_REST_IS = re.compile(
    r"[\W_]*no (?:other|further|more|additional) (?:\w+ )?(?:text|writing) (?:is|was)\b.{0,40}"
    r"\b(?:visible|legible|readable|image|scan)\b.{0,20}"
    r"|[\W_]*(?:the )?rest is too \w+ to (?:read|transcribe|decipher|make out)\W*"
    r"|[\W_]*(?:the )?(?:rest|remainder|back|reverse|bottom|lower (?:half|part)|remaining (?:part|portion)) of (?:the"
    r"|this) "
    r"(?:page|sheet|document|image|text|letter) (?:is|are|was|appears?|seems?|contains?|has)\b.{0,20}\b"
    r"(?:blank|empty|(?:il)?legible|unreadable|cut off|no (?:further|more|other) (?:\w+ )?(?:text|writing)"
    r"|not visible)\b.{0,60}"
)
_SEEN_THERE = re.compile(
    r"[\W_]*there (?:is|are|appears?|seems?)\b.{0,80}\b(?:corner|margin|top|bottom|edge|side|page|image)\b.{0,80}"
    r"\b(?:illegible|not (?:fully |clearly )?(?:legible|readable|visible|transcribed)|unclear|unreadable|cut off"
    r"|cropped)\b.{0,60}"
)
_PAGE = re.compile(
    r"texte?s?|texto|document\w*|letter|lettre|page|página|picture|photo|briefe?s?|seite|blatt|dokument\w*|carta|lettera|words?|mots?|wort"
    r"|wörter\w*|palabras?"
)
_PRESENTS = (
    *(
        "sure",
        "certainly",
        "of course",
        "okay",
        "absolutely",
        "here is",
        "here's",
        "here are",
        "below is",
        "here you go",
        "happy to help",
        "sure thing",
        "thank you for",
        "thanks for",
        "below you will find",
        "dit is",
    ),
    *("this is the", "this is a", "the following", "the text", "the image", "the handwritten", "the document"),
    *("the written",),
    *("transcription of", "based on", "voici", "hier ist", "aquí está", "aquí tienes", "ecco", "aqui está", "hier is"),
)
_SOMEBODYS = re.compile(
    r"\b(?:my|your|her|his|our|their|he|she|we|mein\w*|dein\w*|unser\w*|wir|mon|ma|mes|ton|ta|tes|votre|vos|mis?|tus?)"
    r"\b(?! (?:best|transcri|reading|confidence|aquí|podido|conservado|mantenido))"
)
_AGREES = re.compile(
    r"\W*(?:sure(?: thing)?|certainly|of course|absolutely|okay|ok|alright|all right|got it|understood|gladly"
    r"|as requested|gerne?|natürlich|selbstverständlich|klar|bien sûr|d'accord|certo|certamente|claro|por supuesto"
    r"|con gusto|natuurlijk)(?: ?[,.!:;]| ?[-–—] )"
)
_SHOWS = re.compile(
    r"\b(?:here(?:'s| is| are)|below|follow(?:s|ing)|reads?|says?|appears|shows?|contains?|hier|dies ist|steht|lautet"
    r"|folgend\w*|zeigt|enthält|voici|ci-dessous|suivant\w*|montre|contient|aquí|a continuación|siguiente|dice"
    r"|est[ae] es|muestra|contiene|ecco|aqui)\b"
)
_READER = re.compile(
    r"\b(?:i (?:can|could|was able to|will(?: now)?|get)|i'll|let(?:'s| me)|as best i can|best (?:attempt|effort|guess"
    r"|reading)|i(?: have|'ve)? (?:left|kept|marked|preserved|given|indicated)"
    r"|done my best|ich (?:habe|werde|kann)|habe ich|je (?:vais|peux)|j'ai|he (?:podido|transcrito|conservado|marcado)"
    r"|puedo|voy a)\b"
)
_READS_SO = re.compile(
    r"[\W_]*the (?:page|letter|document|text|note|image|handwriting|handwritten (?:text|note|page|letter)) (?:reads"
    r"|says)"
    r"(?: as follows)?:[\W_]*|[\W_]*transcribing\b.{0,80}:[\W_]*"
)
_SPEAKS = (
    "i'll",
    "i will",
    "i can",
    "i have",
    "i've",
    "i'm",
    "i am",
    "this is my",
    "to ensure",
    "this appears",
    "let me",
)
_ANNOUNCES_ELSEWHERE = re.compile(
    r"(?:好的|当然)?[,，。]?(?:以下(?:是|为)|图片中的|图中的|以下の|この画像).{0,40}[:：]|.{0,20}다음은.{0,40}[:：]"
)
_PLAINLY = re.compile(
    rf"{_PAGE.pattern}|sure|certainly|of|course|okay|absolutely|here|is|are|here's|you|go|below|this|the|a|full|complete|exact"
    r"|following|contents?|from|in|on|as|it|appears?|reads?|says?|written|what|i|can|see|s"
    r"|voici|le|la|du|de|tel|qu'il|apparaît|écrit|sur|hier|ist|der|wie|er|auf|dem|blatt|steht|aquí|está|el|que|aparece|en"
)
_HERE = re.compile(r"\b(?:here(?:'s| is| are)|below|i (?:can|will|have|was able)|i'(?:ll|ve))\b")
_REMARKS = (
    *(
        "the handwriting",
        "the image",
        "the text",
        "the transcription",
        "the transcript",
        "the transcriptions",
        "the document",
    ),
    *("the rest of the", "the assistant", "some words", "some parts", "some portions", "some of the", "several words"),
    *(
        "this is a transcription",
        "this transcription",
        "this is a verbatim",
        "this document",
        "transcribed",
        "transcription",
    ),
    *(
        "i have done my best",
        "i've done my best",
        "if any words",
        "if any of",
        "i hope this",
        "this appears",
        "i have",
        "overall",
        "my confidence",
        "i've",
        "i was",
        "words in",
        "text in",
        "where the",
        "due to",
        "as the",
    ),
)
_OFFERS = (
    *("let me know", "if you need", "if you'd like", "if you would", "if you have", "if you can", "if you want"),
    *("would you like", "is there anything", "feel free", "please let", "please provide", "i hope this helps"),
    *(
        "if anything",
        "do you want",
        "do you need",
        "shall i",
        "should i",
        "soll ich",
        "falls sie",
        "wenn sie",
        "lassen sie",
        "ich hoffe",
        "möchten sie",
        "sagen sie",
    ),
    *("n'hésitez pas", "dites", "si vous", "j'espère", "souhaitez", "voulez", "faites", "si necesitas", "si quieres"),
    *("si deseas", "avísame", "espero que", "quieres", "dime", "puedo", "non esitare", "fammi sapere"),
)
_HELPS_ALREADY = re.compile(r"(?:i )?hope (?:this|that|it) (?:helps|is helpful|was helpful)[!.]")
_MORE_HELP = re.compile(
    r"double-check\w*|take another look|expanded|corrig\w+|korrig\w+|higher[- ]resolution|übersetz\w+"
    r"|tradu[cz]\w+|traduire"
    r"|moderni[sz]\w+|translat\w+|summar\w+|proofread\w*|(?:re)?format\w*|clarif\w+|clean(?:ed)?[- ]?up"
    r"|another (?:page|image|file)"
)
_HELP = re.compile(
    r"help|assist\w*|clarif\w+|know|anything|questions?|further|hilf\w*|helfen|etwas|fragen?|aid\w+|utile|ayud\w+|útil"
    r"|revis\w+"
)
_NOTE = re.compile(
    r"[\W_]*(?:please |(?:transcri(?:ption|ber)(?:'?s)?|accuracy|quality|reader's|ocr) )?"
    r"(?:legibility|notes?|remarks?|comments?|disclaimer|caveats?|remarques?|hinweise?|anmerkung(?:en)?|notas?)"
    r"(?: (?:on|zur|sur la|sobre la) (?:the )?(?:\w+))?[*_]* ?(?::|[*_ ]*(?:that|\n|\Z))",
)
_NOTES_HEADING = re.compile(
    r"(?:#{1,6} |\*\*|__)?\W{0,3}(?:transcri(?:ption|ber)(?:'?s)? (?:notes?|details|guidelines)"
    r"|(?:additional |editorial )?notes?|(?P<any>observations?|remarks?|comments?|legend|anmerkungen|hinweise|remarques"
    r"|notas|observaciones)"
    r"|(?:uncertain|unclear|doubtful|alternative|ambiguous) (?:readings|words|passages)|additional notations"
    r"|notes on (?:the )?\w+(?: \w+)?|notes? (?:from|by) the transcriber)\W{0,4}",
    re.IGNORECASE,
)
_END = re.compile(
    r"[\W_]*(?:ende|fin|fine|fim|final) (?:der|de la|della|da) trans?[ck]ri\w+[\W_]*"
    r"|[\W_]*(?:the )?(?:transcription|transcript|page|image|text) ends(?: here)?[\W_]*|[\[(*_]+end[\])*_]+"
    r"|[\W_]*end (?:of )?(?:the )?(?:transcri(?:pt|ption|bed text)|page|document|text|image|letter)(?: \d+)?[\W_]*"
    r"|[\W_]*transcribed by (?:an? )?(?:ai|language model|gpt|chatgpt|claude|gemini)\b.{0,60}"
    r"|[\W_]*(?:transcription )?confidence(?: level| score)?[\W_]*(?:very )?(?:high|medium|moderate|low"
    r"|\d{1,3} ?%)[\W_]*",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"transcri(?:ption|pt|bed)|texte?|handwritten|handwriting|extracted|image|ocr|output|result|content|document|page"
    r"|of|the"
    r"|from|full|exact|complete|verbatim|best|effort|my|diplomatic|begins?|starts?|here|letter|transkription"
    r"|transcripción"
    r"|abschrift|trascrizione|transcrição|in|this|a|item|final|raw|written|\d+"
    r"|du|de|la|le|des|der|del|manuscrit\w*|lettre|carta|imagen|documento|dokuments?|bildes|handschriftlich\w*"
    r"|wortgetreue|vollständige|intégrale|complète|literal|completa"
)
_HEADING_WITH_REMARK = re.compile(
    r"\W*(?:(?:full|complete|best-effort) )?transcri(?:pt|ption) ?\(.*(?:best|unclear|illegible|uncertain).*\)\W*"
)
_HEADING_KEY = re.compile(
    r"transcri(?:ption|pt|bed)|ocr|handwritten|extracted|transkription|transcripción|abschrift|trascrizione|transcrição"
)
_TITLE = re.compile(r"transcription|transkription|transcripción|trascrizione|transcrição")
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


def announces(line: str, *, stands_alone: bool) -> bool:
    """Whether a line that an answer begins with says that a transcription follows."""
    task, about = _count(_TASK, line), _count(_TASK, line) + _count(_CLOSE, line)
    colon = line.rstrip("*_ ])").endswith((":", "："))
    if _ANNOUNCES_ELSEWHERE.fullmatch(line.strip("*_# ")):
        return True
    if _READS_SO.fullmatch(_plain(line)):
        return True
    if task > 0 and about > 1 and (colon or _HERE.search(_plain(line))):
        return True
    stands_alone = stands_alone and not _SOMEBODYS.search(_plain(line))
    if (colon or stands_alone) and _introduces(line, colon):
        return True
    if _starts(line, _PRESENTS):
        alone = stands_alone and (about > 1 or bool(_HERE.search(_plain(line))))
        return (about > 0 and (colon or alone)) or (colon and all(map(_PLAINLY.fullmatch, _words(line))))
    return _starts(line, _SPEAKS) and task > 0 and (colon or stands_alone)


def _introduces(line: str, colon: bool) -> bool:
    """Whether enough speaks for an announcement; no word alone does, for writers have each of them."""
    plainly = _plain(line)
    if re.fullmatch(r"\W*here you go\W*", plainly):
        return True
    agrees, task, close = (bool(_AGREES.match(plainly)), *(_count(one, line) for one in (_TASK, _CLOSE)))
    shown = (_SHOWS, _READER, re.compile(rf"\b(?:{_PAGE.pattern})\b"))
    for_it = (
        2 * agrees
        + 2 * min(task, 2)
        + min(close, 2)
        + min(_of_reading(plainly), 1)
        + colon
        + sum(bool(one.search(plainly)) for one in shown)
    )
    says_so = (colon or agrees or bool(_SHOWS.search(plainly))) and not _SOMEBODYS.search(plainly)
    named = task + close + _of_reading(plainly) > 0 or (agrees and shown[2].search(plainly))
    return says_so and bool(named or (agrees and shown[1].search(plainly))) and for_it >= _ENOUGH


_ENOUGH, _ENOUGH_APART, _ENOUGH_UNASKED = 4, 3, 5
"""Among talk, in brackets or after `Note:` less must be said."""


def remarks(paragraph: str, *, among_chatter: bool, stands_alone: bool = False) -> bool:
    """Whether a paragraph that an answer ends with is about the reading, or offers help."""
    plainly = _plain(paragraph)
    if _END.fullmatch(paragraph):
        sure = _count(_TASK, paragraph) > 0 or "confidence" in plainly
        return sure or not paragraph[0].isalpha()
    if _REST_IS.fullmatch(plainly) or _SEEN_THERE.fullmatch(plainly):
        return True
    if stands_alone and _is_talk(paragraph, among_chatter):
        return True
    return _offers(paragraph, among_chatter) or _is_of_the_reading(paragraph, among_chatter)


def _is_talk(paragraph: str, among_chatter: bool) -> bool:
    """Whether enough speaks for a remark that opens as none is known to."""
    plainly = _plain(paragraph)
    if _SOMEBODYS.search(plainly):
        return False
    for_it = 2 * min(_count(_TASK, paragraph), 2) + min(_count(_CLOSE, paragraph), 2) + min(_of_reading(plainly), 3)
    for_it += (_count(_PAGE, paragraph) > 0) + bool(_READER.search(plainly))
    apart = among_chatter or _is_wrapped(paragraph) or bool(_NOTE.match(plainly))
    return for_it >= (_ENOUGH_APART if apart else _ENOUGH_UNASKED)


def _offers(paragraph: str, among_chatter: bool) -> bool:
    plainly = _plain(paragraph)
    if _HELPS_ALREADY.match(plainly):
        return True
    offered = _count(_TASK, paragraph) > 0 or _MORE_HELP.search(plainly) or (among_chatter and _HELP.search(plainly))
    return _starts(paragraph, _OFFERS) and bool(offered)


def _is_of_the_reading(paragraph: str, among_chatter: bool) -> bool:
    plainly, wrapped = _plain(paragraph), _is_wrapped(paragraph)
    task = _count(_TASK, paragraph)
    said = task + _count(_CLOSE, paragraph) + _of_reading(plainly)
    loosely = said > 0 and (among_chatter or wrapped)
    if _NOTE.match(plainly):
        return task > 0 or said > 1 or loosely
    if _MARKED.match(plainly):
        return said > 0
    if _OF_THE_LETTERS.match(plainly) and (said > 1 or loosely):
        return not _SOMEBODYS.search(plainly)
    if _starts(paragraph, _REMARKS):
        return loosely or (task > 0 and said > 1) or said > 2
    return wrapped and task > 0 and said > 1


def describes(bracketed: str) -> bool:
    """Whether what stands in brackets only says what is to be seen, and not what is written."""
    words = _plain(re.sub(r"^[\W_]+(?:cent(?:er|re):)?|[\W_]+$", "", bracketed, flags=re.IGNORECASE))
    if re.search(r"\b(?:my|your|me|he|she)\b", words):
        return False
    if _NOTE.match(words):
        return _count(_TASK, words) + _count(_CLOSE, words) > 0
    if _BARE.fullmatch(words):
        return True
    seen = _count(_DEPICTS, words)
    return ": " not in words and (bool(_PICTURE.match(words)) or (bool(_DESCRIBES.match(words)) and seen > 1))


def names_a_place(line: str) -> bool:
    """Whether a line is only the name of a place on the page, as in `Left column (partly legible):`."""
    return bool(_NAMED_PLACE.fullmatch(line.strip()))


def is_heading(line: str, *, among_chatter: bool, stands_alone: bool = False) -> bool:
    """Whether a line is only the title of the transcription."""
    if _HEADING_WITH_REMARK.fullmatch(_plain(line)):
        return True
    words = _words(line)
    marked = line.startswith(("#", "**", "__", "[", "---", "===")) or line.rstrip().endswith(":") or among_chatter
    marked = marked or (stands_alone and any(map(_TITLE.fullmatch, words)))
    return marked and all(map(_HEADING.fullmatch, words)) and any(map(_HEADING_KEY.fullmatch, words))


def begins_notes(line: str, rest: str) -> bool:
    """Whether a line is the title of notes on the transcription that make up the rest of the answer."""
    title = _NOTES_HEADING.fullmatch(line.strip())
    if not title:
        return False
    about = _count(_TASK, rest) + _count(_CLOSE, rest) + _of_reading(_plain(rest))
    if line.startswith(("#", "**", "__")) or "transcri" in line.lower():
        return about > bool(title["any"])
    return about > 1 and rest.lstrip().startswith(("-", "*", "•"))


def leads_on(line: str) -> bool:
    """Whether a line in the midst of an answer announces what the engine makes of the next lines."""
    return bool(_LEADS_ON.fullmatch(_plain(line)))


def talks_on(paragraph: str) -> bool:
    """Whether a paragraph goes on talking where an engine has begun to decline or to offer: a looser measure."""
    text = _plain(paragraph)
    talk = re.search(r"\b(?:i|i'll|i'd|i'm|i've|you|your|you'd)\b", text) or text.startswith(
        ("- ", "• ", "* ", "1.", "2.", "the rest")
    )
    if talk and _count(_TASK, text):
        return True
    listed = re.match(r"[-•*] |what i can", text) and re.search(r"(?m)^[-•*] ", paragraph)
    if listed and re.search(r"legible|unclear|faded|uncertain", text):
        return True
    return text.endswith(":") and bool(
        re.match(r"(?:if you|what i can|for now|i can|would you|please|to get|here)\b", text)
    )


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
_UNABLE = (
    r"(?:can(?:'t|not| not)|could(?:n't| not)|won't|(?:am|'m|was|are|'re) (?:sorry|afraid|unable|not able|not going)"
    r"|unable to"
    r"|(?:am|'m) having (?:trouble|difficulty)|do(?:n't| not) (?:see|have|want)|apologi[sz]e)"
)
_REGRETS = r"(?:sorry|apologies|unfortunately|i'm sorry|i am sorry|my apologies|i regret)\b"
_ELSEWHERE = (
    r"es tut mir leid|leider kann|ich kann\b.{0,80}\bnichts?\b|désolé|je ne (?:peux|suis|parviens)|lo siento|no puedo"
    r"|mi dispiace|non (?:posso|riesco)|desculpe|não (?:posso|consigo)|het spijt me|kan ik\b.{0,60}niet|tyvärr|beklager"
    r"|przepraszam|nie mogę|извините|к сожалению|не могу|抱歉|对不起|無法|无法|申し訳|すみません|죄송"
)
_SAYS_NO = re.compile(
    rf"(?:\W*{_REGRETS}.{{0,120}}?)?\b(?:i|we) ?{_UNABLE}"
    rf"|\W*{_REGRETS}.{{0,80}}(?:too|not|n't|no) "
    r"|i(?:'m| am|'d be|'d| can| would)\b[^.]{0,60}\bbut\b.{0,120}(?:too|not|n't|hard|difficult)\b"
    r"|(?:the|this|your) (?:\w+ ){0,2}(?:image|page|handwriting|text|scan)\b.{0,30}(?:is|isn't|appears|are)(?: \w+)? ?"
    r"(?:too|not|n't|difficult|hard|impossible|illegible|unreadable).{0,200}\b(?:i|unable|cannot|can't"
    r"|to (?:be )?(?:read|transcri\w+|deciphered?))\b"
    r"|(?:the|this|your) [^.]{0,120}\b(?:so|and|but|therefore),? i ?(?:can't|cannot|could not|(?:am|'m) (?:unable"
    r"|not able))\b"
    r"|it(?:'s| is) (?:not |im)possible to (?:accurately |reliably )?(?:transcribe|read|decipher|extract)\b"
    r"|it (?:looks|seems|appears)[^.]{0,30} no (?:image|text|file)\b|unable to "
    r"|(?:could you )?please (?:provide|upload|share|attach|send)\b"
    r"|as an? (?:ai|language model)\b|(?:there (?:is|are|appears to be)|i (?:do not|don't) see) no\b"
    r"|no (?:image|text|file) (?:was|is|has been|could be) ",
    re.DOTALL,
)
_SAYS_NO_ELSEWHERE = re.compile(rf".{{0,40}}?(?:{_ELSEWHERE})", re.DOTALL)
_ENGLISH_TASK = re.compile(
    r"\b(?:images?|transcri\w+|resolution|scan(?:s|ned)?|upload\w*|ocr|language model|ai|dpi|higher-quality)\b"
)
_TASK_ELSEWHERE = re.compile(
    r"\b(?:bild\w*|handschrift\w*|transkribieren|entziffern|image|déchiffrer|transcri\w+|imagen|immagine|trascri\w+"
    r"|decifrare|imagem|decifrar|afbeelding|ontcijferen|transkribera|obraz\w*|odczytać)\b"
    r"|изображени|рукопис|расшифр|图|圖|转录|识别|画像|手書|이미지|필사"
)
_SENTENCE_ENDS = re.compile(r"[.!?:。！？][\W_]*\Z")
"""A page breaks its lines within sentences, an engine that talks does not."""
_MARKS_AFTER = 12
_SHORT = re.compile(
    r"\W*(?:(?:i'm |i am )?(?:so |very |really )?sorry\W+(?:but )?)?(?:i|we) ?"
    r"(?:can(?:'t|not| not)|(?:'m|am) (?:unable|not able) to|won't) "
    r"(?:(?:assist|help|comply|continue) (?:you )?(?:with )?(?:that|this|your|the)?\b.{0,80}"
    r"|(?:\w+ly )?(?:read|decipher|make out|recogni[sz]e) (?:any of )?(?:the|this|any) (?:\w+ )?"
    r"(?:handwriting|text|writing|words|page|document)\b.{0,160})"
    r"|(?:could|can) ?not (?:read|process|open|view|transcribe|access) (?:the|this|your) (?:image|page|file"
    r"|document)\b.{0,40}"
    r"|(?:the |this )?(?:page|image|text|handwriting|document|writing|scan) (?:is|appears(?: to be)?)"
    r" (?:completely |entirely |largely |mostly )?(?:il+egible|unreadable)[.!]?"
    r"|no (?:legible |readable |visible |handwritten )?(?:text|handwriting|writing) (?:is |was |could be )?"
    r"(?:detected|found|visible|recogni[sz]ed)\b.{0,60}",
    re.DOTALL,
)


def declines(paragraph: str) -> bool:
    """Whether an engine says that it will not or cannot read the page: first of all, and in words of the task."""
    first_line = paragraph.strip().split("\n", 1)[0].strip()
    text = _plain(paragraph)[:1200].lstrip("*_#>\"'([ -—")
    if _SHORT.fullmatch(text):
        return True
    if not (_SENTENCE_ENDS.search(first_line[-_MARKS_AFTER:]) or _is_wrapped(first_line)):
        return False
    if _SAYS_NO.match(text):
        return bool(_ENGLISH_TASK.search(_plain(first_line)))
    return bool(_SAYS_NO_ELSEWHERE.match(text) and _TASK_ELSEWHERE.search(text))


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.casefold().replace("’", "'").replace("‑", "-")).strip()


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:'[^\W\d_]+)?", _plain(text))


def _count(pattern: re.Pattern[str], text: str) -> int:
    """How many different words of that kind the text has."""
    words = {_ELIDED.sub("", word.removesuffix("'s")) for word in _words(_MARK.sub(" ", text))}
    return sum(bool(pattern.fullmatch(word)) for word in words)


def _of_reading(text: str) -> int:
    """How many different things the text says of reading."""
    return len({match.group() for match in _READING.finditer(text)})


_ELIDED = re.compile(r"^(?:[cdjlns]|qu)'")
_MARK = re.compile(r"[\[(][^\s\[\]()]{0,20}(?: [^\s\[\]()]{1,20}){0,2}[\])]")
"""A mark of doubt in the text is no talk of doubt."""


def _starts(text: str, openers: tuple[str, ...]) -> bool:
    opening = " ".join(_words(text[:80])) + " "
    return opening.startswith(tuple(f"{words} " for words in openers))


def _is_wrapped(text: str) -> bool:
    """In brackets, or in italics as a whole, as nobody writes by hand."""
    return bool(re.fullmatch(r"[*_]*[\[(].*[\])][.*_]*|\*[^*].*\*|_[^_].*_", text.strip(), re.DOTALL))
