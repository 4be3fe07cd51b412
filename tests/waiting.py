"""Waiting for what must come, however slow the machine is."""

from time import sleep


def until(condition):
    """Return what the condition says once it says anything; what never comes ends with pytest's own limit."""
    while not (found := condition()):
        sleep(0.02)
    return found


def let_markup_run(page):
    """Until what was put into the page has had its turn: pictures that cannot be loaded say so one after another."""
    page.evaluate("""() => new Promise(done => {
        const image = new Image();
        image.onerror = () => setTimeout(done);
        image.src = 'data:image/png,';
    })""")
