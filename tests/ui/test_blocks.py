"""What Gradio keeps of a session: as much after many comparisons as after one, and nothing once the visitor is gone."""

import asyncio
import json
from datetime import datetime, timedelta

import gradio as gr
import httpx2
import pytest
from gradio import processing_utils
from gradio_client import Client

from tests.own_thread import run_async
from ui.blocks import GOODBYE_SECONDS, LastingBlocks, Sessions
from ui.routes.gate import Doors


@pytest.fixture(scope="module")
def app():
    with LastingBlocks(analytics_enabled=False) as app:
        panel, button = gr.HTML(), gr.Button("Run")

        def run():
            yield {panel: "a reading", button: gr.update(visible=False)}
            yield {panel: gr.skip(), button: gr.update(visible=True)}
            yield {panel: "another reading", button: "Run"}

        button.click(run, None, [panel, button], api_name="run")

        def peer(request: gr.Request):
            return f"{request.client.host} {request.headers.get('x-forwarded-for', '')}"

        button.click(peer, None, gr.Textbox(), api_name="peer")
        laid = gr.State(0)
        button.click(lambda megabytes: megabytes, gr.Number(), laid, api_name="lay")
        typed = gr.Textbox()
        typed.submit(len, typed, gr.Textbox(), api_name="count")
    sessions = Sessions(lambda request: request.headers.get("x-payer", ""), lambda value: int(value) * 1_000_000)
    doors = Doors(2**20, 2**20)
    app.launch(doors=doors, sessions=sessions, prevent_thread_lock=True, quiet=True, server_name="127.0.0.1")
    yield app
    app.close()


@pytest.fixture(scope="module")
def visitor(app):
    return Client(app.local_url, verbose=False)


def test_comparing_again_keeps_nothing_more(app, visitor):
    sizes = []
    for _ in range(5):
        visitor.predict(api_name="/run")
        state = app.state_holder.session_data[visitor.session_hash]
        sizes.append((len(state.blocks_config.blocks), len(state.config_values)))
    assert sizes == [sizes[0]] * 5


def test_nothing_that_was_sent_is_kept(app, visitor):
    assert visitor.predict("CANARY" * 1000, api_name="/count") == "6000"
    state = app.state_holder.session_data[visitor.session_hash]
    assert "CANARY" not in repr([state.config_values, state.state_data, vars(state.blocks_config)])


def test_no_file_that_a_request_names_is_looked_for_on_the_event_loop(app, monkeypatch):
    """Each took a millisecond, and one request may name thousands of times the same."""
    asked = []
    monkeypatch.setattr(app, "_may_read", lambda path, _session: path == "there")
    monkeypatch.setattr(processing_utils, "_check_allowed", lambda path, *_others: asked.append(path))
    file = {"path": "there", "meta": {"_type": "gradio.FileData"}}
    said = httpx2.post(f"{app.local_url}gradio_api/run/count", json={"data": [[file] * 3]}).json()
    assert int(said["data"][0]) > 0
    assert asked == []


def test_a_new_session_keeps_nobody_waiting_for_an_account_of_every_component(app):
    assert app.state_holder["new here"].config_values == {}
    app.state_holder.forget("new here")


def test_nobody_names_the_address_they_come_from(app):
    """The server would believe whoever reaches it from its own machine, as a tunnel does for everybody."""
    forger = Client(app.local_url, verbose=False, headers={"x-forwarded-for": "6.6.6.6"})
    assert forger.predict(api_name="/peer") == "127.0.0.1 "


@pytest.mark.parametrize(("used_after_seconds", "kept"), [(0, False), (GOODBYE_SECONDS + 1, True)])
def test_a_session_that_ended_is_dropped_unless_its_visitor_comes_back(app, visitor, used_after_seconds, kept):
    visitor.predict(api_name="/run")
    session = visitor.session_hash

    async def leave_and_wait():
        app.forget_later(session, seconds=0)
        app.state_holder.time_last_used[session] = datetime.now() + timedelta(seconds=used_after_seconds)
        loop, later = asyncio.get_running_loop(), asyncio.Event()
        loop.call_later(0, later.set)  # comes after what was asked for before it
        await later.wait()

    run_async(leave_and_wait())
    assert (session in app.state_holder.session_data) is kept
    assert (session in app.state_holder.time_last_used) is kept


def lay(app, session, payer, megabytes=0):
    asked = {"data": [megabytes], "session_hash": session}
    httpx2.post(f"{app.local_url}gradio_api/run/lay", json=asked, headers={"x-payer": payer}).raise_for_status()


def test_whoever_makes_sessions_without_end_loses_only_their_own(app):
    lay(app, "ann's", "ann")
    for number in range(140):
        lay(app, f"mallory's {number}", "mallory")
    kept = app.state_holder.session_data
    assert "ann's" in kept
    assert "mallory's 139" in kept
    assert sum(session.startswith("mallory") for session in kept) == 125


def test_large_pages_on_desks_count_by_their_bytes(app):
    lay(app, "bert's", "bert")
    for number in range(5):
        lay(app, f"eve's {number}", "eve", megabytes=200)
    assert [s for s in app.state_holder.session_data if "eve" in s or "bert" in s] == ["bert's", "eve's 3", "eve's 4"]


def join(app, session, payer, megabytes=0):
    """Ask, and never fetch the answer."""
    index = next(one["id"] for one in app.config["dependencies"] if one["api_name"] == "lay")
    asked = {"data": [megabytes], "session_hash": session, "fn_index": index}
    headers = {"x-payer": payer, "content-type": "application/json"}
    return httpx2.post(f"{app.local_url}gradio_api/queue/join", content=json.dumps(asked), headers=headers)


def test_whoever_fetches_no_answer_loses_only_their_own(app):
    join(app, "carl's", "carl").raise_for_status()
    for number in range(140):
        join(app, f"trudy's {number}", "trudy").raise_for_status()
    for waiting in (app._queue.pending_messages_per_session, app._queue.pending_event_ids_session):
        assert "carl's" in waiting
        assert sum(session.startswith("trudy") for session in waiting) <= 125


def test_answers_that_nobody_fetches_have_an_end_in_one_session_too(app, monkeypatch):
    monkeypatch.setattr("ui.blocks.UNREAD_BYTES", 100_000_000)
    for _ in range(5):
        join(app, "dora's", "dora")
    assert "dora's" not in app._queue.pending_messages_per_session


@pytest.mark.parametrize("session", ["x" * 65, "\ud800"])
def test_no_name_of_a_session_is_a_load_or_a_fault(app, session):
    assert join(app, session, "mallory").status_code == 400


def test_no_table_is_kept_of_what_was_asked(app, visitor):
    visitor.predict(api_name="/run")
    assert app._queue.event_analytics == {}


def test_a_space_gets_no_second_server_for_live_editing(monkeypatch):
    monkeypatch.setenv("SYSTEM", "spaces")
    monkeypatch.setenv("SPACE_ID", "somebody/inkquest")
    with LastingBlocks(analytics_enabled=False) as app:
        gr.HTML()
    app.launch(
        doors=Doors(2**20, 2**20),
        prevent_thread_lock=True,
        quiet=True,
        server_name="127.0.0.1",
        ssr_mode=False,
        pwa=False,
    )
    assert app.server.reloader is None
    app.close()
