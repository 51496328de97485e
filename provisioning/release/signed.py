"""A signing's text put to people's keys in files: in words first, then signed, then handed in.

What is shown is read out of the very text that is signed. The keys never leave their files; the
office gets signatures.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TextIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine
from tuf.api.metadata import Targets

from controller import bell
from controller.people.audit import By
from controller.releases import metadata, signing
from controller.releases.folder import Releases
from controller.releases.signing import Signing
from controller.store.engine import writing
from provisioning.policy import keys
from provisioning.release.drafts import tuf_key
from wire.content import about_of
from wire.errors import MalformedMessage

YES: Final = ("yes", "ya")


class NotSigned(ValueError):  # noqa: N818 - says what happened
    """Somebody did not say yes, or the text is not what it should be."""


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
    lines = [f"{one.role} version {made.version}, ends {made.expires:%Y-%m-%d}"]
    for path, target in sorted(made.targets.items()):
        if path not in old or old[path].to_dict() != target.to_dict():
            about = about_of(target.custom)
            size = f"{about.files} files, {about.unpacked} bytes"
            lines.append(f"+ {about.bundle} {about.seq}: {size}: {_plain(about.note)}")
            lines.append(f"  index {target.hashes['sha256']}")
            if about.min_seq:
                lines.append(f"  whoever has it goes back to nothing older than {about.min_seq}")
    lines += [
        f"- {path.split('/')[-1]} is no longer offered" for path in old if path not in made.targets
    ]
    return lines if len(lines) > 1 else [*lines, "nothing changes but the end of its life"]


def sign(office: Office, signing_id: int, files: Sequence[Path], passphrase: bytes | None) -> int:
    """How many signatures are missing now. Raises Refused, KeyRefused, Unsafe, OSError."""
    return put(office, signing_id, [keys.read(path, passphrase) for path in files])


def put(office: Office, signing_id: int, with_: Sequence[Ed25519PrivateKey]) -> int:
    """As `sign`, with keys that were read already."""
    with office.engine.connect() as conn:
        text = signing.text_for(conn, signing_id)
        missing = signing.missing(conn, office.releases, signing_id)
    for key in with_:
        name = tuf_key(keys.public(key)).keyid
        signature = key.sign(text.encode()).hex()
        with writing(office.engine) as conn:
            missing = signing.add(
                conn, office.releases, signing_id, name, signature, office.by, office.now()
            )
    bell.ring(office.engine)
    return missing


def show(office: Office, signing_id: int) -> list[str]:
    """What waits, in words. Raises NotSigned, Refused."""
    with office.engine.connect() as conn:
        one = signing.find(conn, signing_id)
        who = signing.signers(conn, office.releases, signing_id)
    found = metadata.present(office.releases)
    before = None if found is None else found.roles[one.role].signed
    named = [f"{name.key_id[:12]} ({_plain(name.login or name.name)})" for name in who]
    said = [text for text, name in zip(named, who, strict=True) if name.signed_at is not None]
    return [
        *told(one, before),
        f"{one.threshold} of {len(who)} keys: {', '.join(named)}",
        f"signed by: {', '.join(said) or 'nobody yet'}",
    ]


def confirmed(answers: TextIO, say: Callable[[str], None]) -> bool:
    say("Sign it? Type yes:")
    return answers.readline().strip().lower() in YES


def _read(one: Signing) -> Targets:
    try:
        made = Targets.from_dict(json.loads(one.text))
        for target in made.targets.values():
            about_of(target.custom)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, MalformedMessage) as e:
        raise NotSigned(
            f"signing {one.id} holds no list of releases: sign nothing, the administrator must "
            f"find out why ({type(e).__name__})"
        ) from None
    if made.delegations is not None or metadata.text_of(made) != one.text:
        raise NotSigned(f"signing {one.id} would hand on more than releases: sign nothing")
    return made


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:300]
