"""Keys for agreeing: public halves of real keys, one person's each, in force by a ceremony."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from controller.jobs import keys
from controller.jobs.refused import Lacks, Refused
from controller.store.engine import writing
from tests.support.jobs import JobDesk
from tests.support.signing import public_of
from wire.envelope import text_of
from wire.policy import Key


def fresh() -> str:
    return text_of(public_of(Ed25519PrivateKey.generate()))


def add(desk: JobDesk, who: str, public: str, label: str = "komputer") -> str:
    with writing(desk.engine) as conn:
        return keys.add(conn, desk.people[who], public, label, desk.now)


def mine(desk: JobDesk, who: str) -> list[keys.KeyRow]:
    with desk.reading() as conn:
        return keys.mine(conn, desk.people[who].person.account)


def test_a_new_key_waits_for_the_ceremony(desk: JobDesk) -> None:
    public = fresh()
    desk.now += 1
    number = add(desk, "budi", public)
    old, new = mine(desk, "budi")
    assert (old.in_force, new.in_force, new.key_id, new.label) == (1, 0, number, "komputer")
    more = Key(public=public, who="budi", use="person")
    policy = desk.ceremony.policy(2, keys=(*desk.ceremony.policy().keys, more))
    desk.put_in_force(desk.ceremony.signed_policy(policy))
    assert [one.in_force for one in mine(desk, "budi")] == [2, 2]


def test_a_key_said_again_is_one_key(desk: JobDesk) -> None:
    public = fresh()
    assert add(desk, "budi", public) == add(desk, "budi", public)
    assert len(mine(desk, "budi")) == 2
    assert len(desk.log("key.add")) == 4  # three of the desk's people, and this


def test_row_50_a_key_belongs_to_one_person(desk: JobDesk) -> None:
    with pytest.raises(Refused, match="make a new one"):
        add(desk, "budi", desk.public("rini"))
    public = fresh()
    policy = desk.ceremony.policy()
    stolen = Key(public=public, who="rini", use="person")
    policy = desk.ceremony.policy(2, keys=(*policy.keys, stolen))
    desk.put_in_force(desk.ceremony.signed_policy(policy))
    add(desk, "budi", public)
    assert {one.in_force for one in mine(desk, "budi") if one.public == public} == {0}


@pytest.mark.parametrize(
    "public",
    [
        "",
        "A" * 43,
        "A" * 43 + "=",  # the point of order 4
        "AQ" + "A" * 41 + "=",  # the neutral one
        "not base64 at all, but forty-four letters !!",
        "A" * 42 + "B=",  # spelt otherwise than 32 bytes are
        "=" * 44,
    ],
)
def test_row_45_what_is_no_key_is_refused(desk: JobDesk, public: str) -> None:
    with pytest.raises(Refused) as refused:
        add(desk, "budi", public)
    assert refused.value.code == "key"


@pytest.mark.parametrize("label", ["", "x" * 81, "\x1b[31m"])
def test_a_label_is_text(desk: JobDesk, label: str) -> None:
    with pytest.raises(Refused):
        add(desk, "budi", fresh(), label)


def test_a_person_has_so_many_keys_and_no_more(desk: JobDesk) -> None:
    for _ in range(keys.MOST_KEYS - 1):
        add(desk, "budi", fresh())
    with pytest.raises(Refused, match="enough"):
        add(desk, "budi", fresh())


def test_only_their_own_key_is_ended_and_once(desk: JobDesk) -> None:
    (one,) = mine(desk, "budi")
    with writing(desk.engine) as conn:
        with pytest.raises(Refused):
            keys.end(conn, desk.people["rini"], one.key_id, desk.now)
        keys.end(conn, desk.people["budi"], one.key_id, desk.now)
        with pytest.raises(Refused):
            keys.end(conn, desk.people["budi"], one.key_id, desk.now)
        assert [row.ended_at for row in keys.every(conn)] == [desk.now, None, None]
    with pytest.raises(Refused, match="make a new one"):
        add(desk, "budi", one.public)


def test_who_may_not_agree_needs_no_key(desk: JobDesk) -> None:
    desk.people["tono"] = desk.person("tono", ("technician", ""))
    with pytest.raises(Lacks):
        add(desk, "tono", fresh())
