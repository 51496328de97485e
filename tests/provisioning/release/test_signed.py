"""What people read before they sign a release is read out of the very text they sign."""

import json

import pytest
from sqlalchemy import update
from tuf.api.metadata import Targets

from controller.jobs.refused import Refused
from controller.releases import metadata, signing
from controller.releases.signing import Signing
from controller.store.release_tables import signing as signing_
from provisioning.release import signed
from provisioning.release.signed import NotSigned, Office
from tests.support.press import WHO, Press, press

__all__ = ["press"]

ABOUT = {"v": 1, "bundle": "layanan", "seq": 3, "min_seq": 2, "unpacked": 9, "files": 1}
ABOUT |= {"chunks": 1, "index_size": 100, "built_at": 5, "note": "jadwal baru"}
TARGET = {"length": 5, "hashes": {"sha256": "ab" * 32}, "custom": ABOUT}
LIST = {
    "_type": "targets",
    "spec_version": "1.0.31",
    "version": 2,
    "expires": "2027-01-01T00:00:00Z",
    "targets": {"content/layanan-3.idx": TARGET},
}


def waiting(**change: object) -> Signing:
    text = metadata.text_of(Targets.from_dict(json.loads(json.dumps(LIST | change))))
    return Signing(7, "content", 2, text, 2, "publish", 1, "open", 5, "siti")


def before(**targets: object) -> Targets:
    return Targets.from_dict(json.loads(json.dumps(LIST | {"version": 1, "targets": targets})))


def test_what_is_new_is_said_with_its_hash_and_its_floor() -> None:
    said = signed.told(waiting(), before())
    assert said[1] == "+ layanan 3: 1 files, 9 bytes: jadwal baru"
    assert "ab" * 32 in said[2]
    assert "nothing older than 2" in said[3]


def test_what_is_gone_and_what_was_changed_under_its_name_is_said() -> None:
    other = TARGET | {"hashes": {"sha256": "cd" * 32}}
    old = before(**{"content/layanan-3.idx": other, "content/layanan-2.idx": TARGET})
    said = "\n".join(signed.told(waiting(), old))
    assert "+ layanan 3" in said, "the same name and another index is new"
    assert "! layanan 3 is on offer already, AS SOMETHING ELSE" in said
    assert "- layanan-2.idx is no longer offered" in said


def test_a_renewal_says_that_nothing_changes() -> None:
    old = before(**{"content/layanan-3.idx": TARGET})
    first, second = signed.told(waiting(), old)[1:]
    assert first == "nothing changes but the end of its life"
    assert second == f"= layanan 3 stays on offer: {'ab' * 8}", "all that is signed is named"


def test_an_entry_that_is_not_what_it_is_called_is_never_signed() -> None:
    for path in ("content/layanan-4.idx", "software/layanan-3.idx", "content/video-3.idx"):
        with pytest.raises(NotSigned, match="sign nothing"):
            signed.told(waiting(targets={path: TARGET}), before())
    program = TARGET | {"custom": ABOUT | {"bundle": "agent"}}
    with pytest.raises(NotSigned, match="sign nothing"):
        signed.told(waiting(targets={"software/agent-3.idx": program}), before())
    with pytest.raises(NotSigned, match="sign nothing"):
        signed.told(waiting(hint="more"), before())


def test_a_text_that_skips_a_number_is_never_signed() -> None:
    with pytest.raises(NotSigned, match="version 3, the next is 2: sign nothing"):
        signed.told(waiting(version=3), before())


def test_what_was_shown_is_signed_though_the_office_has_another_text_by_then(
    press: Press,
) -> None:
    _, done = press.waiting({"a.txt": b"a"})
    office = Office(press.engine, press.releases, WHO, lambda: press.now)
    shown = signed.show(office, done.signing_id)
    other = metadata.following(press.releases, "content", press.now + 60_000)
    with press.writing() as conn:
        conn.execute(update(signing_).values(text=metadata.text_of(other)))
    with pytest.raises(Refused, match="no signature of that text"):
        signed.put(office, shown, press.held.at_hand.content)


def test_what_somebody_put_beside_the_signed_lists_hides_nothing_from_signers(
    press: Press,
) -> None:
    _, done = press.waiting({"a.txt": b"a"})
    office = Office(press.engine, press.releases, WHO, lambda: press.now)
    one = press.read(lambda conn: signing.find(conn, done.signing_id))
    metadata.put(press.releases, f"{one.version}.content", metadata.signed_with(one.text, {}))
    with pytest.raises(NotSigned, match="sign nothing"):
        signed.show(office, done.signing_id)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        json.dumps(LIST),
        json.dumps(LIST | {"targets": {"x": {"length": 1, "hashes": {"sha256": "a"}}}}),
        json.dumps(LIST | {"delegations": {"keys": {}, "roles": []}}),
    ],
)
def test_a_text_that_is_no_list_or_more_than_one_is_never_signed(text: str) -> None:
    with pytest.raises(NotSigned, match="sign nothing"):
        signed.told(waiting()._replace(text=text), None)
