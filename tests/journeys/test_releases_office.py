"""Releases through a real controller and a real broker: from what is desired to a stored fact."""

import time
from functools import partial
from pathlib import Path

import pytest

from controller import bell
from controller.rollouts.plan import Phase, Plan
from tests.support.broker import ProgramBroker
from tests.support.controllers import counters, holds
from tests.support.office import facts_of
from tests.support.press import Press
from tests.support.takers import Counter, Room, room
from tests.support.wait import until
from tests.support.wisher import Registry, Wisher


def now() -> int:
    return time.time_ns() // 1_000_000


class Shop(Counter):
    """An office whose controllers are processes, and rollouts as they are written."""

    @property
    def registry(self) -> Registry:
        return Registry(self.office.engine)

    def rolls(self, *kiosks: str, seq: int, before: int = 0) -> int:
        made = self.registry.roll(*kiosks, seq=seq, before=before, now=now())
        bell.ring(self.office.engine)
        return made

    def are(self, rollout: int, state: str) -> bool:
        return {row.state for row in self.registry.shares(rollout)} == {state}

    def serves(self, name: str) -> bool:
        answers = self.office.known(name).verdicts
        return "inform" in answers and answers["inform"].answer == "yes"

    def kiosk(self, name: str) -> Wisher:
        return Wisher(name, self.bureau.policy)


def test_from_a_desired_row_to_the_stored_fact(
    database: str, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    shop = Shop(database, mosquitto, tmp_path, "kiosk-1")
    child = shop.opens("--releases-url", "http://releases.example:8080/bandung")
    kiosk = shop.kiosk("kiosk-1")
    with room(mosquitto, kiosk, now()):
        until(lambda: shop.office.known("kiosk-1").presence.state == "online", 30)
        made = shop.rolls("kiosk-1", seq=7)
        until(lambda: shop.are(made, "installed"), 30)
        until(lambda: not kiosk.kept, 15)
    assert kiosk.wished[0].url == "http://releases.example:8080/bandung"
    assert facts_of(shop.office.engine, "kiosk-1") == [(kiosk.epoch, 1)]
    (row,) = shop.registry.reported()
    assert (row.bundle, row.seq, row.wanted_seq, row.state) == ("layanan", 7, 7, "installed")
    assert shop.registry.desired()[0].due is None
    until(lambda: counters(shop.office.engine).get("anjungan_installs_total{end=installed}"), 10)
    child.stop()


def test_a_controller_killed_in_the_middle_tells_and_hears_again(
    sqlite_url: str, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    names = ["kiosk-1", "kiosk-2", "kiosk-3"]
    shop = Shop(sqlite_url, mosquitto, tmp_path, *names)
    child = shop.opens()
    kiosks = [shop.kiosk(name) for name in names]
    for one in kiosks:
        one.slow = True
    rooms = [Room(mosquitto, one, now()) for one in kiosks]
    made = shop.rolls(*names, seq=7)
    until(lambda: all(one.wants for one in kiosks), 30)
    child.kill()
    for one, place in zip(kiosks, rooms, strict=True):
        with place._lock:  # it ends while nobody listens
            place._say(one.finish_installs())
    later = shop.rolls("kiosk-3", seq=8, before=7)
    heir = shop.opens()
    until(lambda: {row.state for row in shop.registry.shares(made)[:2]} == {"installed"}, 60)
    with rooms[2]._lock:
        kiosks[2].slow = False
    rooms[2].begin_again()
    until(partial(shop.are, later, "installed"), 60)
    for place in rooms:
        place.begin_again()
    until(lambda: not any(one.kept for one in kiosks), 30)
    assert [one.in_use for one in kiosks] == [{"layanan": 7}, {"layanan": 7}, {"layanan": 8}]
    assert facts_of(shop.office.engine, "kiosk-1") == [(kiosks[0].epoch, 1)]
    for place in rooms:
        place.leave()
    heir.stop()


def test_of_two_controllers_one_dies_and_every_kiosk_is_told(
    postgres_url: str, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    names = [f"kiosk-{n:02d}" for n in range(12)]
    shop = Shop(postgres_url, mosquitto, tmp_path, *names)
    lease = ("--lease-s", "3")
    children = {n: shop.opens("--name", n, *lease, ready=False) for n in ("first", "second")}
    for name in children:
        until(partial(holds, shop.office.engine, name, 8), 60)
    kiosks = [shop.kiosk(name) for name in names]
    rooms = [Room(mosquitto, one, now()) for one in kiosks]
    until(lambda: all(one.told for one in kiosks), 60)
    children.pop("first").kill()
    made = shop.rolls(*names, seq=7)
    until(partial(shop.are, made, "installed"), 90)
    for place in rooms:
        place.leave()
    for child in children.values():
        child.stop()


def test_what_people_have_signed_is_published_and_rolled_out_in_phases(
    sqlite_url: str, mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    names = ["kiosk-1", "kiosk-2", "kiosk-3"]
    shop = Shop(sqlite_url, mosquitto, tmp_path, *names)
    press = Press(shop.office.engine, tmp_path / "press")
    press.now = now()
    made, done = press.waiting({"content.json": b"{}"}, "layanan")
    folder = ("--releases", str(press.releases.path), "--release-key", str(press.held.online))
    child = shop.opens(*folder)
    kiosks = [shop.kiosk(name) for name in names]
    rooms = [Room(mosquitto, one, now()) for one in kiosks]
    for one, place in zip(kiosks, rooms, strict=True):
        with place._lock:
            place._say([one.well()])  # or nobody could say whether the release does harm
    until(lambda: all(shop.serves(name) for name in names), 30)
    assert press.sign(done.signing_id) == 0
    until(lambda: press.state(made.id) == "published", 60)
    how = Plan(phases=(Phase("1"), Phase("100%")), held_percent=0, soak_min=0)
    phases = {"kiosk-1": 1, "kiosk-2": 2, "kiosk-3": 2}
    rollout = shop.registry.asks(phases, made.seq, now=now(), how=how)
    until(partial(shop.are, rollout, "installed"), 60)
    told = [one.wished[0].now for one in kiosks]
    assert told[0] < min(told[1:])
    for place in rooms:
        place.leave()
    child.stop()


@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_a_key_of_releases_that_is_none_or_open_to_others_is_refused(
    sqlite_url: str, tmp_path: Path, mode: int
) -> None:
    class Nowhere:
        host, port = "127.0.0.1", 1

    shop = Shop(sqlite_url, Nowhere(), tmp_path)
    key = tmp_path / "release.pem"
    key.write_text("nonsense")
    key.chmod(mode)
    options = ("--releases", str(tmp_path / "releases"), "--release-key", str(key))
    child = shop.opens(*options, ready=False)
    assert child._process.wait(60) == 2
    assert ("chmod 600" if mode == 0o644 else "key for releases") in child.log.read_text()
