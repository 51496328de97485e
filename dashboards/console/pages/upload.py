"""The page on which a folder becomes a draft: which bundle, what is new, the files."""

from collections.abc import Mapping
from typing import Any, Final

from controller.releases import read
from controller.releases.check import SCREEN
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.page import Page
from wire.content import MOST_FILES

SAYS: Final = (
    "sending", "checking", "again", "failed", "too_many", "empty", "bad_bundle", "picked",
)  # fmt: skip


def frame(ask: Ask) -> Mapping[str, Any]:
    asked = ask.request.query_params
    return {
        "bundle": asked.get("bundle", SCREEN)[:32],
        "draft": asked.get("draft", "") if asked.get("draft", "").isdecimal() else "",
        "bundles": read.bundles(ask.conn),
        "most": MOST_FILES,
        "says": {word: ask.t.sentences[f"upload.{word}"] for word in SAYS},
    }


PAGE: Final = Page("upload.html", "releases", (), frame)
