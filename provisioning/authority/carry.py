"""What of an authority's folder goes into a backup, and how it is put back.

Takes the keys, the list of ended certificates and the marks of the audit log; what the authorities
can issue again stays behind. A living authority is only replaced when told so, and then kept aside.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cryptography import x509

from provisioning.authority.backup import BackupRefused, Content
from provisioning.authority.certificates import Authority
from provisioning.authority.ended import FILE, EndedList, ListRefused, parse
from provisioning.authority.files import make_folder, put
from provisioning.authority.keys import KeyRefused, from_pem, read, to_pem
from provisioning.authority.pair import NAMES, Pair, exists, load, write

AUDIT_KEY: Final = "audit/key.pem"
MARKS: Final = "audit/checkpoints.jsonl"
LEDGER: Final = "signed.jsonl"  # what was signed for kiosks: the warden's
_AS_THEY_ARE: Final = (FILE, MARKS, LEDGER)


class Living(Exception):  # noqa: N818 - says what is so
    """There is an authority already; every kiosk trusts it. A person must say so to replace it."""


def pack(folder: Path, passphrase: bytes | None, now: int) -> Content:
    """Raises what `pair.load` raises."""
    files = {}
    for authority in load(folder, passphrase):
        files[f"{authority.name}/key.pem"] = to_pem(authority.key)
        files[f"{authority.name}/cert.pem"] = authority.pem
    if (folder / AUDIT_KEY).exists():
        files[AUDIT_KEY] = to_pem(read(folder / AUDIT_KEY, passphrase))
    for name in _AS_THEY_ARE:
        if (folder / name).exists():
            files[name] = (folder / name).read_bytes()
    return Content(now, files)


def unpack(content: Content, folder: Path, passphrase: bytes | None, *, force: bool) -> Pair:
    """Put it back; keys are protected by `passphrase` from now on, when there is one.

    Raises BackupRefused, Living, OSError. Nothing is written unless all of it is sound.
    """
    made = _authorities(content.files)
    _check_list(content.files.get(FILE), made[0])
    if exists(folder) and not force:
        raise Living(f"{folder} holds an authority already: restore elsewhere, or say --force")
    make_folder(folder, 0o711)
    _set_aside(folder, content.made_at)
    newer = _newer_list(folder, made[0], content.files.get(FILE))
    for authority in made:
        write(folder, authority, passphrase)
    if newer is not None:
        put(folder / FILE, newer)
    _audit(content.files, folder, passphrase)
    for name in (MARKS, LEDGER):
        if name in content.files and not (folder / name).exists():
            put(folder / name, content.files[name], 0o600)  # one that is there has seen more
    return load(folder, passphrase)


def _authorities(files: Mapping[str, bytes]) -> list[Authority]:
    made = []
    for name in NAMES:
        try:
            key = from_pem(files[f"{name}/key.pem"], f"the backup's {name} key")
            certificate = x509.load_pem_x509_certificate(files[f"{name}/cert.pem"])
        except (KeyError, ValueError, x509.InvalidVersion, KeyRefused) as error:
            raise BackupRefused(f"the backup has no sound {name} authority") from error
        if certificate.public_key() != key.public_key():
            raise BackupRefused(f"the backup's {name} key and certificate do not fit")
        made.append(Authority(name, key, certificate))  # type: ignore[arg-type]  # its key is P-256
    return made


def _check_list(pem: bytes | None, device: Authority) -> None:
    try:
        if pem is not None:
            parse(pem, device, "the backup's list of ended certificates")
    except ListRefused as error:
        raise BackupRefused(str(error)) from error


def _newer_list(folder: Path, device: Authority, pem: bytes | None) -> bytes | None:
    """Of two lists of the same authority the newer: what ended since the backup stays ended."""
    try:
        there = EndedList(folder / FILE, device)
    except ListRefused:
        return pem
    known = 0 if pem is None else parse(pem, device, "")[1]
    return there.pem if there.number > known else pem


def _set_aside(folder: Path, stamp: int) -> None:
    for name in NAMES:
        if (folder / name).exists():
            number = 0
            while (aside := folder / f"{name}.replaced-{stamp}-{number}").exists():
                number += 1
            (folder / name).rename(aside)


def _audit(files: Mapping[str, bytes], folder: Path, passphrase: bytes | None) -> None:
    if AUDIT_KEY not in files:
        return
    make_folder(folder / "audit")
    key = from_pem(files[AUDIT_KEY], "the backup's audit key")
    put(folder / AUDIT_KEY, to_pem(key, passphrase), 0o600)
