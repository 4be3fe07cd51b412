"""How engines talk of a page instead of reading it: to announce, to remark, to title, to describe, to decline.

People wrote of handwriting, letters and pages too, so in doubt it is transcription. Whether a paragraph is talk is a
matter of odds, which were learnt; titles, labels, descriptions and refusals are told by their words, in many languages.
"""

from __future__ import annotations

import re

from metrics.talk import LISTED, WRAPPED, plain, talk_odds, talk_of, words_of

_SURE = 2.0
"""The log odds of talk from which it is: one time in eight it would not be. In doubt it is transcription."""
_SURE_BEFORE, _SURE_AFTER = 0.5, 0.0
"""The same, where the engine has talked already."""


def announces(piece: str, *, stands_alone: bool, among_chatter: bool = False) -> bool:
    """Whether what an answer begins with says that a transcription follows."""
    if _ANNOUNCES_ELSEWHERE.fullmatch(piece.strip("*_# \n")):
        return True
    if not (stands_alone or _colon(piece)) or _BRACKETED.fullmatch(piece):
        return False
    return talk_odds(piece, "before") >= (_SURE_BEFORE if among_chatter else _SURE)


def _colon(piece: str) -> bool:
    return piece.rstrip("*_ ])>\n").endswith((":", "："))


_ANNOUNCES_ELSEWHERE = re.compile(
    r"(?:好的|当然)?[,，。]?(?:以下(?:是|为)|图片中的|图中的|以下の|この画像).{0,40}[:：]|.{0,20}다음은.{0,40}[:：]"
)
_BRACKETED = re.compile(r"[\W_]*\[[^\].!]*\][\W_]*")
"""What is to be seen, or where, as models write it; never that something follows."""


def remarks(piece: str, *, among_chatter: bool) -> bool:
    """Whether what an answer ends with is about the reading, or offers help."""
    if _END.fullmatch(piece):
        sure = talk_of(piece).said["task"] > 0 or "confidence" in piece.lower()
        return sure or among_chatter or not piece[0].isalpha()
    if among_chatter and (_LONE_END.fullmatch(piece) or _OF_THE_WHOLE.match(piece)):
        return True
    if _OF_THE_PAGE.match(piece):
        return False
    return talk_odds(piece, "after") >= (_SURE_AFTER if among_chatter else _SURE)


_LONE_END = re.compile(r"[\W_]+end[\W_]+", re.IGNORECASE)
_OF_THE_PAGE = re.compile(r"\s*\[\*|[\W_]*(?:p\. ?s\b|n\. ?b\b|nota bene)", re.IGNORECASE)
"""A marginal note, as some are told to mark it, and what is added to a letter."""
_END = re.compile(
    r"[\W_]*(?:ende|fin|fine|fim|final|einde) (?:der|de la|della|da|van de) trans?[ck]ri\w+[\W_]*"
    r"|[\W_]*(?:the )?(?:transcription|transcript|page|image|text) ends(?: here)?[\W_]*|[\[(*_]+end[\])*_]+"
    r"|[\W_]*end (?:of )?(?:the )?(?:transcri(?:pt|ption|bed text)|page|document|text|image|letter)(?: \d+)?[\W_]*"
    r"|[\W_]*transcribed by (?:an? )?(?:ai|language model|gpt|chatgpt|claude|gemini)\b.{0,60}"
    r"|[\W_]*(?:transcription )?confidence(?: level| score)?[\W_]*(?:very )?(?:high|medium|moderate|low"
    r"|\d{1,3} ?%)[\W_]*",
    re.IGNORECASE,
)
_SECTION = (
    r"(?:translations?|(?:in )?summary|context|(?:historical )?background|analysis|interpretation|explanation|glossary"
    r"|übersetzung|zusammenfassung|traduction|résumé|traducción|resumen|traduzione|riassunto|vertaling|tradução|resumo)"
)
_OF_THE_WHOLE = re.compile(
    rf"[\W_]*{_SECTION}[*_]* ?:|[\W_]*(?:overall,? )?(?:this|the) (?:\w+ )?(?:letter|document|text|page|note|entry"
    r"|excerpt|passage|content|image|record|receipt|recipe) (?:is an?|appears|seems|describes|discusses|details"
    r"|mentions|contains|provides|records|expresses|reflects|conveys)\b"
    r"|[\W_]*(?:dieser|dieses|diese|der|das) (?:brief|text|dokument|seite|eintrag) (?:ist ein|scheint|beschreibt"
    r"|enthält|handelt)\b"
    r"|[\W_]*(?:cette?|ce|la|le|esta?|este|il|questa) (?:lettre|document\w?|texte|page|acte|carta|texto|lettera|testo)"
    r" (?:est une?|semble|décrit|contient|es una?|parece|describe|contiene|è una?|descrive)\b",
    re.IGNORECASE,
)
"""What an engine says that has already talked; a writer says as much of a letter."""


def is_heading(line: str, *, among_chatter: bool, stands_alone: bool = False) -> bool:
    """Whether a line is only the title of the transcription."""
    talk = talk_of(line)
    sentence = any(talk.said[group] for group in ("here", "says", "reader", "agrees", "somebodys"))
    title, _, _ = line.partition("(")
    if sentence or line[0].islower() or len(words_of(title)) > _TITLE_WORDS:
        return False
    if line.startswith(_MARKUP) and talk.said["task"]:
        return True
    if talk.foreign or talk.quotes:
        return False
    marked = line.startswith((*_MARKUP, "[", "---", "===")) or line.rstrip().endswith(":") or among_chatter
    if not marked:
        return stands_alone and bool((_TITLE if talk.said["craft"] else _LONE_TITLE).search(plain(line)))
    of_the_text = talk.said["task"] > 0 or bool(_TITLE.search(plain(line)))
    return of_the_text or (line.startswith(_MARKUP) and talk.said["page"] > 1)


_MARKUP = ("#", "**", "__")


_LONE_TITLE = re.compile(r"\b(?:transcription|transkription|transcripción|trascrizione|transcrição|transcriptie)\b")
"""A transcript is kept by courts, too."""
_TITLE = re.compile(r"\b(?:transcript|output|handwritten|abschrift)\b")
_TITLE_WORDS = 9


def begins_notes(line: str, rest: str, *, among_chatter: bool) -> bool:
    """Whether a line is the title of notes, or of a translation, that make up the rest of the answer."""
    title = line.strip()
    marked = title.startswith(_MARKUP)
    if not (marked or _ENDS_TITLE.search(title)) or len(title) > _TITLE_LETTERS:
        return False
    if _OTHER_SECTION.fullmatch(title):
        return marked or among_chatter
    talk, about, listed = talk_of(title), talk_of(rest), bool(LISTED.match(rest.lstrip()))
    of_notes = _NOTES.search(title) and not talk.said["somebodys"] and talk.foreign <= listed
    said = about.of_reading + about.quotes
    if not of_notes or said < 1:
        return False
    if talk.said["task"] or (among_chatter and marked):
        return True
    return said >= (2 if marked else 3) and (marked or listed or among_chatter)


_ENDS_TITLE = re.compile(
    r"[:：][*_]*\Z|\A\W*(?:notes|remarks|comments|observations|anmerkungen|hinweise|remarques|notas)\W*\Z",
    re.IGNORECASE,
)
_NOTES = re.compile(
    r"note|notation|remark|comment|observ|uncertain|unclear|doubtful|ambiguous|alternative|legend|caveat|consideration"
    r"|disclaimer|confidence|legibility|details|guidelines|anmerkung|hinweis|unsicher|remarque|incertain|nota|osservaz"
    r"|opmerking",
    re.IGNORECASE,
)
_TITLE_LETTERS = 80
_OTHER_SECTION = re.compile(rf"\W*(?:(?:english|modern|literal|brief) )?{_SECTION}(?: \([\w ]+\))?\W*", re.IGNORECASE)


def is_wrapped(text: str) -> bool:
    """In brackets, or in italics as a whole, as nobody writes by hand."""
    return bool(WRAPPED.match(text.strip()))


def describes(bracketed: str) -> bool:
    """Whether what stands in brackets only says what is to be seen, and not what is written."""
    words = plain(re.sub(r"^[\W_]+(?:cent(?:er|re):)?|[\W_]+$", "", bracketed, flags=re.IGNORECASE))
    if re.search(r"\b(?:my|your|me|he|she)\b", words):
        return False
    if _NOTE.match(words):
        return talk_of(words).of_reading > 1
    if _BARE.fullmatch(words):
        return True
    seen = len({word for word in words_of(words) if _DEPICTS.fullmatch(word)})
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
    r"|\W{0,3}margin(?:alia|al notes?)? \([\w ,/-]{1,80}\):\W{0,3}",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"[\W_]*(?:please )?(?:(?:transcri\w+|accuracy|quality|reader|editor)(?:['’]?s)? )?"
    r"(?:legibility|notes?|remarks?|comments?|disclaimer|caveats?|remarques?|hinweise?|anmerkung(?:en)?|notas?"
    r"|opmerking(?:en)?|legend[ae]?|légende|leyenda|observaç(?:ão|ões)|observaciones|osservazion[ei])"
    r"(?: (?:on|zur|sur la|sobre la) (?:the )?\w+)?[*_]* ?(?::|[*_ ]*(?:that|\n|\Z))",
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


_UNABLE = (
    r"(?:can(?:'t|not| not)|could(?:n't| not)|won't|(?:am|'m|was|are|'re) (?:sorry|afraid|unable|not able|not going)"
    r"|unable to"
    r"|(?:am|'m) having (?:trouble|difficulty)|do(?:n't| not) (?:see|have|want)|apologi[sz]e)"
)
_REGRETS = r"(?:sorry|apologies|unfortunately|i'm sorry|i am sorry|my apologies|i regret)\b"
_ELSEWHERE = (
    r"es tut mir leid|leider kann|ich kann\b.{0,80}\bnichts?\b|désolé|je ne (?:peux|suis|parviens)|lo siento|no puedo"
    r"|mi dispiace|non (?:posso|riesco|sono in grado)|desculpe|não (?:posso|consigo)|het spijt me"
    r"|(?:kan ik|ik kan)\b.{0,60}niet"
    r"|(?:bild|scan|image|immagine|imagen|imagem|afbeelding)\b.{0,20} (?:zu|trop|demasiado|troppo|muito|te) \w+,? "
    r"(?:um|pour|para|per|om)\b|tyvärr|beklager"
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
    r"|(?:the|this|your) (?:\w+ ){0,2}(?:image|page|handwriting|text|scan|document)\b[^.]{0,20} too [^.]{1,40} "
    r"(?:to|for) "
    r"|(?:the|this|your) (?:\w+ )?(?:image|page|scan) [^.]{0,20}\bblank\b[^.]{0,60}\bno "
    r"|it(?:'s| is) (?:not |im)possible to (?:accurately |reliably )?(?:transcribe|read|decipher|extract)\b"
    r"|it (?:looks|seems|appears)[^.]{0,30} no (?:image|text|file)\b|unable to "
    r"|(?:could you )?please (?:provide|upload|share|attach|send)\b"
    r"|as an? (?:text-based )?(?:ai|language model)\b|(?:there (?:is|are|appears to be)|i (?:do not|don't) see) no\b"
    r"|no (?:image|text|file) (?:was|is|has been|could be) ",
    re.DOTALL,
)
_SAYS_NO_ELSEWHERE = re.compile(rf".{{0,40}}?(?:{_ELSEWHERE})", re.DOTALL)
_ENGLISH_TASK = re.compile(
    r"\b(?:images?|transcri\w+|resolution|scan(?:s|ned)?|upload\w*|ocr|language model|ai|dpi|higher-quality)\b"
)
_TASK_ELSEWHERE = re.compile(
    r"\b(?:bild\w*|handschrift\w*|transkribier\w*|entziffern|image|déchiffrer|transcri\w+|imagen|immagine|trascri\w+"
    r"|decifrare|imagem|decifrar|afbeelding|ontcijferen|transkribera|obraz\w*|odczytać)\b"
    r"|изображени|рукопис|расшифр|图|圖|转录|识别|画像|手書|이미지|필사"
)
_SENTENCE_ENDS = re.compile(r"[.!?:。！？][\W_]*\Z")
"""A page breaks its lines within sentences, an engine that talks does not."""
_MARKS_AFTER = 12
_SHORT = re.compile(
    r"\W*(?:(?:i'm |i am )?(?:so |very |really )?sorry\W+(?:but )?)?(?:i|we) ?"
    r"(?:can(?:'t|not| not)|(?:'m|am) (?:unable|not able) to|won't) "
    r"(?:(?:assist|help|comply|continue) (?:you )?with (?:that|this|your|the)\b.{0,80}|(?:assist|comply|help)[.!]?"
    r"|(?:\w+ly )?(?:read|decipher|make out|recogni[sz]e) (?:any of )?(?:the|this|any) (?:\w+ )?"
    r"(?:handwriting|text|writing|words|page|document)\b.{0,160})"
    r"|(?:could|can) ?not (?:read|process|open|view|transcribe|access) (?:the|this|your) (?:image|page|file"
    r"|document)\b.{0,40}"
    r"|(?:the |this )?(?:page|image|text|handwriting|document|writing|scan) (?:is|appears(?: to be)?)"
    r" (?:completely |entirely |largely |mostly )?(?:il+egible|unreadable)[.!]?"
    r"|(?:the )?(?:text|handwriting|writing|words) could not be (?:read|recogni[sz]ed|extracted|deciphered)[.!]?"
    r"|(?:the|this) (?:\w+ )?(?:handwriting|writing|text|script) is too [^.]{1,30} (?:for me )?to (?:read|decipher"
    r"|make out)[.!]?"
    r"|(?:der|die|das) (?:text|schrift|handschrift|seite) ist (?:leider )?(?:nicht lesbar|unleserlich)[.!]?"
    r"|(?:le texte|la page|l'écriture|el texto|la página|la letra|il testo|la pagina|la scrittura|o texto|a página"
    r"|de tekst|het handschrift) (?:est|es|è|é|is) (?:illisible|ilegible|illeggibile|ilegível|onleesbaar)[.!]?"
    r"|no (?:legible |readable |visible |handwritten )?(?:text|handwriting|writing) (?:is |was |could be )?"
    r"(?:detected|found|visible|recogni[sz]ed)\b.{0,60}",
    re.DOTALL,
)


def declines(paragraph: str) -> bool:
    """Whether an engine says that it will not or cannot read the page: first of all, and in words of the task."""
    first_line = paragraph.strip().split("\n", 1)[0].strip()
    text = plain(paragraph)[:1200].lstrip("*_#>\"'([ -—")
    if _SHORT.fullmatch(text) and not talk_of(text).foreign:
        return True
    if not (_SENTENCE_ENDS.search(first_line[-_MARKS_AFTER:]) or is_wrapped(first_line)):
        return False
    if _SAYS_NO.match(text):
        talk = talk_of(first_line)
        return bool(_ENGLISH_TASK.search(plain(first_line))) and talk.of_reading > 2 + talk.foreign
    elsewhere = _SAYS_NO_ELSEWHERE.match(text) and _TASK_ELSEWHERE.search(text)
    return bool(elsewhere) and not talk_of(first_line).said["somebodys"]


def talks_on(paragraph: str) -> bool:
    """Whether a paragraph goes on talking where an engine has begun to decline or to offer: a looser measure."""
    text = plain(paragraph)
    talk = re.search(r"\b(?:i|i'll|i'd|i'm|i've|you|your|you'd)\b", text) or text.startswith(
        ("- ", "• ", "* ", "1.", "2.", "the rest")
    )
    if talk and talk_of(text).said["task"]:
        return True
    listed = re.match(r"[-•*] |what i can", text) and re.search(r"(?m)^[-•*] ", paragraph)
    if listed and re.search(r"legible|unclear|faded|uncertain", text):
        return True
    return text.endswith(":") and bool(
        re.match(r"(?:if you|what i can|for now|i can|would you|please|to get|here)\b", text)
    )
