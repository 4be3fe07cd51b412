"""The streams through which a page hears from the server: none is open once all that it asked for has ended."""

from contextlib import contextmanager


def watch_streams(page):
    """From now on `page.streams` are those that are open."""
    page.streams = set()
    page.on("request", lambda asked: page.streams.add(asked) if "/queue/data" in asked.url else None)

    def ended(asked):  # Playwright takes no method of a set
        page.streams.discard(asked)

    page.on("requestfinished", ended)
    page.on("requestfailed", ended)


def wait_for_rest(page):
    """Until nothing more comes of what the page was heard to ask for, and what came has been drawn."""
    while page.streams:
        page.wait_for_timeout(20)
    page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")


@contextmanager
def answered(page):
    """Until the server has said all that it has to say of what is asked within; nothing else is on its way then."""
    wait_for_rest(page)
    with page.expect_request("**/queue/data*"):
        yield
    wait_for_rest(page)
