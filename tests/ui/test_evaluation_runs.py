"""What strangers may start on a public host, and what leads to a run."""

import pytest

from playground.offer import Offer
from playground.settings import Settings
from samples import load_samples
from ui.evaluation_runs import Choice, EvaluationRuns, RefusedError


def runs_of(tmp_path, **environment):
    environ = {"INKQUEST_DATA": str(tmp_path), "OPENAI_API_KEY": "sk-host", **environment}
    settings = Settings.from_env(environ)
    return EvaluationRuns(Offer.from_settings(settings, environ))


def test_strangers_get_engines_of_this_machine_only(tmp_path):
    private = runs_of(tmp_path)
    public = runs_of(tmp_path, INKQUEST_PUBLIC="1", INKQUEST_BUDGET_USD="5")
    assert "cloud" in {spec.runs for spec in private.engines("")}
    assert {spec.runs for spec in public.engines("")} == {"local"}
    with pytest.raises(RefusedError, match="Choose at least one engine"):
        public.plan(load_samples()[0].image, Choice(("gpt-5-mini",)), "")


def test_a_stranger_s_run_is_capped(tmp_path):
    public = runs_of(tmp_path, INKQUEST_PUBLIC="1")
    planned = public.plan(load_samples()[0].image, Choice(("tesseract",), sample=400), "")
    assert planned.contents.settings.sample == 50


def test_a_guessed_name_leads_nowhere(tmp_path):
    runs = runs_of(tmp_path)
    ticket = runs.hold("20261123-120000-abcd")
    assert runs.held(ticket).run_id == "20261123-120000-abcd"
    assert runs.held("20261123-120000-abcd") is None
    assert len(ticket) >= 20
