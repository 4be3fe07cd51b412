"""What keeps somebody out, as axe sees it."""


def serious_findings(page):
    """Rule and first element of each finding that is serious or critical."""
    from axe_playwright_python.sync_playwright import Axe

    findings = Axe().run(page).response["violations"]
    return [(f["id"], f["nodes"][0]["html"][:200]) for f in findings if f["impact"] in {"serious", "critical"}]
