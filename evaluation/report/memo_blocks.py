"""What the memo, the advice on the screen and the terminal say, as blocks. Computes no figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from engines.catalogue import MARK
from engines.contract import DataHandling, Statement
from engines.language_codes import language_name
from evaluation.findings.changes import Change
from evaluation.findings.conclusion import Conclusion
from evaluation.findings.leaderboard import Row
from evaluation.findings.published import INKBENCH, INKBENCH_NOTE, contrasts
from evaluation.findings.recommending import HARM_NAMES, Candidate, Requirements
from evaluation.findings.statistics import Share
from evaluation.findings.wording import (
    DASH,
    TOKEN_NAMES,
    bill_sentences,
    change_sentence,
    correction_cells,
    share_cell,
    turned_sentences,
)
from evaluation.report.blocks import Block, Card, Cards, Cut, Heading, Points, Table, Text, of_units, plain_table
from evaluation.report.checking_blocks import checking_blocks, confidence_blocks
from evaluation.report.hosting_blocks import hosting_blocks, throughput_blocks
from evaluation.report.leaderboard_table import results_blocks
from evaluation.report.memo import Memo
from evaluation.report.misses import missed_blocks
from metrics.reference_free import AgreedAgainst
from metrics.wording import percent

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
                f"No engine of this run {'is known to meet' if advice.unsure else 'meets'} every requirement.",
                "headline",
            )
        )
    if advice.unsure:
        questions = (f"{labels[one.engine_id]}, “{one.requirement}”: {one.because}" for one in advice.unsure)
        blocks.append(Points(tuple(questions), "Not known: ask before you choose or drop these"))
    if aside := [*advice.worse, *advice.ruled_out]:
        sentences = (f"{labels[out.engine_id]}, by “{out.requirement}”: {out.because}" for out in aside)
        blocks.append(Points(tuple(sentences), "Put aside"))
    blocks += missed_blocks(conclusion, cuts)
    blocks += (Text(sentence, "quiet", "Mind:") for sentence in advice.caveats)
    return of_units(blocks, conclusion.board.unit)


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
        ("Measured on these pages", candidate.measured),
        ("Published, not measured here", candidate.published),
        ("Mind", candidate.risks),
    ):
        if sentences:
            yield Points(sentences, lead)


def _opening(memo: Memo) -> list[Block]:
    made, begun = f"{memo.made_at:%-d %B %Y, %H:%M} UTC", f"run {memo.run.id} of {memo.run.created_at:%-d %B %Y}"
    pages = f"{memo.pages} {memo.conclusion.board.unit}s, {memo.referenced} of them scored against a reference"
    return [Heading(memo.question, 1), Text(f"{made} · {begun} · {pages}", "quiet")]


def _checking(memo: Memo) -> list[Block]:
    blocks = [*checking_blocks(memo.conclusion), *confidence_blocks(memo.conclusion)]
    return [Heading("Which words to check"), *blocks] if blocks else []


def _advice(memo: Memo) -> list[Block]:
    return [Heading("Advice"), Text(_needs_sentence(memo.conclusion.needs)), *advice_blocks(memo.conclusion, memo.cuts)]


def _needs_sentence(needs: Requirements) -> str:
    usd = (
        ""
        if needs.usd_a_month is None
        else f" and at most ${needs.usd_a_month:,.0f} for the engine alone, correction not counted"
    )
    stay = ", pages staying on your machines" if needs.must_stay_local else ""
    promised = f" The vendor has to promise: {', '.join(wanted)}." if (wanted := needs.data.in_words) else ""
    asked = [f"at least {100 * share:g} % of {TOKEN_NAMES[kind]} right" for kind, share in needs.least_right]
    asked += [f"{needs.boxes} boxes"] if needs.boxes else []
    asked += [f"at most {needs.most_seconds:g} s a page"] if needs.most_seconds is not None else []
    besides = f" Asked for, too: {', '.join(asked)}." if asked else ""
    volume = f"For {needs.pages_a_month:,} pages a month{usd}{stay}"
    return f"{volume}; the error that hurts: {HARM_NAMES[needs.harm]}.{promised}{besides}"


def _statements(memo: Memo) -> list[Block]:
    """What every vendor says, with source and date, once for all its engines."""
    cloud = (spec for spec in memo.run.settings.to_run if spec.runs == "cloud")
    said = dict.fromkeys((spec.vendor, spec.data_handling or DataHandling()) for spec in cloud)
    rows = [
        (vendor, point, *_statement_cells(statement))
        for vendor, handling in said
        for point, statement in handling.points
    ]
    title = "What vendors say they do with your pages"
    names = ("Vendor", "Point", "It says", "Source")
    return [Heading(title), plain_table(title, names, rows, numbers=False)] if rows else []


def _statement_cells(statement: Statement | None) -> tuple[str, str]:
    if statement is None:
        return "not found", ""
    condition = f", only if {statement.only_if}" if statement.only_if else ""
    return f"{statement.words}{condition}", f"{statement.source}, read {statement.as_of}"


def _results(memo: Memo) -> list[Block]:
    results = results_blocks(memo.conclusion.board, memo.conclusion.labels)
    rules = Text(memo.run.settings.rules.sentence(), "quiet")
    return [Heading("Results"), *results, rules, *memo.pictures]


def _corrections(memo: Memo) -> list[Block]:
    said = memo.conclusion
    if not said.costs:
        return []
    assumed = (
        f"Assumed: ${said.assumed.hourly_rate:g} an hour, {said.assumed.seconds_per_edit:g} s for each edit, "
        f"{said.assumed.characters_read_per_second:g} characters read a second."
    )
    names = ("Engine", "Minutes a page", "Labour a page", "Its price a page", "Together", "A month")
    pages = said.needs.pages_a_month
    rows = [(said.labels[cost.engine_id], *correction_cells(cost.page, pages)) for cost in said.costs]
    title = "What a correct page costs"
    return [Heading(title), Text(assumed, "quiet"), plain_table(title, names, rows)]


def _hosting(memo: Memo) -> list[Block]:
    return [*throughput_blocks(memo.conclusion), *hosting_blocks(memo.conclusion)]


def _slices(memo: Memo) -> list[Block]:
    if not memo.slices:
        return []
    engines = [row.engine_id for row in memo.conclusion.board.rows]
    groups = [engines[start : start + MOST_ACROSS] for start in range(0, len(engines), MOST_ACROSS)]
    figures = (("CER", _cer_of), ("Names, dates, amounts and numbers right", _right_of))
    blocks: list[Block] = []
    for name, written in figures:
        if any(written(row) != DASH for part in memo.slices for row in part.board.rows):
            blocks += [Heading(f"Slices: {name}"), *(_slices_of(memo, group, name, written) for group in groups)]
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
        rows.append((f"{part.by}: {part.name}", str(part.pages), *(figures.get(one, "") for one in engines)))
    names = ("Pages", "Count", *(memo.conclusion.labels[engine_id] for engine_id in engines))
    return plain_table(f"{name} of slices", names, rows)


def changes_blocks(found: Sequence[Change], labels: Mapping[str, str], compared_with: str) -> list[Block]:
    """What has changed since an earlier run: engine by engine, and item by item what got worse and what got better."""
    heading = Heading(f"Against run {compared_with}")
    if not found:
        return [heading, Text("These two runs have no page in common that the same engine read in both.")]
    rows = [
        (labels[change.engine_id], item.item_id, percent(item.before.rate), percent(item.now.rate), how)
        for change in found
        for how, items in (("worse", change.worse), ("better", change.better))
        for item in items
    ]
    sentences = tuple(change_sentence(change, labels) for change in found)
    table = plain_table("Item by item", ("Engine", "Page", "CER then", "CER now", "It got"), rows)
    return [heading, Points(sentences), *([replace(table, folded=True)] if rows else [])]


def _changes(memo: Memo) -> list[Block]:
    return changes_blocks(memo.changes, memo.conclusion.labels, memo.compared_with) if memo.compared_with else []


def _hardest(memo: Memo) -> list[Block]:
    rows = [(page.item_id, percent(page.mean_cer)) for page in memo.worst]
    return [Heading("Hardest pages"), plain_table("Hardest pages", ("Page", "Mean CER"), rows)] if rows else []


def _doubted(memo: Memo) -> list[Block]:
    """The references that may be wrong; the pages with the most such words stand for all."""
    pages = sorted(memo.against_reference, key=lambda page: -len(page.places))
    if not pages:
        return []
    words = sum(len(page.places) for page in pages)
    said = f"All engines agree against the reference on {words} words of {len(pages)} pages; often it is the reference."
    rows = [(page.item_id, *_as_read(page.places)) for page in pages[:MOST_DOUBTED]]
    title = "Where the reference may be wrong"
    return [Heading(title), Text(said), plain_table(title, ("Page", "Reference", "All engines"), rows, numbers=False)]


MOST_DOUBTED = 10


def _as_read(places: Sequence[AgreedAgainst]) -> tuple[str, str]:
    return ", ".join(place.written for place in places), ", ".join(place.read for place in places)


def _not_read(memo: Memo) -> list[Block]:
    labels = memo.conclusion.labels
    failed = tuple(f"{labels[engine]}: {why} on {count} pages" for engine, why, count in memo.failures)
    unreadable = tuple(f"{item.id} {item.reason}" for item in memo.unreadable)
    return [Heading("Not read"), Points(failed + unreadable)] if failed + unreadable else []


def _published(memo: Memo) -> list[Block]:
    rows: list[Sequence[str]] = []
    for row in memo.published:
        source = f"{row.source}, read {row.read_on}. {row.note}"
        rows.append(
            (row.model, "not found", "") if row.cer_percent is None else (row.model, f"{row.cer_percent:.2f} %", source)
        )
    title = "Published, not measured here"
    return [
        Heading(title),
        Text(memo.caution, "quiet"),
        plain_table(title, ("Model", "CER on IAM", "Source"), rows, numbers=False),
        *_on_other_pages(),
    ]


def _on_other_pages() -> list[Block]:
    rows = [(row.model, f"{row.cer_percent:g} %", f"{row.source}, read {row.read_on}") for row in INKBENCH]
    table = plain_table("Published for InkBench", ("Model", "CER on InkBench", "Source"), rows, numbers=False)
    return [Text(INKBENCH_NOTE, "quiet"), table, Points(tuple(contrasts()), "Said, and counted on other pages")]


def _method(memo: Memo) -> list[Block]:
    settings, task = memo.run.settings, memo.run.settings.task
    unit = memo.conclusion.board.unit
    readings = f"{settings.repeats} reading{'s' if settings.repeats > 1 else ''} of each"
    language = f"Language {language_name(task.language)}" if task.language else "No language told"
    conditions = (
        f"Prompt: “{task.prompt}” {language} where a {unit} names none of its own, at most "
        f"{task.max_output_tokens} tokens and {task.timeout_seconds:g} s a {unit}, {readings}."
    )
    engines = [
        (spec.label, spec.model or MARK, ", ".join(f"{name} {value}" for name, value in spec.options.items()))
        for spec in settings.engines
    ]
    return [
        Heading("Method"),
        *map(Text, memo.method),
        *(Text(note, lead="Mind:") for note in settings.notes),
        *(Text(sentence) for sentence in turned_sentences(memo.turned)),
        Text(conditions),
        *map(Text, bill_sentences(memo.bill)),
        plain_table("Engines", ("Engine", "Model", "Settings"), engines, numbers=False),
        Text(", ".join(f"{name} {version}" for name, version in settings.versions), "quiet"),
        Text(memo.command, "code", "To do it again:"),
    ]
