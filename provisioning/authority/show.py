"""What there is to say of an authority: fingerprints to compare, and what ends soon.

Reads only. What ends within WARN_DAYS, or is over, has a line of its own that says who must act.
"""

from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from provisioning.authority.certificates import DAY_MS, Authority, ms
from provisioning.authority.ended import FILE, LIFE_MS, EndedList
from provisioning.authority.issued import FOLDER, PAPERS, read
from provisioning.authority.pair import Pair

WARN_AUTHORITY_MS: Final = 365 * DAY_MS
WARN_PAPER_MS: Final = 30 * DAY_MS


def report(folder: Path, pair: Pair, now: int) -> list[str]:
    """Lines for a person; `now` in milliseconds. Raises ListRefused, OSError."""
    lines, warnings = [], []
    for authority in pair:
        end = ms(authority.certificate.not_valid_after_utc)
        lines += _authority(authority)
        if end - now < WARN_AUTHORITY_MS:
            warnings.append(
                f"the {authority.name} authority ends {_when(end, now)}: plan a new one"
            )
    for told, warning in (
        *(_paper(folder, one.file, now) for one in PAPERS),
        _list(folder, pair, now),
    ):
        lines.append(told)
        warnings += [warning] if warning else []
    return [*lines, *(f"WARNING: {one}" for one in warnings)]


def fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(SHA256()).hex(":").upper()


def _authority(one: Authority) -> list[str]:
    subject = one.certificate.subject.rfc4514_string()
    return [
        f"{one.name} authority  {subject}",
        f"  SHA-256      {fingerprint(one.certificate)}",
        f"  pin          {one.pin.hex()}",
        f"  ends         {one.certificate.not_valid_after_utc:%Y-%m-%d}",
    ]


def _paper(folder: Path, file: str, now: int) -> tuple[str, str]:
    try:
        paper = read(folder / FOLDER / f"{file}.crt")
    except (OSError, ValueError, x509.InvalidVersion):
        return f"  issued/{file:<14} none yet", ""
    end = ms(paper.not_valid_after_utc)
    told = f"  issued/{file:<14} ends {paper.not_valid_after_utc:%Y-%m-%d}"
    if end - now > WARN_PAPER_MS:
        return told, ""
    return told, f"issued/{file} ends {_when(end, now)}: the warden should have renewed it"


def _list(folder: Path, pair: Pair, now: int) -> tuple[str, str]:
    ended = EndedList(folder / FILE, pair.device)
    if not ended.number:
        return "list of ended certificates: none yet", ""
    told = f"list of ended certificates: number {ended.number}, {len(ended)} entries"
    if now - ended.signed_at < LIFE_MS // 2:
        return told, ""
    when = _when(ended.next_update, now)
    return told, f"the list ends {when} and then no kiosk gets in: start the warden"


def _when(end: int, now: int) -> str:
    days = (end - now) // DAY_MS
    return f"in {days} days" if days >= 0 else f"{-days} days ago"
