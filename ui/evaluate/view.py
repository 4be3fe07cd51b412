"""A plan, a run and its findings as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from engines.contract import EngineSpec, Reading
from evaluation.evaluations import OpenedPage, Snapshot
from evaluation.findings.analysis import worst_pages
from evaluation.findings.changes import Change
from evaluation.findings.conclusion import Conclusion, Findings
from evaluation.findings.wording import bill_sentences, duration
from evaluation.report.checking_blocks import checking_blocks, confidence_blocks
from evaluation.report.hosting_blocks import hosting_blocks, throughput_blocks
from evaluation.report.leaderboard_table import results_blocks
from evaluation.report.media import blocks_html
from evaluation.report.memo import Cut, of_units, pictures
from evaluation.report.memo_blocks import advice_blocks, changes_blocks
from evaluation.work.planning import MOST_PLANTED, Plan
from playground.engine_runs import Failure
from playground.panel import together_view
from playground.scoring import score_runs
from playground.together import places_against
from translations import _, ngettext
from translations.wording import percent
from ui.html import Ink, against_html, paint_against, render
from ui.routes.downloads import addresses

Labels = Mapping[str, str]
WORST = 10
MOST_AGAINST = 50
"""Words of a page that are listed before it is opened; of texts that have nothing in common it is each of them."""


def plan_html(planned: Plan) -> str:
    """Pages, price and time before anything is run."""
    return render(
        "evaluate_plan.html",
        plan=planned,
        found=_found(planned),
        unreadable=planned.contents.unreadable,
        notes=planned.contents.settings.notes,
        labels=planned.contents.settings.labels,
        duration=duration,
    )


def _found(planned: Plan) -> str:
    """How many items are to be read, and which."""
    items, settings = len(planned.contents.items), planned.contents.settings
    found = ngettext("{n} item", "{n} items", items)
    if items == settings.sample:
        found = _("{items} (the most that are drawn at random)", items=found)
    found = _("{items}, {n} with a reference", items=found, n=planned.referenced)
    if settings.canaries:
        found = _("{items}, and up to {n} canary pages made from them", items=found, n=MOST_PLANTED)
    return found if planned.referenced else _("{items}: they will be read and not scored", items=found)


def run_html(seen: Snapshot) -> str:
    """Progress, the leaderboard so far, what was paid, what could not be read."""
    labels = seen.run.settings.labels
    done, total = sum(one.total - one.left for one in seen.progress), sum(one.total for one in seen.progress)
    return render(
        "evaluate_run.html",
        seen=seen,
        headline=_headline(seen, done, total),
        results=blocks_html(results_blocks(seen.board, labels)),
        bill=bill_sentences(seen.bill),
        labels=labels,
    )


def plots_html(found: Findings, labels: Labels) -> str:
    """The pictures of a run."""
    return render("evaluate_plots.html", pictures=blocks_html(of_units(pictures(found, labels), found.board.unit)))


def worst_choices(found: Findings) -> list[tuple[str, str]]:
    """Pages to open, and their positions: canaries that caught somebody, the worst, those whose reference may err."""
    worst = [
        (f"{page.item_id} · {percent(page.mean_cer)}", str(page.position))
        for page in worst_pages(found.observations, WORST)
    ]
    caught = {
        str(one.position): _("{page} · read, and not there", page=one.item_id)
        for row in found.board.rows
        for one in row.canaries
        if one.caught
    }
    worst = [*((name, position) for position, name in caught.items()), *worst]
    listed = {position for _, position in worst}
    against = [
        (_("{page} · all agree against its reference", page=page.item_id), str(page.position))
        for page in found.against_reference
    ]
    return [*worst, *(choice for choice in against if choice[1] not in listed)]


def against_list_html(found: Findings) -> str:
    """On which words all engines agree and the reference says another, over the whole set; empty where on none."""
    pages = found.against_reference
    words = sum(len(page.places) for page in pages)
    told = {"pages": pages, "words": words, "most": MOST_AGAINST, "unit": found.board.unit}
    return render("evaluate_against.html", **told) if pages else ""


def advice_html(conclusion: Conclusion, cuts: Sequence[Cut] = ()) -> str:
    """The shortlist with its reasons, what was put aside, the ink of what was not read right; then words to check."""
    checks = [*checking_blocks(conclusion), *confidence_blocks(conclusion)]
    takes = [*throughput_blocks(conclusion), *hosting_blocks(conclusion)]
    blocks = [*advice_blocks(conclusion, cuts), *takes, *checks]
    return render("evaluate_advice.html", advice=blocks_html(blocks))


def changes_html(found: Sequence[Change], labels: Labels, compared_with: str, unit: str) -> str:
    """What has changed since an earlier run."""
    return render(
        "evaluate_advice.html", advice=blocks_html(of_units(changes_blocks(found, labels, compared_with), unit))
    )


def files_html(ticket: str) -> str:
    """What can be taken along."""
    return render("evaluate_files.html", files=addresses(ticket))


@dataclass(frozen=True, slots=True)
class Column:
    """One engine's reading of an opened page."""

    spec: EngineSpec
    rate: float | None
    word_rate: float | None
    seconds: float | None
    failure: Failure | None
    text: str
    paint: str


def page_html(opened: OpenedPage, picture: str) -> str:
    """One page and what everybody read on it, coloured against its reference."""
    scores = score_runs(opened.runs, opened.reference or "", opened.settings.rules)
    by_id = {spec.id: spec for spec in opened.settings.engines}
    columns = []
    for run in opened.runs:
        score = scores.of(run.engine_id) if opened.reference else None
        failed = run.outcome if isinstance(run.outcome, Failure) else None
        columns.append(
            Column(
                by_id[run.engine_id],
                score.cer.rate if score else None,
                score.wer.rate if score else None,
                run.seconds,
                failed,
                run.outcome.text if isinstance(run.outcome, Reading) else "",
                paint_against(score.compared) if score else "[]",
            )
        )
    columns.sort(key=lambda column: (column.rate is None, column.rate or 0.0))
    together = together_view(opened.runs, scores, by_id)
    return render(
        "evaluate_page.html",
        opened=opened,
        picture=picture,
        columns=columns,
        together=None if isinstance(together, str) else together,
        against=_against_html(opened, picture, by_id),
    )


CORRECTED = "#evaluate-corrected textarea"


def _against_html(opened: OpenedPage, picture: str, specs: Mapping[str, EngineSpec]) -> Markup:
    reference, rules = opened.reference or "", opened.settings.rules
    found = places_against(opened.runs, reference, rules, specs)
    ink = Ink(picture, opened.page.width, opened.page.height)
    return Markup(against_html(found, opened.runs, reference, rules, ink, CORRECTED) if found else "")  # noqa: S704


def _headline(seen: Snapshot, done: int, total: int) -> str:
    if seen.state == "cancelled":
        return _("Cancelled after {done} of {total} readings", done=done, total=total)
    if seen.finished:
        return _("Finished: {total} readings", total=total)
    if seen.state == "paused":
        return _("Paused at {done} of {total} readings", done=done, total=total)
    if not seen.running:
        return _("Interrupted at {done} of {total} readings", done=done, total=total)
    return _("Reading: {done} of {total}", done=done, total=total)
