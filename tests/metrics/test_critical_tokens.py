"""Names, dates, amounts and numbers: found, judged against a reference, and alarmed about without one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.critical_tokens import TokenCount, alarms, critical_tokens, judge_tokens, token_counts
from metrics.figures import essence
from metrics.names import language_of, told_language
from playground.insight import vocabulary


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("paid 1,250 on 14 March 1961.", [("number", "1,250"), ("date", "14 March 1961")]),
        ("Londres, 1er février 1921", [("name", "Londres"), ("date", "1er février 1921")]),
        (
            "on March 4, 1905 or 14/3/61 or 1905-03-04",
            [("date", "March 4, 1905"), ("date", "14/3/61"), ("date", "1905-03-04")],
        ),
        ("a credit of $1,000 and 12.50 francs", [("amount", "$1,000"), ("amount", "12.50 francs")]),
        ("call 646-555-0111", [("number", "646-555-0111")]),
        ("to Mr. Gaitskell. He went to San Jose", [("name", "Gaitskell"), ("name", "San"), ("name", "Jose")]),
        ("He saw Mrs. George H. Ashley", [("name", "George"), ("name", "Ashley")]),
        ("Name: ALEJANDRO", [("name", "ALEJANDRO")]),
        ("I saw it. Then I left", []),
        ("My dear Sir,\n\n1) How is your Mother?\n- Why not", [("number", "1")]),
        ("He met" + " " * 40 + "Gaitskell", [("name", "Gaitskell")]),
        ("THE LARGEST AND BEST HOUSE", []),
        ("Ana-\ncostia, D.C.", [("name", "Ana-\ncostia")]),
        ("7June 1962 and April 22d 1863", [("date", "7June 1962"), ("date", "April 22d 1863")]),
        ("the 10th inst., on Monday, in March", [("date", "10th inst."), ("date", "Monday"), ("date", "March")]),
        ("I march in the May sun", []),
        ("12½ acres at ₹1,250", [("amount", "12½ acres"), ("amount", "₹1,250")]),
        ("minus −5 and 5 % of $-12.50", [("number", "−5"), ("amount", "5 %"), ("amount", "$-12.50")]),
        ("£42 10s. and 7s. 6d.", [("amount", "£42 10s."), ("amount", "7s. 6d.")]),
        ("25 fr. 50 ou fs 4,350", [("amount", "25 fr. 50"), ("amount", "fs 4,350")]),
        ("12 500 francs de 1870", [("amount", "12 500 francs"), ("number", "1870")]),
        ("am 20sten April 1826 zu 3 Thlr. 12 Sgr.", [("date", "20sten April 1826"), ("amount", "3 Thlr. 12 Sgr.")]),
        ("Dec. 21st / 63 and June 15th 65\nDear Uncle", [("date", "Dec. 21st / 63"), ("date", "June 15th 65")]),
        ("yours of the 22d Instant, the 28th Ult.", [("date", "22d Instant"), ("date", "28th Ult.")]),
        ("We March 18 miles a day", [("amount", "18 miles")]),
        ("D315 and 02.41.00.17.35", [("number", "D315"), ("number", "02.41.00.17.35")]),
    ],
)
def test_what_is_critical(text, tokens):
    assert [(token.kind, token.text) for token in critical_tokens(text)] == tokens


@pytest.mark.parametrize(
    "amount",
    [
        "£3 13 6", "£0. 8. 2", "£1. 10. 6½", "£17. 4. 11", "£3. 3s.", "5/-", "7d", "8½d", "3s/6", "12/6", "4s 8d",
        "9 stone 12 lb", "Rs. 2", "14 annas", "5 pr Ct", "9 liv. 3 s. 2 d.", "64 sols", "45 DM", "4,20 M", "40,- RM",
        "5 Thlr. 6 gr.", "12 Schilling", "62 hectolitres", "½ Ctr.", "45/", "1s 3d", "£3 10/", "£4..10",
        "2 cwt 1 qr 14 lb",
        "7 Pags. 12 fan.", "Shs. 712/50", "$120 Straits", "19 Sp. dolls.", "49° 41' N", "5 ft 6 in", "¼ cup", "-,46 RM",
        "140 Milliarden Mark", "12 Schill. lübsch", "3 fl. 20 xr.", "8 K 50 h", "32 Pfg.", "18 v. H.", "10 Procent",
        "13 l. 10 s.", "38 NF 40", "1 mètre 20", "5 pour cent", "0 f. 90",
    ],
)  # fmt: skip
def test_money_and_measures_of_account_books(amount):
    text = f"Paid £1 for it, at {amount}\n"
    assert ("amount", amount) in [(token.kind, token.text) for token in critical_tokens(text)]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        (
            "Rent  £5\nBread  . . . 0 8 7½\nShroud  0 - 5 - 2\nRope   2 = 6 = 3\n",
            ["£5", "0 8 7½", "0 - 5 - 2", "2 = 6 = 3"],
        ),
        ("Tube, 12 m à 7,20 €: 86,40 €\n4 robinets", ["12 m", "7,20 €", "86,40 €"]),
        ("26 Pfd. à 5 Sgr. 6 Pf. 4 Rthlr. 23 Sgr.", ["26 Pfd.", "5 Sgr. 6 Pf.", "4 Rthlr. 23 Sgr."]),
        (
            "2 prs Gloves  3/6   7 0\n9 yds Frilling  4½d   3 4½\n1 comb   8\n",
            ["3/6", "7 0", "9 yds", "4½d", "3 4½", "8"],
        ),
        (
            "25 k. savon   à 0,92   23 »\n7 k. huile   à 1,40   9 80\n",
            ["25 k.", "0,92", "23 »", "7 k.", "1,40", "9 80"],
        ),
        (
            "Anna  66  22,44  —,66  21,78\nJos.  48  7,76  —,24  7,52\n",
            ["22,44", "—,66", "21,78", "7,76", "—,24", "7,52"],
        ),
        ("Seats in ward  12\nSeats in hall  40\n", []),
        ("Duck $13.50, 3 harpoons 2.25, boat at 4.30 pm", ["$13.50", "2.25"]),
        ("1 mare 42.50\nLot 2, 14 miles. 2 sail", ["14 miles."]),
    ],
)
def test_sums_end_where_the_next_begins(text, amounts):
    assert [token.text for token in critical_tokens(text) if token.kind == "amount"] == amounts


@pytest.mark.parametrize("text", ["1. I. Newton", "10. V. Hugo", "9.\n10.\n", "3 I. Walton"])
def test_numbers_of_a_list_and_initials_are_no_dates(text):
    assert "date" not in {token.kind for token in critical_tokens(text)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [("2d", "number"), ("1/2", "number"), ("7/8", "number"), ("12.50", "amount")],
)
def test_what_a_bare_figure_is_in_an_account(text, kind):
    assert [token.kind for token in critical_tokens(f"£5 of it\n{text}\n") if token.text == text] == [kind]


@pytest.mark.parametrize(
    "date",
    [
        "Monday 3rd", "Thurs 17th", "Sat. Dec 19", "Xmas 1931", "May ye 1st", "samedi 14", "Mi 19.9.", "20.2.",
        "den 12ten", "18ten Novembr. 1807", "10. XI. 1879", "3.xi.43", "19/5 1898", "3 germinal an IV", "9 dudit",
        "2ten dieses",
        "premier octobre", "22ten Februarii 1731", "4. Christmonat 1826", "Apl. 11th, 1798",
        "Whit Monday 1927", "Lady Day",
        "Michaelis 1884", "Vendredi saint", "Georgii 1688", "Wedy. 7th", "11th day of February 1703/4", "5th 7ber 1705",
        "8th day of 4th month 1782", "3-VII-44", "Freitags", "Montag den 3. Septembris", "Le 15", "den 5.",
    ],
)  # fmt: skip
def test_dates_of_ledgers_and_old_calendars(date):
    assert [(token.kind, token.text) for token in critical_tokens(f"— {date} —")] == [("date", date)]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("Paid from the 9th to the 11th Jan. 1819", ["the 9th", "11th Jan. 1819"]),
        ("Briefe vom 17., 21. und 22. November", ["17.", "21.", "22. November"]),
        ("quinzaine du 1er au 15 juin 1887", ["1er", "15 juin 1887"]),
        ("Novr 3  By hay\n16  To rum\n18  To pork\n22  To shoes\n", ["Novr 3", "16", "18", "22"]),
        ("1st May 1862\n5th  Pd. carter\n9th  Bags\n", ["1st May 1862", "5th", "9th"]),
        ("Apl 26 Mon. Glass low\n27 Showers\n28 Fine\n", ["Apl 26 Mon.", "27", "28"]),
        ("3 Janvier 1846. Il gèle\n7. Neige\n11. Le maitre\n", ["3 Janvier 1846", "7.", "11."]),
        ("yr parcel of the 22nd alright, the 12th of the 8th regiment", ["the 22nd"]),
        ("In May 1862\n1  bolt\n2  nuts\n3  rings\n", ["May 1862"]),
        ("Adm. 3/2/26, tapped 3/4, home 3/9, one 1/2 full", ["3/2/26", "3/9"]),
        ("came by 8/18, again 31/7, BP 134/78, 7/16 inch", ["8/18", "31/7"]),
        ("1/3 Boulanger\n12/3 Essence\n", ["1/3", "12/3"]),
        ("the 8th Pennsylvania, but by the 8th we left", ["the 8th"]),
        ("Tuesday, 2 bags and Monday 5 a.m.", ["Tuesday", "Monday"]),
        ("Er kam am 3. und dem 4. Regiment voran", ["3."]),
    ],
)
def test_days_without_a_month(text, dates):
    assert [token.text for token in critical_tokens(text) if token.kind == "date"] == dates


def test_a_telephone_number_and_an_hour_are_one_number():
    found = critical_tokens("Tel. 4 17 36 à 9 h 42, um ½ 6 Uhr")
    assert [token.text for token in found if token.kind == "number"] == ["4 17 36", "9 h 42", "½ 6"]


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        (
            "en",
            "I expect your Letter and the Wind & Hail. Mr. Grace and Mrs. Rose Field of New York.",
            ["Grace", "Rose", "Field", "New", "York"],
        ),
        ("en", "To Mr. J. B. Price\nP.S. See Newcomb & Co, Salem, Mass.", ["Price", "Newcomb", "Salem", "Mass"]),
        ("fr", "Je reçois du Havre, P.S. La Bourse a baissé. Marie-Louise et l'Empereur", ["Havre", "Marie-Louise"]),
        (
            "de",
            "Die Ausgabe sandte Kurtchen nach Punschrau, wie Herr Uttenhoven sagt.",
            ["Kurtchen", "Punschrau", "Uttenhoven"],
        ),
        ("en", "The Lawyers saw the Bridge at Halifax. Griswoldt came.", ["Halifax", "Griswoldt"]),
        ("fr", "Le Notaire et Mme Delaunay vont à Nantes. Le Curé reste.", ["Delaunay", "Nantes"]),
        (
            "de",
            "Der Wirt brachte Wein und Brot. Friedrich fuhr mit Frau Brinkmann nach Weißenfels.",
            ["Friedrich", "Brinkmann", "Weißenfels"],
        ),
        ("de", "Herrn Amtmann von Seydewitz, Leinweber, als Kontorist. Fuldaer Zeitung", ["Seydewitz", "Fuldaer"]),
        ("en", "1  Nixon, J. 47\nMorph. gr. 1/4 for Capt. Grain", ["Nixon", "Grain"]),
        ("xx", "kua tae a Hone ki Rotorua", ["Hone", "Rotorua"]),
        ("en", "Pd Joshua Ward, Cooper, for 9 yds of Serge. Wt 40 lb, Otter Creek.", ["Joshua", "Ward", "Otter"]),
        ("en", "The carter saw Bill on Monday. To Miss Ottley's Class  Dinner 4s", ["Bill", "Ottley"]),
        (
            "fr",
            "Chez Sébastien Cordier, rue Haute, à Saint-Bris. Embrassez le Curé.",
            ["Sébastien", "Cordier", "Haute", "Saint-Bris"],
        ),
        (
            "de",
            "Der Händler Rosenfeld und Familie Kleinod aus Kiel kauften 5 Ellen Leinwat.",
            ["Rosenfeld", "Kleinod", "Kiel"],
        ),
        (
            "de",
            "Catharina, geborne Dotterweich, zu Rosenheim. Haushaltsbuch, November 1923",
            ["Catharina", "Dotterweich", "Rosenheim"],
        ),
    ],
)
def test_names_are_told_from_nouns_and_beginnings(language, text, names):
    found = critical_tokens(text, vocabulary(language))
    assert [token.text for token in found if token.kind == "name"] == names


@pytest.mark.parametrize(
    ("text", "language"),
    [("the price of the house", "en"), ("le prix de la maison", "fr"), ("der Preis für das Haus", "de"), ("", "en")],
)
def test_the_language_is_told_by_small_words(text, language):
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("the price of the house that we have not seen", "en"),
        ("Le temps est mauvais mais nous sommes en bonne santé.", "fr"),
        ("Das Wetter ist schlecht, aber wir sind gesund.", "de"),
        ("Querida hermana: te escribo desde Madrid para decirte que he llegado bien. La casa es grande.", ""),
        ("Il tempo è buono ma fa molto caldo. Domani andremo a vedere il Colosseo con gli amici.", ""),
        ("Ik schrijf u uit Amsterdam om te zeggen dat alles goed gaat. Het weer is slecht in de stad.", ""),
        ("Anno Domini millesimo quingentesimo baptizatus est Iohannes filius Petri et Mariae", ""),
        ("Flour 2 lb, Sugar 1 lb, Candles, Soap, John Smith 4.50", ""),
        ("", ""),
    ],
)
def test_where_small_words_are_few_the_language_is_not_told(text, language):
    assert told_language(text) == language


def test_german_nouns_are_no_names_without_being_told_the_language():
    found = critical_tokens("Der Bauer und die Kuh standen auf der Wiese vor dem Haus, und das Wetter war schön.")
    assert found == ()


@given(st.text(alphabet="A b1.,$\n/é", max_size=60))
def test_tokens_stand_in_the_text_and_never_overlap(text):
    tokens = critical_tokens(text)
    assert all(text[token.start : token.end] == token.text for token in tokens)
    assert all(one.end <= other.start for one, other in pairwise(tokens))


def test_tokens_are_judged_in_their_place():
    written = "a letter to Mr. Gaitskell of 14 March 1961 about 1,250 pounds and 12 men"
    read = "a letter to Mr. Galtskell of 14 march 1961 about l,250 pounds and"
    verdicts = [(verdict.token.text, verdict.fate, verdict.read) for verdict in judge_tokens(written, read)]
    assert verdicts == [
        ("Gaitskell", "wrong", "Galtskell"),
        ("14 March 1961", "right", "14 march 1961"),
        ("1,250 pounds", "wrong", "l,250 pounds"),
        ("12", "missing", ""),
    ]


@pytest.mark.parametrize("read", ["paid 1250", "paid 1 250", "paid **1,250**."])
def test_separators_of_thousands_do_not_make_a_number_wrong(read):
    assert [verdict.fate for verdict in judge_tokens("paid 1,250", read)] == ["right"]


@pytest.mark.parametrize("read", ["paid 1,205", "paid 12.50", "paid 1,2500", "paid £1,25"])
def test_other_figures_are_wrong(read):
    assert [verdict.fate for verdict in judge_tokens("paid 1,250", read)] == ["wrong"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12½", "12¼"),
        ("12½", "121/2"),
        ("−5", "5"),
        ("₹1,250", "$1,250"),
        ("₹1,250", "1,250"),
        ("5%", "5"),
        ("5 mg", "5 kg"),
        ("£3 4s.", "£3 4d."),
        ("14 March", "14 May"),
        ("Dec. 2", "Decerker 2"),
        ("Dec. 2", "December 2"),
        ("3/4/61", "4/3/61"),
        ("14 March 1961", "14 March 1967"),
        ("Mr. Douglas", "Mr. Douglass"),
        ("Mr. Müller", "Mr. Muller"),
    ],
)
def test_other_signs_units_and_letters_are_wrong(written, read):
    assert [v.fate for v in judge_tokens(f"it was {written} there", f"it was {read} there")] == ["wrong"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12½", "12 1/2"),
        ("−5", "-5"),
        ("5 %", "5%"),
        ("1 250,00 €", "1250,00 €"),
        ("1.249,50 €", "1249,50 €"),
        ("7 June 1962", "7June 1962"),
        ("April 22d 1863", "April 22nd, 1863"),
        ('March 24"', "March 24th"),
        ("12 May 1871", "May 12, 1871"),
        ("3/4/61", "3.4.61"),
        ("Sep 20th 1867", "Sep 20<sup>th</sup> 1867"),
        ("Mr. Anacostia", "Mr. Ana- costia"),
        ("Mr. Ana-\ncostia", "Mr. Anacostia"),
        ("Mr. McClish", "Mr. Mc Clish"),
        ("Mr. Ashley’s", "Mr. Ashley's"),
    ],
)
def test_spacing_points_and_order_of_a_date_do_not_matter(written, read):
    assert [v.fate for v in judge_tokens(f"it was {written} there", f"it was {read} there")] == ["right"]


def test_a_fraction_is_a_part_of_its_number():
    assert essence("12½ acres", "amount") == essence("12 1/2 acres", "amount") != essence("121/2 acres", "amount")


def test_a_line_that_was_read_elsewhere_is_read():
    written = "Recorder of Deeds\nWASHINGTON\nFEB 26\nPM\nThe Honble Frederick Hoar"
    read = "The Honble Frederick Hoar\nRecorder of Deeds\nWASHINGTON\nFEB 26\nPM"
    assert {verdict.fate for verdict in judge_tokens(written, read)} == {"right"}


def test_counts_of_pages_pool():
    page = token_counts(judge_tokens("Mr. Ames paid $5 and $6", "Mr. Ames paid $5 and $8"))
    assert page == (TokenCount("date"), TokenCount("amount", 1, 2), TokenCount("number"), TokenCount("name", 1, 1))
    assert page[1] + page[1] == TokenCount("amount", 2, 4)
    with pytest.raises(ValueError, match="cannot be counted together"):
        page[0] + page[1]


def test_a_number_elsewhere_does_not_make_up_for_one_here():
    verdicts = judge_tokens("the 12 men paid 15 pounds", "the 15 men paid 12 pounds")
    assert [verdict.fate for verdict in verdicts] == ["wrong", "wrong"]


def test_alarms_need_no_reference():
    readings = {
        "a": "paid 1,250 to Gaitskell on 14 March",
        "b": "paid 1250 to Galtskell on 19 March",
        "c": "paid 1,250 to gaitskell an 14 March",
    }
    found = [(alarm.kind, [variant.text for variant in alarm.variants]) for alarm in alarms(readings)]
    assert found == [("name", ["Gaitskell", "Galtskell", "gaitskell"]), ("date", ["14", "19"])]


def test_readers_who_agree_raise_no_alarm():
    assert alarms({"a": "paid 12", "b": "paid 12"}) == ()


def test_one_stray_capital_is_no_name():
    readings = {"a": "on the rocks", "b": "on the rocks", "c": "on Tae rocks", "d": "on Ahe rocks"}
    assert [alarm.kind for alarm in alarms(readings)] == ["name"]
    assert alarms({**readings, "c": "on the rocks"}) == ()
