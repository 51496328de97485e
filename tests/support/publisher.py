"""Whoever hands in, signs and rolls out releases, in a real Chromium before the office's console.

As in technician.py: by what the pages show; nothing is read from the database.
"""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.support.technician import Technician

DESK: Final = {"width": 1366, "height": 768}


class Publisher(Technician):
    """Signs with a key that this browser has made."""

    def hands_in(self, tree: Path, note: str) -> int:
        """The folder as a release of `layanan` that waits for signatures; its number."""
        self.goes_to("/releases/new")
        self.page.fill("[name=note]", note)
        self.page.set_input_files("[name=folder]", tree)
        self.sees("#upload-picked:not(.hidden)")
        self.page.click("#upload-start")
        self.page.wait_for_url("**/releases/*?told=check")
        self.sees("#release-state:has-text('Menunggu tanda tangan')")
        return self.number("releases")

    def signs(self, release: int) -> None:
        """What the browser itself has read."""
        self.goes_to(f"/releases/{release}")
        self.page.click("[data-seal-do]:not([disabled])")
        self.page.click("#seal-dialog[open] #seal-sign")
        self.page.wait_for_selector("[data-seal-do]", state="detached")

    def rolls_out(
        self, release: int, why: str, sizes: str, phases: str = "3, 100%", **choices: str
    ) -> int:
        """Goes once the dry run says `sizes` (kiosks of each phase); the number of the rollout."""
        self.goes_to(f"/releases/{release}")
        self.page.click("#roll-out")
        for name, value in choices.items():
            self.page.select_option(f"#roll [name={name}]", value)
        self.page.fill("#roll [name=phases]", phases)
        self.page.fill("#roll [name=why]", why)
        self.sees(f"#dry-phases:has-text('{sizes}')")
        self.page.click("#roll-send:not([disabled])")
        self.sees("#rollout-state")
        self.sees("#live[data-live-state=on]")
        return self.number("rollouts")

    def figures(self, side: str) -> tuple[int, int]:
        """(bad, all) of the kiosks that are compared: side `updated` or `control`."""
        said = self.page.inner_text(f"#side-{side} p")
        bad, kiosks = re.findall(r"\d+", said)
        return int(bad), int(kiosks)

    def number(self, what: str) -> int:
        """In the address of the page: of `releases` or `rollouts`."""
        found = re.search(rf"/{what}/(\d+)", self.page.url)
        assert found, self.page.url
        return int(found[1])


def tree(folder: Path, starter: Path, changed: Mapping[str, tuple[str, str]]) -> Path:
    """A copy of `starter` in `folder`, where file -> (these words, become those)."""
    shutil.copytree(starter, folder)
    for name, (old, new) in changed.items():
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), "utf-8")
    return folder
