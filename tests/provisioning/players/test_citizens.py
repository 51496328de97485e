"""Citizens of a played kiosk: nobody without a release, then now and then, all the way sealed."""

from pathlib import Path
from random import Random

import msgspec

from provisioning.players.citizens import AGAIN_S, Citizens
from tests.support.citizens import NOW, OfficeKeys, Wall, records
from tests.support.shown import put
from wire.service.tenant import KEYS
from wire.submission import canonical

STARTER = Path(__file__).parents[3] / "provisioning" / "starter"
SITE = "32.73.02"


class Bench:
    def __init__(self, folder: Path) -> None:
        self.folder, self.now, self.office = folder, 0.0, OfficeKeys()
        self.citizens = Citizens(
            "bandung-coblong-01",
            SITE,
            folder / "tray",
            folder / "layanan",
            Random(4),
            wall_ms=Wall(NOW),
            seconds=lambda: self.now,
            apart_s=100.0,
        )

    def publish(self) -> None:
        tree = {
            str(path.relative_to(STARTER)): path.read_bytes()
            for path in STARTER.rglob("*")
            if path.is_file() and "films" not in str(path)
        }
        put(self.folder / "layanan", 1, tree | {KEYS: canonical(self.office.public)})

    def hours(self, seconds: float) -> list[str]:
        found, until = [], self.now + seconds
        while self.now < until:
            found.append(self.citizens.step())
            self.now += 5.0
        return [number for number in found if number]


def test_nobody_comes_before_a_release_has_come(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    (tmp_path / "layanan").mkdir()
    assert bench.hours(2_000) == []
    assert not (tmp_path / "tray").exists()
    bench.publish()
    assert bench.hours(AGAIN_S + 1_000)


def test_what_they_hand_in_can_be_opened_and_is_of_both_kinds(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    (tmp_path / "layanan").mkdir()
    bench.publish()
    numbers = bench.hours(2_000)
    found = records(tmp_path / "tray")
    assert sorted(one.head.number for one in found) == sorted(numbers)
    assert 8 <= len(found) <= 40
    assert {one.head.kind for one in found} == {"apply", "complain"}
    assert all(one.head.place.startswith(SITE) for one in found)
    for one in found:
        content = bench.office.open(one)
        assert content.contact.name == "Warga Contoh"
        assert msgspec.json.encode(content.fields)
