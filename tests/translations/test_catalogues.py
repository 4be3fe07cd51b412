import contextvars
import re
from string import Formatter

import pytest

import translations
from translations import LANGUAGES, N_, _, catalogue, ngettext, speak, spoken_in, wished
from translations.__main__ import said_in_the_sources

OTHERS = sorted(set(LANGUAGES) - {"en"})
SAID = [message for message in said_in_the_sources() if message.id]


def forms(text):
    return (text,) if isinstance(text, str) else tuple(text)


def shape(text):
    """What a translation must leave as it is: values, tags, and white space at the ends."""
    values = {name for _text, name, _spec, _conversion in Formatter().parse(text) if name}
    ends = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return values, sorted(re.findall(r"</?\w+[^>]*>", text)), ends


@pytest.mark.parametrize("code", OTHERS)
def test_every_sentence_is_translated_and_none_that_nobody_says(code):
    known = {message.id: forms(message.string) for message in catalogue(code) if message.id}
    missing = {message.id for message in SAID if not all(known.get(message.id, ("",)))}
    assert not missing, "run `python -m translations`, and translate what is empty in the catalogues"
    assert not set(known) - {message.id for message in SAID}, "run `python -m translations`"


@pytest.mark.parametrize("code", OTHERS)
def test_translations_keep_values_and_tags(code):
    wrong = []
    for message in catalogue(code):
        if (message.id and "{" in "".join(forms(message.id))) or "<" in "".join(forms(message.id)):
            english = forms(message.id)[-1]
            wrong += [text for text in forms(message.string) if text and shape(text)[1:] != shape(english)[1:]]
            wrong += [text for text in forms(message.string)[-1:] if text and shape(text)[0] != shape(english)[0]]
    assert not wrong


def test_english_is_what_stands_in_the_sources():
    assert _("Nobody says this to {name}.", name="anybody") == "Nobody says this to anybody."
    assert [ngettext("{n} page", "{n} pages", n) for n in (0, 1, 2)] == ["0 pages", "1 page", "2 pages"]
    assert ngettext("{n} page", "{n} pages", 3000, n="3,000") == "3,000 pages"
    assert N_("as it stands") == "as it stands"
    assert _("") == ""


def test_a_language_is_spoken_for_as_long_as_asked():
    with spoken_in("de"):
        assert _("Compare") == "Vergleichen"
        assert _("Said by nobody") == "Said by nobody"
    assert _("Compare") == "Compare"


def test_braces_of_a_visitor_are_not_filled_in():
    assert _("Called {name}", name="{0.__class__}") == "Called {0.__class__}"
    assert _("{no value}") == "{no value}"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "en"),
        ({"accept-language": "de-AT,de;q=0.9,en;q=0.5"}, "de"),
        ({"accept-language": "pt-BR, en;q=0.4, fr-CA;q=0.8"}, "fr"),
        ({"accept-language": "ja"}, "en"),
        ({"accept-language": "*"}, "en"),
        ({"accept-language": "ja, de;q=0, es;q=nan"}, "en"),
        ({"accept-language": ";;q=,de;q=x,es"}, "es"),
        ({"accept-language": "de", "cookie": "a=b; inkquest_language=es"}, "es"),
        ({"accept-language": "de", "cookie": "inkquest_language=tlh"}, "de"),
        ({"accept-language": "de", "cookie": 'inkquest_language="; \x00=,'}, "de"),
        ({"accept-language": "x" * 100_000}, "en"),
    ],
)
def test_the_picked_language_comes_before_the_browsers(headers, code):
    assert wished(headers) == code


def test_a_language_stays_with_its_context():

    contextvars.copy_context().run(speak, "fr")
    assert translations.language() == "en"
