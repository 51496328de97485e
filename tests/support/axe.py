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
