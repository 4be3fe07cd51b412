"""What a panel holds, whoever draws it."""

from engines.catalogue import CATALOGUE, brought_spec
from engines.contract import Reading, Sent
from engines.pricing import Usd
from metrics.normalising import DEFAULT_RULES
from playground.engine_runs import EngineRun, Failure, with_turn
from playground.panel import panels_of

SPECS = {spec.id: spec for spec in CATALOGUE}
SENT = Sent(600, 400, settings=(("effort", "low"),))
RUNS = (
    EngineRun("gpt-5", Reading("the bat sat", sent=SENT), 1.5, 1, Usd(0.02)),
    EngineRun("tesseract", Reading("the cat sat\n\nthere"), 0.4),
    EngineRun("gpt-4o", Failure("timed-out", "No reading."), 50.0),
    EngineRun("unlisted", Reading("No.", refused=True, model_reported="u-1"), 1.0, 1, Usd(5.0, measured=True)),
)  # fmt: skip


def panels(reference, runs=RUNS):
    return panels_of(runs, reference, DEFAULT_RULES, SPECS)


def texts(figures):
    return {figure.name: (figure.text, figure.note) for figure in figures}


def test_rates_come_with_a_reference_and_a_reading_only():
    gpt, tesseract, failed, refused = panels("the cat sat").panels
    assert texts(gpt.rates)["CER"] == ("9.09 %", "1 of 11")
    assert texts(gpt.rates)["WER"] == ("33.3 %", "1 of 3")
    assert (failed.rates, refused.rates) == ((), ())
    assert [panel.result for panel in (gpt, tesseract, failed, refused)] == [
        "CER 9.09 %", "CER 54.5 %", "did not read", "refused",
    ]  # fmt: skip
    assert [panel.best for panel in panels("the cat sat").panels] == ["best", "", "", ""]
    assert not any(panel.rates for panel in panels("").panels)


def test_engines_that_tie_share_the_best():
    runs = [EngineRun(engine, Reading("cat"), 1.0) for engine in ("gpt-5", "gpt-4o", "tesseract")]
    assert {panel.best for panel in panels("cat", runs).closest} == {"shared best"}
    assert panels("cat", runs).closest_names == "GPT-5, GPT-4o and Tesseract 5"


def test_a_table_has_the_columns_that_somebody_fills():
    assert panels("the cat sat").columns == ("CER", "WER", "Time", "Cost", "Per 1,000 pages")
    assert panels("", RUNS[1:3]).columns == ("Time", "Cost")


def test_time_and_cost_say_what_they_rest_on():
    found = [texts(panel.effort) for panel in panels("").panels]
    assert [one["Time"][0] for one in found] == ["1.50 s", "0.40 s", "50 s", "1.00 s"]
    assert [one["Cost"] for one in found] == [("≈ $0.02", "estimated"), ("free", ""), ("", ""), ("$5.00", "measured")]


def test_a_thousand_pages_are_a_thousand_times_the_cost():
    found = [texts(panel.effort)["Per 1,000 pages"][0] for panel in panels("").panels]
    assert found == ["$20.00 per 1,000", "", "", "$5,000.00 per 1,000"]


def test_an_unknown_price_is_said_and_is_not_free():
    (panel,) = panels("", (EngineRun("gpt-5", Reading("cat"), 1.0),)).panels
    assert texts(panel.effort)["Cost"] == ("price unknown", "")
    assert texts(panel.effort)["Per 1,000 pages"][0] == ""


def test_pieces_give_the_text_back_and_say_where_others_differ():
    for found in (panels("the cat sat"), panels(""), panels("", RUNS[:1])):
        for panel in found.panels:
            read = "".join(piece.hypothesis for piece in panel.pieces())
            assert read == (panel.reading.text if panel.reading else "")
    gpt, tesseract, failed, refused = panels("").panels
    assert gpt.disagreement.startswith("differs in ")
    assert (failed.disagreement, refused.disagreement) == ("", "")
    assert next(piece.hypothesis for piece in gpt.pieces() if piece.kind == "differs") == "bat"
    assert tesseract.lines == 2


def test_model_and_settings_are_what_the_engine_said():
    gpt, _, _, refused = panels("").panels
    assert gpt.settings == (("image", "600 x 400 px"), ("effort", "low"))
    [turned] = panels("", [with_turn(gpt.run, 270)]).panels
    assert turned.settings == (*gpt.settings, ("page turned by", "270 degrees"))
    assert with_turn(gpt.run, 0) == gpt.run
    assert (gpt.model, refused.model, refused.label) == (f"{SPECS['gpt-5'].model} (not reported)", "u-1", "unlisted")


def test_a_reading_from_elsewhere_has_its_name_and_no_figure_that_nobody_knows():
    trial, other = brought_spec("Trial page"), brought_spec("Other")
    runs = (EngineRun(trial.id, Reading("the bat"), None), EngineRun(other.id, Reading(""), None, cost=Usd(0.1, True)))
    unknown, priced = panels("the cat", runs).panels
    assert (unknown.label, unknown.spec.runs, unknown.model) == ("Trial page", "elsewhere", "not reported")
    assert {text for text, _ in texts(unknown.effort).values()} == {""}
    assert (texts(priced.effort)["Time"][0], texts(priced.effort)["Cost"]) == ("", ("$0.10", "as you said"))
    assert unknown.result == "CER 14.3 %"
