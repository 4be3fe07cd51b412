"""What a buyer may require of a vendor that gets the pages, against what the vendor says: met, not met, or not known.

What is not known rules nobody out: it is a question to ask. An engine that runs on this machine meets all of it. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from engines.catalogue import MARK
from engines.contract import CertificateName, DataHandling, EngineSpec, Retention, Statement, Territory
from translations import N_, _

Answer = Literal["met", "missed", "unknown"]

TERRITORIES: Mapping[Territory, tuple[str, ...]] = {
    "EU": (N_("EU"), "europe", "european union", "eea"),
    "US": (N_("US"), "usa", "united states", "united states of america", "america"),
    "UK": (N_("UK"), "gb", "united kingdom", "great britain"),
    "Canada": (N_("Canada"),),
    "Australia": (N_("Australia"),),
    "India": (N_("India"),),
    "Japan": (N_("Japan"),),
    "Singapore": (N_("Singapore"),),
    "South Korea": (N_("South Korea"), "korea"),
}
"""Each with its name, and what else people call it."""


@dataclass(frozen=True, slots=True)
class DataNeeds:
    """What the vendor has to promise; whatever is left empty is not asked for."""

    territory: Territory | None = None
    certificates: tuple[CertificateName, ...] = ()
    agreement: bool = False
    untrained: bool = False
    most_days_kept: float | None = None

    @property
    def in_words(self) -> tuple[str, ...]:
        """Each requirement as the memo names it."""
        return tuple(asked.requirement for asked in _asked(DataHandling(), self, ""))


@dataclass(frozen=True, slots=True)
class Asked:
    """One requirement and what is known of it; where it is met, `only_if` says what the buyer has to see to."""

    requirement: str
    answer: Answer
    because: str
    only_if: str = ""


def territory_named(name: str) -> Territory:
    """The place that is meant; raises ValueError with those to choose from."""
    wanted = " ".join(name.casefold().replace(".", "").split())
    for territory, names in TERRITORIES.items():
        if wanted in map(str.casefold, names):
            return territory
    raise ValueError(f"{name!r} is no place that vendors name. Choose from: {', '.join(TERRITORIES)}.")


def asked_of(spec: EngineSpec, needs: DataNeeds) -> tuple[Asked, ...]:
    """Every requirement, answered; none for an engine that sends nothing anywhere."""
    if spec.runs == "local":
        return ()
    nothing = _(MARK) if spec.runs == "elsewhere" else _("no statement of the vendor was found")
    return tuple(_asked(spec.data_handling or DataHandling(), needs, nothing))


def _asked(says: DataHandling, needs: DataNeeds, nothing: str) -> Iterator[Asked]:
    if needs.territory:
        yield _place(says, needs.territory, nothing)
    held = {one.name: one for one in says.certificates}
    for name in get_args(CertificateName):
        if name in needs.certificates:
            yield _offered(name, held.get(name), nothing)
    if needs.agreement:
        yield _offered(_("a data-processing agreement"), says.agreement, nothing)
    if needs.untrained:
        used = says.trained_on.used if says.trained_on else None
        yield _answered(_("no training on pages"), says.trained_on, None if used is None else not used, nothing)
    if needs.most_days_kept is not None:
        yield _kept(says.kept, needs.most_days_kept, nothing)


def _place(says: DataHandling, territory: Territory, nothing: str) -> Asked:
    places, requirement = says.processed_in, _("processing in {place}", place=_(territory))
    if places is None:
        return Asked(requirement, "unknown", nothing)
    named = territory in places.territories
    return _answered(requirement, places, True if named else False if places.all_named else None, nothing)


def _kept(kept: Retention | None, most: float, nothing: str) -> Asked:
    short = None if kept is None or kept.days is None else kept.days <= most
    return _answered(_("kept {days} days at most", days=f"{most:g}"), kept, short, nothing)


def _offered(requirement: str, statement: Statement | None, nothing: str) -> Asked:
    return _answered(requirement, statement, True if statement else None, nothing)


def _answered(requirement: str, statement: Statement | None, holds: bool | None, nothing: str) -> Asked:
    if statement is None:
        return Asked(requirement, "unknown", nothing)
    said = statement.said()
    if holds is None:
        return Asked(requirement, "unknown", _("the vendor says only: {words}", words=said.words))
    return Asked(requirement, "met" if holds else "missed", said.words, said.only_if if holds else "")
