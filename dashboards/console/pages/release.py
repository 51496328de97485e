"""One release: what changed, what it costs a kiosk, who signed it, where it went.

The typical kiosk is one that has the release this one was compared with.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from controller.releases import read
from controller.releases.folder import Releases
from controller.releases.read import Release
from controller.rollouts import read as rollouts
from controller.rollouts.shapes import RolloutQuery
from dashboards.console.pages import rolled
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.page import Page, Part
from dashboards.console.pages.releases import TONES, in_use
from dashboards.console.pages.seal import seal_of

ROLLOUTS: Final = 8
CHANGE_TONES: Final = {"added": "ok", "changed": "warn", "removed": "offline"}


def number_in(ask: Ask) -> int:
    return int(ask.request.path_params["release_id"])


def found(folder: Releases, ask: Ask) -> Release:
    """Raises Refused."""
    return read.release(ask.conn, folder, number_in(ask))


def frame(folder: Releases, ask: Ask) -> Mapping[str, Any]:
    row = found(folder, ask).row
    named = ask.t("release.named", bundle=row.bundle, seq=row.seq)
    return {"release_id": row.id, "named": named, "told": "", "refusal": ""}


def now(folder: Releases, ask: Ask) -> Mapping[str, Any]:
    it = found(folder, ask)
    row = it.row
    makes = ask.may("release.make")
    return {
        "it": it,
        "row": row,
        "tones": TONES,
        "change_tones": CHANGE_TONES,
        "seal": seal_of(folder, ask, it.signing) if it.signing else None,
        "in_use": in_use(ask).get((row.bundle, row.seq), 0),
        "drops": makes and row.state in ("draft", "waiting"),
        "withdraws": makes and row.state == "published" and not _withdrawing(it),
        "rolls": ask.may("rollout.ask") and row.state == "published",
        "rollouts": _rollouts(ask, row.bundle, row.seq),
        **rolled.vocabulary(ask),
    }


def _withdrawing(it: Release) -> bool:
    return it.signing is not None and (it.signing.what, it.signing.state) == ("withdraw", "open")


def _rollouts(ask: Ask, bundle: str, seq: int) -> list[Any]:
    every = rollouts.rollouts(ask.conn, ask.scope("release.see"), RolloutQuery(bundle=bundle))
    return [one for one in every.rows if one.seq == seq][:ROLLOUTS]


def page(folder: Releases) -> Page:
    part = Part("release", "parts/release.html", partial(now, folder))
    return Page("release.html", "releases", (part,), partial(frame, folder))
