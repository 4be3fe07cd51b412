"""Chatter is told from transcription, nothing is lost, and handwriting is never mistaken for chatter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.answer import is_refusal, parse_answer

CHATTER = ["Here is the transcription:", "# Transcription", "Note: ", "the text is unclear", "<think>", "</think>"]
MARKS = ["```", "---", "[illegible]", "[?]", "\n", "\n\n", " ", "Dear Sir"]
PIECES = st.lists(st.sampled_from(CHATTER + MARKS)).map("".join)


@given(PIECES | st.text(max_size=60))
def test_the_parts_are_the_answer(text):
    parts = parse_answer(text).parts
    assert "".join(part.text for part in parts) == text
    assert all(text[part.start : part.end] == part.text != "" for part in parts)


@pytest.mark.parametrize(
    ("answer", "transcription", "kinds"),
    [
        (
            "Here is the transcription:\n\n```text\nDear Sir,\nI am\n```\n\nLet me know if you need any help.",
            "Dear Sir,\nI am",
            ["preamble", "fence", "fence", "remark"],
        ),
        ("# Transcription\n\nDear Sir", "Dear Sir", ["heading"]),
        ("**Handwritten text:**\nDear Sir", "Dear Sir", ["heading"]),
        ("Sure! Here’s the text from the image:\nDear Sir", "Dear Sir", ["preamble"]),
        ("Voici la transcription de la lettre :\n\nCher ami", "Cher ami", ["preamble"]),
        ("<think>A letter.</think>\nDear Sir", "Dear Sir", ["reasoning"]),
        ("Dear Sir\n\n---\n\n*Note: The handwriting is unclear in line 2.*", "Dear Sir", ["remark", "fence"]),
        ("Dear Sir\n\n---\n*Note: The handwriting is unclear in line 2.*", "Dear Sir", ["remark"]),
        ("the [illegible] dog [?] ran", "the  dog  ran", ["illegible", "illegible"]),
        ("I saw [unclear: Smith] (illegible)", "I saw Smith", ["doubt", "doubt", "illegible"]),
        ("I saw [Smith?] and be[?]", "I saw Smith and be", ["doubt", "doubt", "illegible"]),
        ("A letter. First line: Dear Sir.\n</think>\n\nDear Sir", "Dear Sir", ["reasoning"]),
        ("<think>The page shows a letter and", "", ["reasoning"]),
        ("<thinking>a\n\nb</thinking>\n\n<think>c</think>Dear Sir", "Dear Sir", ["reasoning", "reasoning"]),
        ("[THINK]It says Dear.[/THINK]Dear Sir", "Dear Sir", ["reasoning"]),
        ("I see. <reasoning> no </reasoning> done.</reasoning>Dear Sir", "Dear Sir", ["reasoning"]),
        ("Dear Sir<|im_end|>", "Dear Sir", ["fence"]),
        ("<|begin_of_box|>Dear Sir<|end_of_box|>", "Dear Sir", ["fence", "fence"]),
        ("<transcription>\nDear Sir\n</transcription>", "Dear Sir", ["fence", "fence"]),
        ("---\nprimary_language: en\nis_table: False\nis_diagram: False\n---\nDear Sir", "Dear Sir", ["fence"]),
        ("[Left page]\nDear Sir\n[Right page]\nI am", "Dear Sir\n\nI am", ["label", "label"]),
        ("**Page 1**\nDear Sir\n\n**Page 2 (Letter):**\nI am", "Dear Sir\n\n\nI am", ["label", "label"]),
        ("Left column (partly legible):\nDear Sir", "Dear Sir", ["label"]),
        ("[Top right corner:]\nDear Sir\n[signature]", "Dear Sir", ["label", "remark"]),
        ("Dear Sir\n[Image of a portrait in an oval frame]\nI am", "Dear Sir\n\nI am", ["remark"]),
        ("[Several lines heavily crossed out and illegible]\nDear Sir", "Dear Sir", ["remark"]),
        ("[Top of the page has a decorative printed border]\nDear Sir", "Dear Sir", ["remark"]),
        ("Dear Sir\n\n[End of transcript]", "Dear Sir", ["remark"]),
        ("Dear Sir\n--- End of Transcription ---", "Dear Sir", ["remark"]),
        (
            "I can read only parts of this image. Here is my best transcription.\n\nDear Sir\n\nNotes:\n"
            "- The handwriting is faint in line 2.\n- A clearer image would help.",
            "Dear Sir",
            ["preamble", "remark"],
        ),
        (
            "Dear Sir\n\n## Transcription Notes\n\nIllegible words are in brackets; the image is dark.",
            "Dear Sir",
            ["remark"],
        ),
        (
            "Transcript (best effort)\n\nDear Sir\n\n(Note: the handwriting is unclear.)",
            "Dear Sir",
            ["heading", "remark"],
        ),
        (
            "Looking at the image, I can make out parts of the handwriting. Here is what I can transcribe:\nDear Sir",
            "Dear Sir",
            ["preamble"],
        ),
        ("```\nDear Sir\n```\n\n```\nI am\n```", "Dear Sir\n\n\n\nI am", ["fence"] * 4),
        (
            "This image is too small for me to transcribe, but I'll try.\n\nIf you can, upload a larger scan.\n\n"
            "Dear Sir, I write to you of the farm and the horses, which are well.",
            "Dear Sir, I write to you of the farm and the horses, which are well.",
            ["refusal", "preamble"],
        ),
        ("以下是图片中的文字：\n\nDear Sir", "Dear Sir", ["preamble"]),
        ("Aquí está la transcripción del texto:\n\nDear Sir", "Dear Sir", ["preamble"]),
        ("Dear Sir\n\n[The rest of the page is blank]", "Dear Sir", ["remark"]),
        ("[Letterhead:]\nDear Sir\n[written along left margin]", "Dear Sir", ["label", "label"]),
        ("### Transcribed Letter\n\n---\n\nDear Sir\n\n---", "Dear Sir", ["heading", "fence", "fence"]),
        ("```\nDear Sir", "Dear Sir", ["fence"]),
        ("", "", []),
    ],
)
def test_chatter_is_recognised(answer, transcription, kinds):
    parsed = parse_answer(answer)
    assert parsed.transcription == transcription
    assert sorted(part.kind for part in parsed.chatter) == sorted(kinds)


@pytest.mark.parametrize(
    "remark",
    [
        "Note: Some words were difficult to read and are my best guesses.",
        "(Note: Original spelling and punctuation preserved.)",
        "Uncertain readings are marked with a question mark.",
        "(The rest of the page is blank.)",
        "The remainder of the image contains no further text.",
        "I hope this helps! Let me know if you need anything else.",
        "Let me know if you would like a modernized version of this text.",
        "There appears to be a stamp in the upper right corner that is not legible.",
        "*[Transcriber's note: ink blot obscures one word]*",
        "Confidence: high",
        "--\nTranscribed by AI",
        "The handwriting is fairly clear, but one or two words remain uncertain.",
        "Einige Wörter waren schwer zu entziffern; die Handschrift ist unsicher.",
        "*Remarque : certains mots sont difficiles à lire et restent incertains.*",
        "*Nota: algunas palabras son ilegibles y se han marcado con corchetes.*",
        "Souhaitez-vous une traduction ?",
        "[Ende der Transkription]",
        "No other text is visible in the image.",
        "## Observations\n\nThe image is dark and one word is illegible.",
        "**Uncertain words:**\n- the date could be 1877, the image is faded",
    ],
)
def test_remarks_on_the_reading_are_none_of_it(remark):
    assert (
        parse_answer(f"Dear Mother,\nI am well\n\n{remark}").transcription.rstrip("-\n ") == "Dear Mother,\nI am well"
    )


@pytest.mark.parametrize(
    "written",
    [
        "Here is the copy of the letter which I received yesterday:",
        "The following is the text of the resolution:",
        "The image of her dear face is always before me.",
        "I hope this helps you to understand the matter.",
        "There is a letter at the bottom of the trunk for you.",
        "Please let me know if you would like me to send the book.",
        "The signature of the President is wanting.",
        "Note the change of address on the last page.",
        "Confidence is high among the men.",
        "The manuscript is hard to read and the ink is faint in places.",
        "A full transcription of this document is kept at the Library.",
        "(The signature of the bride is not clear.)",
        "Je vais transcrire la lettre demain matin.",
        "Certainly we shall come on Sunday",
        "Hinweis: Die Stube ist im Winter kalt.",
        "El maestro dice:",
    ],
)
def test_what_a_writer_says_in_like_words_stays(written):
    for text in (f"{written}\n\nDear Mother,\nI am well", f"Dear Mother,\nI am well\n\n{written}"):
        assert parse_answer(text).chatter == ()


@pytest.mark.parametrize(
    "answer",
    [
        "The handwriting in this image is extremely difficult to read, and I would not want to guess.\nPlease rescan.",
        "This image seems to contain a handwritten page, but I'm not able to decipher it.",
        "It's not possible to transcribe this image: the page is too faded.",
        "[Unable to transcribe: image too dark]",
        "I regret that I'm unable to provide a transcription of this document.",
        "Could not read the image.",
        "The page is illegible.",
        "The image appears to be blank, so there is no text to transcribe.",
        "The handwriting is too difficult for me to decipher.",
        "This image is too low-resolution for an accurate transcription.",
        "Text could not be recognized.",
        "Das Bild ist zu unscharf, um den Text zu transkribieren.",
        "Der Text ist unleserlich.",
        "L'image est trop floue pour être transcrite.",
        "Non sono in grado di trascrivere questo documento.",
        "Ik kan dit handschrift niet lezen.",
    ],
)
def test_ways_to_say_no(answer):
    assert is_refusal(answer)
    assert not is_refusal(f"Dear Mother,\nI am well and hope that you are.\n\n{answer}")
    assert is_refusal(f"<think>A letter?</think>{answer}")


@pytest.mark.parametrize(
    "handwriting",
    [
        "Dear Sir,\n\nThis is a letter to you.\nNote the time.",
        "Here is the money:\n5 pounds",
        "Here is the text of my will",
        "Washington, D.C.\nMarch 4, 1905\n\nThe letter came.",
        "# 5 Main Street",
        "Sample Form: Page 2\nName Mary",
        "I hope this finds you well\n\nNote: bring bread",
        "[sic] (see below) {1}",
        "I note what you say of your Cook\n\nnote what you say of the letter and page",
        "I have no difficulty in showing your letter\n\nto him",
        "Yours truly\n\nP.S. Let me know when you get this letter, and if I can help",
        "My dear Sir\n\nThe handwriting of your letter is hardly legible",
        "I am sorry I cannot come\n\nYour letter came too late",
        "[the image of God] and [a portrait]",
        "[I left the page in your box]",
        "[Household] [and] [1863] [to be entered]",
        "Page 2\nThe End",
        "End of the letter",
        "The page is torn; I can read: nothing",
        "* 5 lbs sugar\n* 2 oz tea",
    ],
)
def test_handwriting_stays(handwriting):
    assert parse_answer(handwriting).chatter == ()


@pytest.mark.parametrize(
    "answer",
    [
        "I'm sorry, but I can't assist with transcribing this image.",
        "I’m unable to read the handwriting in this image.",
        "Sorry, I can't help with that request.",
        "**I cannot transcribe this document, as the image is illegible.**",
        "<think>Hard to read.</think>\n\nI apologize, but I am unable to transcribe this: the resolution is too low.",
        "I'm happy to help, but this image is too small.\n\nIf you have:\n- a larger scan, or\n- a crop,\nI'll try.",
        "The handwriting in this image is too faint, so I cannot give a transcription.",
        "As an AI language model, I cannot view images.",
        "I don't see an image attached. Please upload the image you would like me to transcribe.",
        "No text detected.",
        "Es tut mir leid, aber ich kann die Handschrift auf diesem Bild nicht entziffern.",
        "Je suis désolé, mais je ne peux pas transcrire cette image.",
        "Lo siento, pero no puedo transcribir esta imagen.",
        "Mi dispiace, ma non riesco a leggere il testo di questa immagine.",
        "Desculpe, mas não consigo transcrever esta imagem.",
        "Het spijt me, maar ik kan de tekst op deze afbeelding niet lezen.",
        "抱歉，我无法识别这张图片中的文字。",
        "申し訳ありませんが、この画像の文字を読み取ることができません。",
        "Извините, я не могу прочитать текст на этом изображении.",
        "Przepraszam, ale nie mogę odczytać tekstu z tego obrazu.",
    ],
)
def test_a_refusal_in_prose_is_a_refusal(answer):
    assert is_refusal(answer)


@pytest.mark.parametrize(
    "letter",
    [
        "My dear Sir,\nI am sorry that I cannot read your handwriting, it is very illegible.",
        "I am sorry I cannot come to see you on Sunday.",
        "I cannot tell you how glad I was to have your letter",
        "I am unable to send the picture you asked for, but the text of the will is enclosed.",
        "I can not transcribe the deed for you before Friday,\nas the clerk is ill.\nYours truly\nJ. Hill",
        "I could not read the letter you sent, the page was too wet.",
        "Unfortunately I have not the means\nto pay you.",
        "Es tut mir leid, dass ich nicht kommen kann.",
        "Leider kann ich Dein Bild nicht finden.",
        "Sorry I cannot help you with the hay this week.",
        "I regret that I cannot provide the image of the Saint you desire.",
        "Je suis désolé de ne pas vous voir; je ne peux pas quitter la maison.",
        "[illegible]",
        "",
    ],
)
def test_a_letter_that_regrets_is_none(letter):
    assert not is_refusal(letter)
    assert parse_answer(letter).count("refusal") == 0


def test_notes_longer_than_the_text_are_text():
    text = "Dear Sir\n\n## Notes\n\nThe image of the field\n" + "We came home on Monday and found all well.\n" * 20
    assert "We came home" in parse_answer(text).transcription


def test_a_reading_after_regrets_is_a_reading():
    text = (
        "I'm sorry, the image is blurry and I cannot read all of it.\n\n"
        + "We came home on Monday and found all well. " * 5
    )
    assert not is_refusal(text)
    assert parse_answer(text).transcription.startswith("We came home")


@pytest.mark.parametrize(
    "text", ["<think>" * 5_000, "</think>" * 5_000, "[" * 50_000, "**" * 20_000, "Note: a\n\n" * 3_000]
)
def test_long_answers_take_no_square_of_time(text):
    assert "".join(part.text for part in parse_answer(text).parts) == text


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't assist with transcribing this image.",
        "```\nI'm unable to read the handwriting in this image.\n```",
        "<think>a letter</think>\n\nI cannot transcribe this page.",
        "Dear Sir,\nI am sorry that I cannot come.\nYours, A.",
        "",
        "\n\n\n",
    ],
)
def test_the_quick_look_for_a_refusal_says_what_the_long_one_says(text):
    assert is_refusal(text) == parse_answer(text).is_refusal
