"""Every figure of a panel stands in every panel: on the screen, on the shared page, in the file to keep."""

from dataclasses import replace

import pytest

from engines.catalogue import CATALOGUE
from metrics.normalising import DEFAULT_RULES
from playground.panel import panels_of
from playground.together import ONE_FAMILY
from tests.playground.test_panel import RUNS, SPECS
from tests.playground.test_together import READ as READ_TOGETHER
from tests.playground.test_together import REFERENCE as TOGETHER_REFERENCE
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
    page = render(
        "shared.html", view=view_of_share(shared, CATALOGUE), picture="", address="", downloads=(), readings=()
    )
    file = as_html(shared, None, CATALOGUE).decode()
    for panel, shown in zip(panels_of(LISTED, reference, DEFAULT_RULES, SPECS).panels, screen, strict=True):
        for figure in (*panel.rates, *panel.effort):
            value = figure.text.removesuffix(" %")
            assert value in shown
            assert figure.text in page
            assert figure.text in file
            assert figure.note in page


@pytest.mark.parametrize("reference", [TOGETHER_REFERENCE, ""])
def test_what_is_read_together_is_shown_everywhere(reference):
    desk = desk_with(*READ_TOGETHER)
    shared = shared_of(desk, reference)
    panel = panels_of(READ_TOGETHER, reference, DEFAULT_RULES, SPECS).together
    shown = view_of(desk, reference, DEFAULT_RULES, OFFER).together
    page = render(
        "shared.html", view=view_of_share(shared, CATALOGUE), picture="", address="", downloads=(), readings=()
    )
    file = as_html(shared, None, CATALOGUE).decode()
    for place in (shown, page, file):
        assert panel.model in place
        assert all(doubt.reason in place for doubt in panel.doubts)
        assert all(figure.text.removesuffix(" %") in place for figure in (*panel.rates, *panel.effort))
    assert "Together" not in view_of(desk, reference, DEFAULT_RULES, OFFER).verdict


def test_while_engines_read_nothing_is_read_together_and_one_family_is_told_why():
    desk = desk_with(*READ_TOGETHER)
    assert (
        'aria-label="Together"'
        not in view_of(desk.starting(("gpt-5",), desk.task, 0.0), "", DEFAULT_RULES, OFFER).together
    )
    alike = desk_with(READ_TOGETHER[0], replace(READ_TOGETHER[1], engine_id="gpt-5-mini"))
    assert ONE_FAMILY in view_of(alike, "", DEFAULT_RULES, OFFER).together
