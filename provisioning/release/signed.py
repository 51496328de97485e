"""A signing's text put to people's keys in files: in words first, then signed, then handed in.

What is shown is read out of the very text that is signed, and what was shown is what is signed: it
is not asked for again. It is compared with a list that enough people have signed, never with a file
that anybody may have put there; and all that stays on offer is named, too. The keys never leave
their files; the office gets signatures.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine
from tuf.api.metadata import TargetFile, Targets

from controller import bell
from controller.people.audit import By
from controller.releases import metadata, signing
from controller.releases.folder import Releases
from controller.releases.metadata import Held
from controller.releases.signing import Signing
from controller.store.engine import writing
from provisioning.policy import keys
from provisioning.release.drafts import tuf_key
from wire.content import about_of, role_of, target_path
from wire.errors import MalformedMessage


class NotSigned(ValueError):  # noqa: N818 - says what happened
    """Somebody did not say yes, or the text is not what it should be."""


class Shown(NamedTuple):
    """`lines` are what `text` says."""

    signing_id: int
    text: str
    lines: list[str]


class Office(NamedTuple):
    """Where releases are signed for, on whose word, and what the time is (ms)."""

    engine: Engine
    releases: Releases
    by: By
    now: Callable[[], int]


def told(one: Signing, before: Targets | None) -> list[str]:
    """What somebody signs, against the list in force. Raises NotSigned for a text that is none."""
    made = _read(one)
    old = {} if before is None else before.targets
    follows = 1 if before is None else before.version + 1
    if made.version != follows:
        raise NotSigned(f"it is version {made.version}, the next is {follows}: sign nothing")
    lines, stays = [], []
    for path, target in sorted(made.targets.items()):
        about, index = about_of(target.custom), target.hashes["sha256"]
        same = path in old and old[path].to_dict() == target.to_dict()
        if same:
            stays.append(f"= {about.bundle} {about.seq} stays on offer: {index[:16]}")
            continue
        if path in old:
            lines.append(f"! {about.bundle} {about.seq} is on offer already, AS SOMETHING ELSE")
        size = f"{about.files} files, {about.unpacked} bytes"
        lines.append(f"+ {about.bundle} {about.seq}: {size}: {_plain(about.note)}")
        lines.append(f"  index {index}")
        if about.min_seq:
            lines.append(f"  whoever has it goes back to nothing older than {about.min_seq}")
    lines += [
        f"- {path.split('/')[-1]} is no longer offered" for path in old if path not in made.targets
    ]
    head = f"{one.role} version {made.version}, ends {made.expires:%Y-%m-%d}"
    return [head, *(lines or ["nothing changes but the end of its life"]), *stays]


def sign(office: Office, one: Shown, files: Sequence[Path], passphrase: bytes | None) -> int:
    """How many signatures are missing now. Raises Refused, KeyRefused, Unsafe, OSError."""
    return put(office, one, [keys.read(path, passphrase) for path in files])


def put(office: Office, one: Shown, with_: Sequence[Ed25519PrivateKey]) -> int:
    """As `sign`, with keys that were read already. Refused when the office has another text now."""
    with office.engine.connect() as conn:
        missing = signing.missing(conn, office.releases, one.signing_id)
    for key in with_:
        name = tuf_key(keys.public(key)).keyid
        signature = key.sign(one.text.encode()).hex()
        with writing(office.engine) as conn:
            missing = signing.add(
                conn, office.releases, one.signing_id, name, signature, office.by, office.now()
            )
    bell.ring(office.engine)
    return missing


def show(office: Office, signing_id: int) -> Shown:
    """What waits, in words. Raises NotSigned, Refused."""
    with office.engine.connect() as conn:
        one = signing.find(conn, signing_id)
        who = signing.signers(conn, office.releases, signing_id)
    try:
        before = metadata.in_force(office.releases, one.role)
    except Held as held:
        raise NotSigned(f"sign nothing: {held}") from None
    named = [f"{name.key_id[:12]} ({_plain(name.login or name.name)})" for name in who]
    said = [text for text, name in zip(named, who, strict=True) if name.signed_at is not None]
    lines = [
        *told(one, before),
        f"{one.threshold} of {len(who)} keys: {', '.join(named)}",
        f"signed by: {', '.join(said) or 'nobody yet'}",
    ]
    return Shown(one.id, one.text, lines)


def _read(one: Signing) -> Targets:
    try:
        made = Targets.from_dict(json.loads(one.text))
        odd = [path for path, target in made.targets.items() if not _is_of(one.role, path, target)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, MalformedMessage) as e:
        raise NotSigned(
            f"signing {one.id} holds no list of releases: sign nothing, the administrator must "
            f"find out why ({type(e).__name__})"
        ) from None
    more = made.delegations is not None or made.unrecognized_fields
    if odd or more or metadata.text_of(made) != one.text:
        raise NotSigned(f"signing {one.id} would hand on more than releases: sign nothing")
    return made


def _is_of(role: str, path: str, target: TargetFile) -> bool:
    """Whether it is what it is called: people are told its name, kiosks look for its path."""
    about = about_of(target.custom)
    named = path == target_path(about.bundle, about.seq) and role == role_of(about.bundle)
    return named and len(target.hashes["sha256"]) == 64


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:300]
