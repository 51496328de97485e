"""axe-core on a page in the browser: what is serious for somebody who sees, hears or moves less.

Colours are all a dark page has of its own, so there only they are looked at again.
"""

from typing import Any, Final

from dashboards.console.settings import HERE

SCRIPT: Final = HERE / "node_modules" / "axe-core" / "axe.min.js"
# Without its own reading of the style sheets, which no rule here needs: it is most of the time.
_RUN: Final = "only => axe.run({resultTypes: ['violations'], preload: false, ...only})"
_OF: Final[dict[str, dict[str, Any]]] = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}
AA: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def serious(page: Any, theme: str, where: str) -> list[str]:
    """The serious and critical violations on the page as it stands, a line each."""
    return [
        f"{where}: {one['id']} {node['target']} {node.get('failureSummary')}"
        for one in _violations(page, _OF[theme])
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


def against(page: Any, where: str, rules: list[str] | None = None) -> list[str]:
    """Whatever is against WCAG 2.2 A and AA, however little; `rules` for some of it only.

    The size of targets is not looked at by axe unless its tag is named.
    """
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": AA}
    return [
        f"{where}: {one['id']} {node['target']} {node.get('failureSummary')}"
        for one in _violations(page, {"runOnly": only})
        for node in one["nodes"][:3]
    ]


def _violations(page: Any, only: dict[str, Any]) -> list[Any]:
    """Within the page its script stays: what is asked twice is asked without bringing it again."""
    if not page.evaluate("!!window.axe"):
        page.evaluate(SCRIPT.read_text())
    found: list[Any] = page.evaluate(_RUN, only)["violations"]
    return found
