"""What keeps somebody out, as axe sees it."""

ASK_AXE = """async (within) => {
    const kinds = [...new Set([...document.querySelectorAll('.w')].map((word) => `[class="${word.className}"]`))];
    const again = kinds.map((kind) => `${kind} ~ ${kind}`);
    axe.configure({ rules: [{ id: 'color-contrast', selector: again.length ? `:not(${again})` : '*' }] });
    return (await axe.run(within ?? document, { resultTypes: ['violations'] })).violations;
}"""


def paint(page, colours):
    """Light or dark, as the visitor's system asks for, once everything has changed its colour."""
    page.emulate_media(color_scheme=colours)
    page.wait_for_function(f"document.body.classList.contains('dark') === {str(colours == 'dark').lower()}")
    page.wait_for_function("document.getAnimations().every(one => one.playState !== 'running')")


def fits(page, width):
    """Make the window this wide: nothing sticks out sideways once everything has taken its place."""
    page.set_viewport_size({"width": width, "height": 1000})
    page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)


def serious_findings(page, within=None):
    """Rule and first element of each finding that is serious or critical, on the page or in a part of it.

    Of the words in a line one of each kind is looked at: a page has thousands of them, in a dozen colours.
    """
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate(Axe().axe_script)
    findings = page.evaluate(ASK_AXE, within)
    return [(f["id"], f["nodes"][0]["html"][:200]) for f in findings if f["impact"] in {"serious", "critical"}]
