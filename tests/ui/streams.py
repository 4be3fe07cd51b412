"""The streams through which a page hears from the server: none is open once all that it asked for has ended."""


def streams_of(page):
    """Those that are open, from now on."""
    streams = set()
    page.on("request", lambda asked: streams.add(asked) if "/queue/data" in asked.url else None)

    def ended(asked):  # Playwright takes no method of a set
        streams.discard(asked)

    page.on("requestfinished", ended)
    page.on("requestfailed", ended)
    return streams


def wait_for_rest(page, streams):
    while streams:
        page.wait_for_timeout(20)
