"""Makes a restored database know again what was signed since its backup was taken.

Without it a kiosk that enrolled or renewed since then would be a stranger at the door, and somebody
would have to visit it. What the list says ended is never brought back, and a kiosk that the books
say was ended stays so: a person decides. Codes that it thinks are open may have been used since, or
withdrawn: they count no more.
"""

from collections.abc import Collection, Iterable
from typing import Final

from sqlalchemy import Connection, insert, select

from controller.identity.invitations import withdraw_open
from controller.identity.states import By, Said, hold_all, move_identity, state_of, tell
from controller.store.identity_tables import certificate, invitation
from controller.store.slices import slices
from controller.store.tables import kiosk
from provisioning.warden.ledger import Line
from wire.lifecycle import CERTIFICATE, move

_WHY: Final = "signed since the backup that this database was restored from"
_OLD: Final = "the database was restored from a backup: it may have forgotten that it was used"
_WARDEN: Final = By("warden")


def forgotten(conn: Connection, lines: Iterable[Line], ended: Collection[int]) -> list[Line]:
    """Lines of which the books know neither the certificate nor its key, oldest first.

    A key they do know waits to be signed again: the warden died between ledger and commit.
    """
    mine = [one for one in lines if int(one.serial, 16) not in ended]
    known = {
        row
        for column, wanted in (
            (certificate.c.serial, {one.serial for one in mine}),
            (certificate.c.key_sha256, {one.key_sha256 for one in mine}),
            (kiosk.c.name, {one.kiosk for one in mine}),
        )
        for chunk in slices(sorted(wanted))
        for row in conn.scalars(select(column).where(column.in_(chunk)))
    }
    return [one for one in mine if one.kiosk in known and not known & {one.serial, one.key_sha256}]


def recall(conn: Connection, line: Line, now: int) -> bool:
    """Whether it counts again. A transaction of its own."""
    subject = hold_all(conn, [line.kiosk])[0]
    for state, event in (("registered", "invite"), ("pending", "enrol")):
        if state_of(conn, subject.id) == state:
            move_identity(conn, subject.id, event, _WHY, now)
    if state_of(conn, subject.id) != "active":
        return False
    if line.via == "enrol":
        withdraw_open(conn, subject.id, now)  # its token was used, though the books forgot
    values = {name: getattr(line, name) for name in line.__struct_fields__ if name != "kiosk"}
    values["pem"] = line.pem or None  # without it the door cannot know its key
    state = move(CERTIFICATE, "requested", "sign")
    conn.execute(
        insert(certificate).values(
            kiosk_id=subject.id, state=state, csr=b"", requested_at=line.issued_at, **values
        )
    )
    detail = {"serial": line.serial, "why": _WHY}
    tell(conn, _WARDEN, [Said("certificate.recall", subject, detail)], now)
    return True


def withdraw_old(conn: Connection, until: int, now: int) -> list[str]:
    """Whose open codes, issued up to `until` (milliseconds), were withdrawn. One transaction."""
    still = (invitation.c.used_at.is_(None), invitation.c.withdrawn_at.is_(None))
    old = select(kiosk.c.name).join(invitation, invitation.c.kiosk_id == kiosk.c.id)
    old = old.where(*still, invitation.c.issued_at <= until, invitation.c.expires_at > now)
    held = hold_all(conn, conn.scalars(old))
    subjects = [one for one in held if withdraw_open(conn, one.id, now)]
    tell(conn, _WARDEN, (Said("identity.withdraw", one, {"why": _OLD}) for one in subjects), now)
    return [one.name for one in subjects]
