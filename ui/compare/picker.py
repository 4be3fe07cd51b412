"""Who reads: four chips, and the dialog in which an engine is found, given what it needs, and chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import gradio as gr

from engines.contract import EngineSpec
from playground.engine_runs import EngineRun
from playground.host.keys import KeyField
from playground.offer import OWN, Offer, Offered
from ui.compare.desk import Desk
from ui.house import House, session_of
from ui.html import render


@dataclass(frozen=True, slots=True)
class Vendor:
    """Engines that one account opens; `fields` are what a visitor can give for it, `own` if they did."""

    name: str
    engines: tuple[Offered, ...]
    fields: tuple[KeyField, ...] = ()
    own: bool = False


class EnginePicker:
    """Must be made inside `gr.Blocks`, where the chips are to stand."""

    def __init__(self, house: House, slots: Sequence[str]) -> None:
        self._house = house
        self.chips = gr.HTML(chips_html(Desk(tuple(slots)), house.offer), elem_id="pickers", apply_default_css=False)
        self._dialog = gr.HTML(elem_id="picker", apply_default_css=False)
        # The script presses it when a chip is pressed, and when an account was given or taken back.
        self._open = gr.Button("Choose an engine", elem_id="pick")

    def connect(self, desk: gr.State, local_only: gr.Checkbox, quiet: dict[str, Any]) -> None:
        """What can be picked is asked for when somebody wants to: it differs by visitor and by page."""

        def show(on_desk: Desk, only: bool, request: gr.Request) -> str:
            first = self._house.first.comparison
            timed = {run.engine_id: run for run in first.runs} if first else {}
            timed |= on_desk.runs
            return picker_html(on_desk, self._house.offer, session_of(request), local_only=only, timed=timed)

        # `always_last`: else an account that is given while the dialog is on its way would not show.
        self._open.click(show, [desk, local_only], self._dialog, trigger_mode="always_last", **quiet)


def chips_html(desk: Desk, offer: Offer, visitor: str = "") -> str:
    """The engines in the four places, each with its price and where it runs."""
    offered = [offer.offered(offer.spec_in_slot(engine_id), visitor) for engine_id in desk.slots]
    return render("chips.html", chips=offered)


def picker_html(
    desk: Desk, offer: Offer, visitor: str, *, local_only: bool = False, timed: Mapping[str, EngineRun]
) -> str:
    """Everybody who can be picked, vendor by vendor; `timed` are the last runs of engines here."""
    everyone = [one for one in offer.to_pick(visitor) if one.spec.runs == "local" or not local_only]
    own = {OWN.id: OWN, **{spec.id: spec for spec in desk.own}}
    brought = Vendor("Read elsewhere", tuple(offer.offered(spec) for spec in own.values()))
    seconds = {engine_id: run.seconds for engine_id, run in timed.items() if run.transcription}
    return render(
        "picker.html",
        vendors=[*_by_vendor(everyone, offer, visitor), brought],
        count=len(everyone) + len(own),
        places={engine_id: number for number, engine_id in enumerate(desk.slots, 1)},
        seconds=seconds,
        local_only=local_only,
        public=offer.settings.public,
        session=visitor,
    )


def _by_vendor(everyone: Sequence[Offered], offer: Offer, visitor: str) -> list[Vendor]:
    """First who has engines that can run: here, then here after a download, then elsewhere. Else by name."""

    def account(one: Offered) -> tuple[str, str, str]:
        return one.spec.runs, one.spec.vendor, one.spec.key_env or ""

    groups = [tuple(group) for _, group in groupby(sorted(everyone, key=account), account)]
    groups.sort(key=lambda group: min(map(_effort, group)))
    return [Vendor(group[0].spec.vendor, group, *account_of(group[0].spec, offer, visitor)) for group in groups]


def _effort(one: Offered) -> tuple[bool, bool, bool]:
    return one.missing is not None, one.spec.runs == "cloud", bool(one.first_use)


def account_of(spec: EngineSpec, offer: Offer, visitor: str) -> tuple[tuple[KeyField, ...], bool]:
    """What this visitor can give or take back of an account, and whether they gave it; nothing where the host did."""
    own = offer.keys.is_own(spec, visitor)
    waits = own or (spec.key_env is not None and offer.keys.key_for(spec, visitor) is None)
    return (offer.keys.fields(spec) if waits else ()), own
