"""Answers in which an engine declines: it will not or cannot read the page. Knows wordings of many languages."""

from __future__ import annotations

import re

from metrics.chatter import is_wrapped
from metrics.talk import plain, talk_of

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
