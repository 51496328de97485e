"""Records at the door: stored as they came, judged by a real registrar, answered once for ever."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import select

from controller.store.citizen_tables import record, record_key, submission
from provisioning import ack_keys
from tests.support.citizens import forms_of
from tests.support.door import BuildDoor, Caller, Door
from tests.support.registrar import NAME, PLANTED, Portal, Registry
from wire import door as paths
from wire.citizen import RecordKey
from wire.submission import Acks, read_ack


class Office:
    """A door on the registry's database, and its socket, where one may listen."""

    def __init__(self, registry: Registry, door: Door) -> None:
        self.registry, self.door = registry, door
        self.caller = door.enrolled(NAME)

    def portal(self, caller: Caller | None = None) -> Portal:
        caller = caller or self.caller
        made = Portal(caller.name, self.registry.keys)
        body = msgspec.json.encode(RecordKey(public=made.public, made_at=1))
        answer = caller.signed("POST", paths.RECORD_KEY_PATH, body)
        assert answer.status_code == 204, answer.text
        return made

    def hand_in(self, body: bytes, caller: Caller | None = None, **lies: Any) -> httpx.Response:
        return (caller or self.caller).signed("POST", paths.RECORDS_PATH, body, **lies)

    def ask(self, *names: str) -> Acks:
        path = f"{paths.RECORDS_PATH}?of={','.join(names)}"
        return read(self.caller.signed("GET", path))


def read(answer: httpx.Response) -> Acks:
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=Acks)


@pytest.fixture
def office(any_registry: Registry, build_door: BuildDoor) -> Office:
    made = build_door(any_registry.url, registrar=any_registry.socket)
    made.warden.start()
    return Office(any_registry, made)


def test_a_record_is_stored_judged_and_acknowledged_in_one_answer(office: Office) -> None:
    body = office.portal().record()
    with office.registry.listening():
        (ack,) = read(office.hand_in(body)).acks
    said = office.registry.read(ack)
    assert (said.kiosk, said.outcome) == (NAME, "accepted")
    assert said.sha256 == hashlib.sha256(body).hexdigest()
    (row,) = office.registry.rows(record)
    assert row.body == body
    assert PLANTED.encode() not in row.body


def test_row_62_an_ack_that_was_lost_is_given_again_and_nothing_is_stored_twice(
    office: Office,
) -> None:
    body = office.portal().record()
    with office.registry.listening():
        first = read(office.hand_in(body))
        assert read(office.hand_in(body)) == first
        assert office.ask(f"{1:032x}") == first
        assert office.ask("f" * 32) == Acks()
    assert len(office.registry.rows(record)) == len(office.registry.rows(submission)) == 1


def test_row_62_who_does_not_believe_an_answer_any_more_gets_one_by_the_key_of_today(
    office: Office,
) -> None:
    body, registry = office.portal().record(), office.registry
    with registry.listening():
        (old,) = read(office.hand_in(body)).acks
    registry.keys = ack_keys.revoke(registry.folder / "keys")
    registry.load()
    assert read(office.hand_in(body)).acks == (old,), "nobody is there who could sign"
    with registry.listening():
        (new,) = read(office.hand_in(body)).acks
        assert office.ask(f"{1:032x}").acks == (new,)
    assert registry.read(new) == read_ack(old.text)
    assert len(registry.rows(submission)) == 1


def test_without_a_registrar_a_record_waits_and_is_answered_later(office: Office) -> None:
    body = office.portal().record()
    stored = Acks(stored=(hashlib.sha256(body).hexdigest(),))
    assert read(office.hand_in(body)) == stored
    assert office.ask(f"{1:032x}") == stored
    office.registry.clerk.step()
    (ack,) = office.ask(f"{1:032x}", "f" * 32).acks
    assert office.registry.read(ack).outcome == "accepted"


def test_row_61_bad_records_are_refused_by_signed_words_and_others_go_on(office: Office) -> None:
    portal, stranger = office.portal(), office.portal(office.door.enrolled("bdg-sukasari-2"))
    good = portal.record()
    bad = {
        b"not a record": "malformed",
        good[:-1]: "edited",
        stranger.record(): "kiosk",
        portal.record(signer=stranger.key): "unsigned",
        portal.record(seal="f" * 16): "seal",
    }
    with office.registry.listening():
        for body, why in bad.items():
            (ack,) = read(office.hand_in(body)).acks
            said = office.registry.read(ack)
            assert (said.outcome, said.why) == ("refused", why)
        (ack,) = read(office.hand_in(good)).acks
        assert office.registry.read(ack).outcome == "accepted"


def test_one_kiosk_learns_nothing_of_anothers_records(office: Office) -> None:
    read(office.hand_in(office.portal().record()))
    other = office.door.enrolled("bdg-sukasari-2")
    path = f"{paths.RECORDS_PATH}?of={1:032x}"
    assert read(other.signed("GET", path)) == Acks()


def test_what_is_not_signed_large_or_asked_wrongly_is_refused(office: Office) -> None:
    body = office.portal().record()
    assert office.hand_in(body, sent_body=body[:-1] + b"x").json()["code"] == "digest"
    assert office.hand_in(b"").json()["code"] == "malformed"
    large = bytes(3 * 1024 * 1024 + 1)
    assert office.hand_in(large).json()["code"] == "too_large"
    for query in ("", "?of=", "?of=1", f"?of={'F' * 32}", f"?of={','.join(['0' * 32] * 101)}"):
        answer = office.caller.signed("GET", f"{paths.RECORDS_PATH}{query}")
        assert answer.json()["code"] == "malformed"
    assert office.registry.rows(record) == []


def keys(office: Office) -> dict[str, bool]:
    query = select(record_key.c.public, record_key.c.ended_at)
    with office.registry.engine.connect() as conn:
        return {row.public: row.ended_at is None for row in conn.execute(query)}


def test_the_newest_key_of_a_portal_is_the_one_in_force(office: Office) -> None:
    first, second = office.portal(), office.portal()
    assert keys(office) == {first.public: False, second.public: True}
    for portal in (second, first):  # told again, and gone back to after a disk was restored
        body = msgspec.json.encode(RecordKey(public=portal.public, made_at=1))
        assert office.caller.signed("POST", paths.RECORD_KEY_PATH, body).status_code == 204
    assert keys(office) == {first.public: True, second.public: False}


def test_a_key_of_another_kiosk_or_none_at_all_is_refused(office: Office) -> None:
    mine, other = office.portal(), office.door.enrolled("bdg-sukasari-2")
    body = msgspec.json.encode(RecordKey(public=mine.public, made_at=1))
    assert other.signed("POST", paths.RECORD_KEY_PATH, body).json()["code"] == "record_key"
    for text in (b"{}", b"", b'{"public":"AAAA","made_at":1}', b'{"public":"=","made_at":1}'):
        answer = office.caller.signed("POST", paths.RECORD_KEY_PATH, text)
        assert answer.json()["code"] == "malformed"


def test_row_59_the_office_keeps_nothing_that_can_be_read(
    registry: Registry, build_door: BuildDoor, tmp_path: Path
) -> None:
    made = build_door(registry.url, registrar=registry.socket)
    made.warden.start()
    office = Office(registry, made)
    with registry.listening() as client:
        read(office.hand_in(office.portal().record()))
        who = registry.person("petugas", ("officer", "32.73"))
        assert client.open(1, who, "open").fields["nik"] == PLANTED
    live, copy = sqlite3.connect(tmp_path / "office.db"), sqlite3.connect(tmp_path / "backup.db")
    with closing(live), closing(copy):
        live.backup(copy)
    for path in (one for one in tmp_path.rglob("*") if one.is_file()):
        stored = path.read_bytes()
        for secret in (PLANTED, "Warga Contoh", "081200004321"):
            assert not [form for form in forms_of(secret) if form in stored], path
