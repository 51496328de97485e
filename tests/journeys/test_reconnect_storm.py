"""Hundreds of kiosks with certificates lose the broker at once, and all come back as they were.

The whole road: warden, keeper, Mosquitto with mutual TLS, one controller, and as many TLS clients
as kiosks. `tests/bench/storm.py` measures it with two thousand.
"""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import func, select

from controller import fleet
from controller.store.engine import writing
from controller.store.tables import fault, flip, kiosk_status, thread
from provisioning.authority.certificates import for_kiosk
from provisioning.authority.pair import open_or_make
from provisioning.players.load import Load
from provisioning.players.papers import Papers
from provisioning.players.sayings import name_of
from tests.support.authority import key
from tests.support.secure import SecureOffice, now
from tests.support.warden import SITE

KIOSKS = 500
PATIENCE_S = 120.0
CONNECT_RATE = 100.0  # the morning, not the storm


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Iterator[SecureOffice]:
    made = SecureOffice(tmp_path, sqlite_url)
    names = [name_of(number + 1) for number in range(KIOSKS)]
    with writing(made.books.engine) as conn:
        fleet.import_fleet(conn, [SITE], [fleet.NewKiosk(n, SITE.code) for n in names], now())
    certify(made, names)
    try:
        made.start()
        made.start_controller("office", "--roll-call-s", "30", "--roll-call-grace-s", "30")
        yield made
    finally:
        made.stop()


@pytest.mark.timeout(400)
def test_row_57_five_hundred_kiosks_come_back_at_once_and_no_alarm_is_given(
    office: SecureOffice,
) -> None:
    papers = Papers(office.issued / "server-ca.pem", office.folder / "kiosks")
    load = Load("127.0.0.1", office.port, KIOSKS, connect_rate=CONNECT_RATE, papers=papers)
    assert asyncio.run(storm(load, office)) == (0, 0)


async def storm(load: Load, office: SecureOffice) -> tuple[int, int]:
    """What was wrong when all were back."""
    await load.connect(PATIENCE_S)
    await become(lambda: well(office, births=1))
    office.kill_broker()
    await become(lambda: well(office, births=2) and load.tally.connected == KIOSKS)
    found = wrong(office)
    await load.leave()
    return found


async def become(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not true():  # noqa: ASYNC110 - one look at the database says all
            await asyncio.sleep(0.2)


def certify(office: SecureOffice, names: list[str]) -> None:
    pair, folder = open_or_make(office.authority, None, now()), office.folder / "kiosks"
    folder.mkdir()
    for name in names:
        mine = key()
        made = for_kiosk(pair.device, name, mine.public_key(), now())
        (folder / f"{name}.crt").write_bytes(made.public_bytes(Encoding.PEM))
        pem = mine.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / f"{name}.key").write_bytes(pem)


def well(office: SecureOffice, *, births: int) -> bool:
    """Whether each was born so often, is online and well."""
    born = select(func.count()).select_from(thread).where(thread.c.birth >= births)
    known = kiosk_status.c
    here = select(func.count()).where(known.presence == "online", known.open_faults == 0)
    with office.books.engine.connect() as conn:
        return conn.scalar(born) == KIOSKS and conn.scalar(here) == KIOSKS


def wrong(office: SecureOffice) -> tuple[int, int]:
    """Faults, and flips of presence to offline: neither was ever true."""
    offline = select(func.count()).where(flip.c.subject == "presence", flip.c.new == "offline")
    with office.books.engine.connect() as conn:
        faults = conn.scalar(select(func.count()).select_from(fault)) or 0
        return faults, conn.scalar(offline) or 0
