"""What an engine says of a page, in words that no weight was fitted to, against what stands on pages."""

import pytest

from metrics.talk import features_of, talk_odds


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("Certainly! What follows is everything I could read on this page:", "before"),
        ("Gerne, hier der vollständige Text der Seite:", "before"),
        ("Voici ce que j'ai pu lire sur cette page :", "before"),
        ("Esto es lo que dice la página manuscrita:", "before"),
        ("Some words near the fold could not be read with certainty and are marked with [?].", "after"),
        ("Sagen Sie mir gern, ob Sie auch eine Übersetzung brauchen.", "after"),
        ("N'hésitez pas si vous souhaitez une traduction du texte.", "after"),
        ("Let me know whether I should also expand the abbreviations.", "after"),
    ],
)
def test_an_engine_that_talks_is_heard(said, place):
    assert talk_odds(said, place) > 0


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize(
    "written",
    [
        "The roads are so bad that the mail did not come through on Tuesday.",
        "My dear Sister, your letter of the 4th was read aloud at breakfast.",
        "Half a pound of butter, two eggs, and flour enough to roll.",
        "Wir sind alle gesund und hoffen dasselbe von Euch.",
        "Je vous prie d'agréer, Monsieur, mes salutations distinguées.",
        "Received of Thomas Hale the sum of four pounds.",
    ],
)
def test_a_page_is_no_talk(written, place):
    assert talk_odds(written, place) < 0


def test_a_paragraph_of_any_length_is_looked_at_in_part():
    assert len(list(features_of("( of the page ) " * 100_000, "after"))) < 2000
