"""What the database itself holds of identities, whoever writes."""

import pytest
from sqlalchemy import Connection, insert
from sqlalchemy.exc import IntegrityError

from controller.store.engine import open_engine, writing
from controller.store.identity_tables import certificate, invitation
from controller.store.tables import kiosk, site


def _a_kiosk(conn: Connection) -> None:
    place = {"code": "32.73.01", "name": "Sukasari", "regency": "Bandung", "lat": -6, "lng": 107}
    conn.execute(insert(site).values(place))
    here = {"id": 1, "name": "bdg-sukasari-1", "site_code": "32.73.01", "partition": 0}
    conn.execute(insert(kiosk).values(**here, registered_at=1))


def test_a_token_stands_for_one_invitation_only(database: str) -> None:
    row = {"kiosk_id": 1, "site_code": "32.73.01", "token_sha256": "a" * 64, "issued_at": 1}
    values = {**row, "issued_by": "siaga", "expires_at": 2}
    with writing(open_engine(database)) as conn:
        _a_kiosk(conn)
        conn.execute(insert(invitation).values(values))
        with pytest.raises(IntegrityError), conn.begin_nested():
            conn.execute(insert(invitation).values(values))


def test_a_serial_is_given_once_but_many_may_wait_for_theirs(database: str) -> None:
    row = {"kiosk_id": 1, "state": "requested", "via": "enrol", "csr": b"", "csr_sha256": ""}
    with writing(open_engine(database)) as conn:
        _a_kiosk(conn)
        for serial in (None, None, "1a"):
            values = {**row, "key_sha256": "", "requested_at": 1, "serial": serial}
            conn.execute(insert(certificate).values(values))
        with pytest.raises(IntegrityError), conn.begin_nested():
            conn.execute(insert(certificate).values(values))
