"""Waiting for what must come, however slow the machine is."""

from collections.abc import Callable
from time import sleep
from typing import Any, TypeVar

T = TypeVar("T")
PATIENCE_SECONDS = 120
"""How long a browser or a client waits for what must come: on a machine that does ten other things, too."""


def until(condition: Callable[[], T]) -> T:
    """Return what the condition says once it says anything; what never comes ends with pytest's own limit."""
    while not (found := condition()):
        sleep(0.02)
    return found


def let_markup_run(page: Any) -> None:
    """Until what was put into the page has had its turn: pictures that cannot be loaded say so one after another."""
    page.evaluate("""() => new Promise(done => {
        const image = new Image();
        image.onerror = () => setTimeout(done);
        image.src = 'data:image/png,';
    })""")
