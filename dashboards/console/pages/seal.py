"""Signing the list of releases of a role: who has, who may, and what a browser is told to check.

What is signed is the role's own text. The page says which release it should add or take away; the
browser reads the text and refuses where it says otherwise (static/seal.js). Decides nothing.
"""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from controller.jobs.refused import Refused
from controller.releases import metadata, read, signing
from controller.releases.folder import Releases
from controller.releases.signing import Signer, Signing
from dashboards.console.pages.ask import Ask
from wire.content import target_path

SAYS: Final = (
    "no_key", "no_crypto", "insecure", "failed", "lie_form", "lie_version", "lie_targets",
    "lie_release", "lie_expires",
)  # fmt: skip


class Seal(NamedTuple):
    """`keys`: names of this person's own keys that may sign; `adds` and `takes`: target paths."""

    it: Signing
    what: str
    signed: tuple[Signer, ...]
    open: tuple[Signer, ...]
    missing: int
    keys: str
    done: bool
    may: bool
    adds: str
    takes: str
    about: str
    words: str


def seal_of(folder: Releases, ask: Ask, it: Signing) -> Seal:
    """What the box of a signing shows."""
    every = signers(folder, ask, it)
    given = tuple(one for one in every if one.signed_at is not None)
    login = ask.person.login if ask.person else ""
    own = [one for one in every if one.login and one.login == login]
    release = read.release(ask.conn, folder, it.release_id) if it.release_id else None
    path = target_path(release.row.bundle, release.row.seq) if release else ""
    named = (
        ask.t("release.named", bundle=release.row.bundle, seq=release.row.seq) if release else ""
    )
    return Seal(
        it,
        ask.t(f"seal.what_{it.what}", release=named, role=it.role),
        given,
        tuple(one for one in every if one.signed_at is None),
        max(0, it.threshold - len(given)),
        " ".join(one.key_id for one in own if one.signed_at is None),
        bool(own) and all(one.signed_at is not None for one in own),
        ask.may("release.sign"),
        path if it.what == "publish" else "",
        path if it.what == "withdraw" else "",
        json.dumps(dict(release.about) if release else {}),
        json.dumps({word: ask.t.sentences[f"seal.{word}"] for word in SAYS}),
    )


def signers(folder: Releases, ask: Ask, it: Signing) -> list[Signer]:
    """Nobody where the lists of keys cannot be read: the clerk tells the administrator."""
    try:
        return signing.signers(ask.conn, folder, it.id)
    except Refused:
        return []


def statement(folder: Releases, it: Signing) -> Mapping[str, Any]:
    """The text to sign, and the list of the role in force, None when it has none yet.

    Raises Held: what stands there is not what enough people have signed.
    """
    before = metadata.in_force(folder, it.role)
    return {"text": it.text, "before": None if before is None else before.to_dict()}
