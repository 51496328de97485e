"""axe-core on a page in the browser: what is serious for somebody who sees, hears or moves less.

Colours are all a dark page has of its own, so there only they are looked at again.
"""

from typing import Any, Final

from dashboards.console.settings import HERE

SCRIPT: Final = HERE / "node_modules" / "axe-core" / "axe.min.js"
_RUN: Final = {
    "light": "axe.run({resultTypes: ['violations']})",
    "dark": "axe.run({resultTypes: ['violations'], runOnly: ['color-contrast']})",
}


def serious(page: Any, theme: str, where: str) -> list[str]:
    """The serious and critical violations on the page as it stands, a line each."""
    page.evaluate(SCRIPT.read_text())
    return [
        f"{where}: {one['id']} {node['target']} {node.get('failureSummary')}"
        for one in page.evaluate(_RUN[theme])["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


# Without its own reading of the style sheets, which no rule here needs: it is most of the time.
_ONLY: Final = "only => axe.run({resultTypes: ['violations'], preload: false, runOnly: only})"
AA: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def against(page: Any, where: str, rules: list[str] | None = None) -> list[str]:
    """Whatever is against WCAG 2.2 A and AA, however little; `rules` for some of it only.

    The size of targets is not looked at by axe unless its tag is named.
    """
    if not page.evaluate("!!window.axe"):
        page.evaluate(SCRIPT.read_text())
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": AA}
    said = page.evaluate(_ONLY, only)
    return [
        f"{where}: {one['id']} {node['target']} {node.get('failureSummary')}"
        for one in said["violations"]
        for node in one["nodes"][:3]
    ]
