"""What the memo, the advice on the screen and the terminal say, as blocks. Computes no figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from engines.catalogue import MARK
from engines.contract import DataHandling, Statement
from engines.languages import language_name
from evaluation.findings.analysis import Slice
from evaluation.findings.changes import Change
from evaluation.findings.conclusion import Conclusion
from evaluation.findings.leaderboard import Row
from evaluation.findings.published import INKBENCH, INKBENCH_NOTE, contrasts
from evaluation.findings.recommending import HARM_NAMES, Candidate, Requirements, RuledOut
from evaluation.findings.statistics import Share
from evaluation.findings.wording import (
    DASH,
    bill_sentences,
    change_sentence,
    correction_cells,
    in_units,
    share_cell,
    turned_sentences,
)
from evaluation.ledger.runs import RunSettings
from evaluation.report.checking_blocks import checking_blocks, confidence_blocks, missed_blocks
from evaluation.report.hosting_blocks import hosting_blocks, throughput_blocks
from evaluation.report.leaderboard_table import results_blocks
from evaluation.report.memo import Block, Card, Cards, Cut, Heading, Memo, Points, Table, Text, of_units, plain_table
from metrics.reference_free import AgreedAgainst
from translations import N_, _, ngettext
from translations.wording import day, moment, percent

MOST_ACROSS = 6
"""So many engines fit side by side on paper."""


def memo_blocks(memo: Memo) -> list[Block]:
    """The whole document."""
    checks = memo.conclusion.checks
    told = checks is not None and checks.words.unread is not None
    ours = (
        _opening,
        *([_checking] if told else []),
        _advice,
        _results,
        *([] if told else [_checking]),
        _corrections,
        _hosting,
        _slices,
        _changes,
        _hardest,
        _doubted,
        _not_read,
    )
    blocks = [block for section in ours for block in section(memo)]
    others = [block for section in (_statements, _published, _method) for block in section(memo)]
    return [*of_units(blocks, memo.conclusion.board.unit), *others]


def advice_blocks(conclusion: Conclusion, cuts: Sequence[Cut] = ()) -> list[Block]:
    """The shortlist with its reasons, and what was put aside by which requirement."""
    advice, labels = conclusion.advice, conclusion.labels
    blocks: list[Block] = [
        Text(sentence, "headline" if number == 0 else "plain")
        for number, sentence in enumerate(conclusion.decision.sentences)
    ]
    if advice.shortlist:
        blocks.append(Cards(tuple(Card(labels[one.engine_id], tuple(_reasons(one))) for one in advice.shortlist)))
    else:
        blocks.append(
            Text(
                _("No engine of this run is known to meet every requirement.")
                if advice.unsure
                else _("No engine of this run meets every requirement."),
                "headline",
            )
        )
    if advice.unsure:
        questions = (_said(_("{engine}, “{requirement}”: {because}"), one, labels) for one in advice.unsure)
        blocks.append(Points(tuple(questions), _("Not known: ask before you choose or drop these")))
    if aside := [*advice.worse, *advice.ruled_out]:
        sentences = (_said(_("{engine}, by “{requirement}”: {because}"), out, labels) for out in aside)
        blocks.append(Points(tuple(sentences), _("Put aside")))
    blocks += missed_blocks(conclusion, cuts)
    blocks += (Text(sentence, "quiet", _("Mind:")) for sentence in advice.caveats)
    return of_units(blocks, conclusion.board.unit)


def _said(sentence: str, one: RuledOut, labels: Mapping[str, str]) -> str:
    return sentence.format(engine=labels[one.engine_id], requirement=one.requirement, because=one.because)


def conclusion_blocks(memo: Memo) -> list[Block]:
    """The document in brief, for a terminal."""
    results = results_blocks(memo.conclusion.board, memo.conclusion.labels)
    return [
        *results,
        *checking_blocks(memo.conclusion),
        *advice_blocks(memo.conclusion),
        *hosting_blocks(memo.conclusion),
        *of_units(_changes(memo), memo.conclusion.board.unit),
        *map(Text, bill_sentences(memo.bill)),
    ]


def _reasons(candidate: Candidate) -> Iterator[Points]:
    for lead, sentences in (
        (_("Measured on these pages"), candidate.measured),
        (_("Published, not measured here"), candidate.published),
        (_("Mind"), candidate.risks),
    ):
        if sentences:
            yield Points(sentences, lead)


def _opening(memo: Memo) -> list[Block]:
    made = f"{moment(memo.made_at)} UTC"
    begun = _("run {run} of {day}", run=memo.run.id, day=day(memo.run.created_at))
    pages = in_units(_("{pages} pages, {n} of them scored against a reference"), memo.conclusion.board.unit)
    counted = pages.format(pages=memo.pages, n=memo.referenced)
    return [Heading(memo.question, 1), Text(f"{made} · {begun} · {counted}", "quiet")]


def _checking(memo: Memo) -> list[Block]:
    blocks = [*checking_blocks(memo.conclusion), *confidence_blocks(memo.conclusion)]
    return [Heading(_("Which words to check")), *blocks] if blocks else []


def _advice(memo: Memo) -> list[Block]:
    return [
        Heading(_("Advice")),
        Text(_needs_sentence(memo.conclusion.needs)),
        *advice_blocks(memo.conclusion, memo.cuts),
    ]


def _needs_sentence(needs: Requirements) -> str:
    pages, usd = f"{needs.pages_a_month:,}", f"${needs.usd_a_month or 0:,.0f}"
    if needs.usd_a_month is None:
        volume = _("For {pages} pages a month", pages=pages)
    else:
        volume = _(
            "For {pages} pages a month and at most {usd} for the engine alone, correction not counted",
            pages=pages,
            usd=usd,
        )
    if needs.must_stay_local:
        volume = _("{volume}, pages staying on your machines", volume=volume)
    said = [_("{volume}; the error that hurts: {errors}.", volume=volume, errors=_(HARM_NAMES[needs.harm]))]
    if wanted := needs.data.in_words:
        said.append(_("The vendor has to promise: {promises}.", promises=", ".join(wanted)))
    if asked := needs.asked_besides:
        said.append(_("Asked for, too: {requirements}.", requirements=", ".join(asked)))
    return " ".join(said)


def _statements(memo: Memo) -> list[Block]:
    """What every vendor says, with source and date, once for all its engines."""
    cloud = (spec for spec in memo.run.settings.to_run if spec.runs == "cloud")
    said = dict.fromkeys((spec.vendor, spec.data_handling or DataHandling()) for spec in cloud)
    rows = [
        (vendor, point, *_statement_cells(statement))
        for vendor, handling in said
        for point, statement in handling.points
    ]
    title = _("What vendors say they do with your pages")
    names = (_("Vendor"), _("Point"), _("It says"), _("Source"))
    return [Heading(title), plain_table(title, names, rows, numbers=False)] if rows else []


def _statement_cells(statement: Statement | None) -> tuple[str, str]:
    if statement is None:
        return _("not found"), ""
    said = statement.words
    if statement.only_if:
        said = _("{said}, only if {condition}", said=said, condition=statement.only_if)
    return said, _("{source}, read {date}", source=statement.source, date=statement.as_of)


def _results(memo: Memo) -> list[Block]:
    results = results_blocks(memo.conclusion.board, memo.conclusion.labels)
    rules = Text(memo.run.settings.rules.sentence(), "quiet")
    return [Heading(_("Results")), *results, rules, *memo.pictures]


def _corrections(memo: Memo) -> list[Block]:
    said = memo.conclusion
    if not said.costs:
        return []
    assumed = _(
        "Assumed: {usd} an hour, {seconds} s for each edit, {characters} characters read a second.",
        usd=f"${said.assumed.hourly_rate:g}",
        seconds=f"{said.assumed.seconds_per_edit:g}",
        characters=f"{said.assumed.characters_read_per_second:g}",
    )
    names = (
        *(_("Engine"), _("Minutes a page"), _("Labour a page"), _("Its price a page")),
        *(_("Total"), _("A month")),
    )
    pages = said.needs.pages_a_month
    rows = [(said.labels[cost.engine_id], *correction_cells(cost.page, pages)) for cost in said.costs]
    title = _("What a correct page costs")
    return [Heading(title), Text(assumed, "quiet"), plain_table(title, names, rows)]


def _hosting(memo: Memo) -> list[Block]:
    return [*throughput_blocks(memo.conclusion), *hosting_blocks(memo.conclusion)]


def _slices(memo: Memo) -> list[Block]:
    if not memo.slices:
        return []
    engines = [row.engine_id for row in memo.conclusion.board.rows]
    groups = [engines[start : start + MOST_ACROSS] for start in range(0, len(engines), MOST_ACROSS)]
    figures = (("CER", _cer_of), (_("Names, dates, amounts and numbers right"), _right_of))
    blocks: list[Block] = []
    for name, written in figures:
        if any(written(row) != DASH for part in memo.slices for row in part.board.rows):
            blocks += [
                Heading(_("Slices: {figure}", figure=name)),
                *(_slices_of(memo, group, name, written) for group in groups),
            ]
    return blocks


def _cer_of(row: Row) -> str:
    return percent(row.cer.rate)


def _right_of(row: Row) -> str:
    shares = row.faithful.right.values() if row.faithful else ()
    return share_cell(Share(sum(share.count for share in shares), sum(share.total for share in shares)))


def _slices_of(memo: Memo, engines: Sequence[str], name: str, written: Callable[[Row], str]) -> Table:
    rows = []
    for part in memo.slices:
        figures = {row.engine_id: written(row) for row in part.board.rows}
        rows.append((_slice_name(part), str(part.pages), *(figures.get(one, "") for one in engines)))
    names = (_("Pages"), _("Count"), *(memo.conclusion.labels[engine_id] for engine_id in engines))
    return plain_table(_("{figure} of slices", figure=name), names, rows)


SLICED_BY = {"level": N_("level"), "language": N_("language"), "tag": N_("tag"), "length": N_("length")}


def _slice_name(part: Slice) -> str:
    name = _(part.name) if part.by in {"level", "length"} else part.name
    return _("{lead}: {said}", lead=_(SLICED_BY[part.by]), said=name)


def changes_blocks(found: Sequence[Change], labels: Mapping[str, str], compared_with: str) -> list[Block]:
    """What has changed since an earlier run: engine by engine, and item by item what got worse and what got better."""
    heading = Heading(_("Against run {run}", run=compared_with))
    if not found:
        return [heading, Text(_("These two runs have no page in common that the same engine read in both."))]
    rows = [
        (labels[change.engine_id], item.item_id, percent(item.before.rate), percent(item.now.rate), how)
        for change in found
        for how, items in ((_("worse"), change.worse), (_("better"), change.better))
        for item in items
    ]
    sentences = tuple(change_sentence(change, labels) for change in found)
    names = (_("Engine"), _("Page"), _("CER then"), _("CER now"), _("It got"))
    table = plain_table(_("Item by item"), names, rows)
    return [heading, Points(sentences), *([replace(table, folded=True)] if rows else [])]


def _changes(memo: Memo) -> list[Block]:
    return changes_blocks(memo.changes, memo.conclusion.labels, memo.compared_with) if memo.compared_with else []


def _hardest(memo: Memo) -> list[Block]:
    rows = [(page.item_id, percent(page.mean_cer)) for page in memo.worst]
    title = _("Hardest pages")
    return [Heading(title), plain_table(title, (_("Page"), _("Mean CER")), rows)] if rows else []


def _doubted(memo: Memo) -> list[Block]:
    """The references that may be wrong; the pages with the most such words stand for all."""
    pages = sorted(memo.against_reference, key=lambda page: -len(page.places))
    if not pages:
        return []
    words = sum(len(page.places) for page in pages)
    said = _(
        "All engines agree against the reference on {words} words of {pages} pages; often it is the reference.",
        words=words,
        pages=len(pages),
    )
    rows = [(page.item_id, *_as_read(page.places)) for page in pages[:MOST_DOUBTED]]
    title, names = _("Where the reference may be wrong"), (_("Page"), _("Reference"), _("All engines"))
    return [Heading(title), Text(said), plain_table(title, names, rows, numbers=False)]


MOST_DOUBTED = 10


def _as_read(places: Sequence[AgreedAgainst]) -> tuple[str, str]:
    return ", ".join(place.written for place in places), ", ".join(place.read for place in places)


def _not_read(memo: Memo) -> list[Block]:
    labels = memo.conclusion.labels
    failed = tuple(
        _("{engine}: {reason} on {n} pages", engine=labels[engine], reason=why, n=count)
        for engine, why, count in memo.failures
    )
    unreadable = tuple(f"{item.id} {item.reason}" for item in memo.unreadable)
    return [Heading(_("Not read")), Points(failed + unreadable)] if failed + unreadable else []


def _published(memo: Memo) -> list[Block]:
    rows: list[Sequence[str]] = []
    for row in memo.published:
        if row.cer_percent is None:
            rows.append((row.model, _("not found"), ""))
        else:
            source = _("{source}, read {date}.", source=row.source, date=row.read_on)
            rows.append((row.model, f"{row.cer_percent:.2f} %", f"{source} {_(row.note)}"))
    title, names = _("Published, not measured here"), (_("Model"), _("CER on IAM"), _("Source"))
    return [
        Heading(title),
        Text(_(memo.caution), "quiet"),
        plain_table(title, names, rows, numbers=False),
        *_on_other_pages(),
    ]


def _on_other_pages() -> list[Block]:
    rows = [
        (row.model, f"{row.cer_percent:g} %", _("{source}, read {date}", source=row.source, date=row.read_on))
        for row in INKBENCH
    ]
    names = (_("Model"), _("CER on InkBench"), _("Source"))
    table = plain_table(_("Published for InkBench"), names, rows, numbers=False)
    said = Points(tuple(contrasts()), _("Said, and counted on other pages"))
    return [Text(_(INKBENCH_NOTE), "quiet"), table, said]


def _method(memo: Memo) -> list[Block]:
    settings = memo.run.settings
    engines = [
        (spec.label, spec.model or _(MARK), ", ".join(f"{name} {value}" for name, value in spec.options.items()))
        for spec in settings.engines
    ]
    return [
        Heading(_("Method")),
        *map(Text, memo.method),
        *(Text(note, lead=_("Mind:")) for note in settings.notes),
        *(Text(sentence) for sentence in turned_sentences(memo.turned)),
        Text(_conditions(settings, memo.conclusion.board.unit)),
        *map(Text, bill_sentences(memo.bill)),
        plain_table(_("Engines"), (_("Engine"), _("Model"), _("Settings")), engines, numbers=False),
        Text(", ".join(f"{name} {version}" for name, version in settings.versions), "quiet"),
        Text(memo.command, "code", _("To do it again:")),
    ]


def _conditions(settings: RunSettings, unit: str) -> str:
    task = settings.task
    prompt = _("Prompt: “{prompt}”", prompt=task.prompt)
    told = (
        _("Language {language} where a page names none of its own, at most {tokens} tokens and {seconds} s a page")
        if task.language
        else _("No language told where a page names none of its own, at most {tokens} tokens and {seconds} s a page")
    )
    spoken = language_name(task.language) if task.language else ""
    seconds = f"{task.timeout_seconds:g}"
    said = in_units(told, unit).format(language=spoken, tokens=task.max_output_tokens, seconds=seconds)
    readings = ngettext("{n} reading of each", "{n} readings of each", settings.repeats)
    return f"{prompt} {said}, {readings}."
