"""What people read before they sign a release is read out of the very text they sign."""

import io
import json

import pytest
from tuf.api.metadata import Targets

from controller.releases import metadata
from controller.releases.signing import Signing
from provisioning.release import signed
from provisioning.release.signed import NotSigned

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
    assert "- layanan-2.idx is no longer offered" in said


def test_a_renewal_says_that_nothing_changes() -> None:
    old = before(**{"content/layanan-3.idx": TARGET})
    assert signed.told(waiting(), old)[1:] == ["nothing changes but the end of its life"]


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


@pytest.mark.parametrize(("answer", "yes"), [("yes\n", True), ("YA\n", True), ("", False)])
def test_only_a_yes_is_a_yes(answer: str, yes: bool) -> None:  # noqa: FBT001 - a table
    assert signed.confirmed(io.StringIO(answer), lambda _: None) is yes
