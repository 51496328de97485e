"""An office on one machine has its keys and its first release at once, and never twice."""

import tomllib
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from controller.people.audit import By
from controller.releases import drafts, read
from controller.releases.folder import Releases
from controller.releases.make import Terms
from controller.services import tree
from controller.store.engine import writing
from controller.store.release_tables import desired, release
from portal import words
from provisioning import registrar_keys
from provisioning.policy import keys as policy_keys
from provisioning.release import ceremony, publish, signed
from provisioning.release.first import BUNDLE, NOTE, Keys, begin
from provisioning.release.signed import Office
from provisioning.release.starter import STARTER
from provisioning.terminal import now
from tests.support.fleet import seed_fleet
from wire import submission
from wire.service.tenant import KEYS

ROOT = Path(__file__).parents[3]


@pytest.fixture
def office(engine: Engine, tmp_path: Path) -> Office:
    return Office(engine, Releases(tmp_path / "releases"), By("up"), now)


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "keys", tmp_path / "release.key", tmp_path / "registrar")


def wanted(engine: Engine) -> dict[int, int]:
    with engine.connect() as conn:
        return {row.kiosk_id: row.seq for row in conn.execute(select(desired))}


def files_of(folder: Path) -> set[str]:
    return {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}


def states(engine: Engine) -> list[str]:
    with engine.connect() as conn:
        return [row.state for row in read.releases(conn, read.ReleaseQuery()).rows]


def test_keys_and_first_release_are_made_once_and_wanted_everywhere(
    office: Office, keys: Keys
) -> None:
    seed_fleet(office.engine, kiosks=3, sites=1, probes=False)
    said = begin(office, keys)
    assert [line.split(" ")[-1] for line in said] == [str(keys.at_hand), "decree", "born"]
    assert states(office.engine) == ["published"]
    assert set(wanted(office.engine).values()) == {1}
    assert len(wanted(office.engine)) == 3
    assert begin(office, keys) == []
    assert states(office.engine) == ["published"]


@pytest.mark.parametrize("cut", ["draft", "waiting", "signed"])
def test_what_was_cut_is_gone_on_with(office: Office, keys: Keys, cut: str) -> None:
    people = ceremony.make_at_hand(keys.at_hand)
    ceremony.init(office.releases.path, people, keys.online, now())
    if cut == "draft":
        with writing(office.engine) as conn:
            drafts.begin(conn, office.releases, BUNDLE, NOTE, office.by, now())
    else:
        done = publish.release_of(office, STARTER, BUNDLE, NOTE, Terms())
        if cut == "signed":
            signed.put(office, signed.show(office, done.signing_id), people.content)
    assert "is published" in begin(office, keys)[-1]
    assert states(office.engine)[0] == "published"


def test_what_is_published_has_the_keys_that_submissions_are_sealed_to(
    office: Office, keys: Keys
) -> None:
    begin(office, keys)
    shown = tree.present(office.releases)
    told = submission.read_keys(tree.body(office.releases, shown.files[KEYS]))
    assert told == registrar_keys.begin(keys.registrar, now())
    assert shown.files.keys() == {KEYS, *files_of(STARTER)}


def test_a_folder_from_before_there_were_such_keys_has_one_more_release(
    office: Office, keys: Keys
) -> None:
    people = ceremony.make_at_hand(keys.at_hand)
    ceremony.init(office.releases.path, people, keys.online, now())
    seed_fleet(office.engine, kiosks=2, sites=1, probes=False)
    done = publish.release_of(office, STARTER, BUNDLE, NOTE, Terms())
    signed.put(office, signed.show(office, done.signing_id), people.content)
    begin(office, keys)
    assert set(wanted(office.engine).values()) == {1}
    begin(office, keys)
    assert set(wanted(office.engine).values()) == {2}
    assert begin(office, keys) == []


def test_a_kiosk_that_comes_later_gets_what_the_others_have(office: Office, keys: Keys) -> None:
    seed_fleet(office.engine, kiosks=2, sites=1, probes=False)
    begin(office, keys)
    with writing(office.engine) as conn:
        conn.execute(update(desired).values(seq=7))
        conn.execute(desired.delete().where(desired.c.kiosk_id == 2))
    begin(office, keys)
    assert wanted(office.engine) == {1: 7, 2: 7}


def test_a_bundle_of_peoples_own_making_is_left_alone(office: Office, keys: Keys) -> None:
    begin(office, keys)
    with writing(office.engine) as conn:
        conn.execute(update(release).values(note="Jadwal baru", state="waiting"))
    assert begin(office, keys) == []
    assert states(office.engine) == ["waiting"]


def test_a_key_the_root_does_not_know_is_said_and_publishes_nothing(
    office: Office, keys: Keys
) -> None:
    people = ceremony.make_at_hand(keys.at_hand)
    ceremony.init(office.releases.path, people, keys.online, now())
    policy_keys.make(keys.online.with_name("other.key"))
    said = begin(office, keys._replace(online=keys.online.with_name("other.key")))
    assert "is signed and not published: the root does not know" in said[-1]
    assert "is published" in begin(office, keys)[0]


def test_the_starter_is_what_a_portal_shows_and_what_is_installed_carries_it() -> None:
    names = {one.name for one in STARTER.iterdir()}
    shown = words.parse((STARTER / "content.json").read_bytes(), names)
    assert len(shown.services) == 5
    data = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    assert "starter/**/*" in data["package-data"]["provisioning"]
