"""Every figure of a panel stands in every panel: on the screen, on the shared page, in the file to keep."""

import pytest

from engines.catalogue import CATALOGUE
from metrics.normalising import DEFAULT_RULES
from playground.panel import panels_of
from tests.playground.test_panel import RUNS, SPECS
from tests.ui.compare.test_readings_on_screen import OFFER, desk_with, shared_of
from ui.compare.panels import view_of
from ui.html import render
from ui.routes.downloads import as_html, view_of_share

LISTED = RUNS[:3]
"""The screen offers only engines of the catalogue."""


@pytest.mark.parametrize("reference", ["the cat sat", ""])
def test_every_figure_is_shown_everywhere(reference):
    desk = desk_with(*LISTED)
    shared = shared_of(desk, reference)
    screen = view_of(desk, reference, DEFAULT_RULES, OFFER).panels
    page = render("shared.html", view=view_of_share(shared, CATALOGUE), picture="", address="", downloads=())
    file = as_html(shared, None, CATALOGUE).decode()
    for panel, shown in zip(panels_of(LISTED, reference, DEFAULT_RULES, SPECS).panels, screen, strict=True):
        for figure in (*panel.rates, *panel.effort):
            value = figure.text.removesuffix(" %")
            assert value in shown
            assert figure.text in page
            assert figure.text in file
            assert figure.note in page
