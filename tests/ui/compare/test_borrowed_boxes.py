"""An engine without boxes shows borrowed ones, dashed and named, and its words lead to them."""

from engines.catalogue import CATALOGUE
from engines.contract import PageImage, Reading, Region
from metrics.normalising import DEFAULT_RULES
from playground.engine_runs import EngineRun
from playground.offer import Offer
from playground.settings import Settings
from ui.compare.desk import Desk
from ui.compare.panels import view_of

WORD = Region("word", "bam", ((1, 2), (30, 2), (30, 9), (1, 9)))


def test_borrowed_boxes_are_dashed_and_say_whose_they_are():
    lender = "tesseract"
    borrower = next(spec.id for spec in CATALOGUE if not spec.box_levels)
    runs = {
        lender: EngineRun(lender, Reading("bam", (WORD,)), 1.0),
        borrower: EngineRun(borrower, Reading("barn"), 1.0),
    }
    desk = Desk((lender, borrower), page=PageImage("", b"", 100, 50), runs=runs)
    view = view_of(desk, "barn", DEFAULT_RULES, Offer.from_settings(Settings.from_env({}), {}))
    assert f'data-b="{borrower}-0" class="borrowed"' in view.boxes
    assert f'data-b="{lender}-0"></polygon>' in view.boxes
    assert "words borrowed from Tesseract 5" in view.boxes
    assert f'data-engine="{borrower}" data-level="word" data-places="[[0, 4, 0]]"' in view.boxes
