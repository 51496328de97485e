"""Who signs lists of keys has read all of them: in words, dangerous things aloud."""

import json
from pathlib import Path

import pytest
from tuf.api.metadata import Root, Targets

from provisioning.policy import keys
from provisioning.release import ceremony, spoken
from provisioning.release.drafts import Changes, DraftRefused
from tests.support.release_keys import NOW, Held, hold, id_of


def test_every_key_and_every_end_is_said(held: Held) -> None:
    made = ceremony.propose(held.releases, Changes(renew=True), NOW)
    said = "\n".join(spoken.whole(made))
    for key in (*held.at_hand.every, keys.read(held.online)):
        assert id_of(key)[:12] in said
    assert "the office alone says with 1 of 1 keys" in said
    assert "content/* is signed by 2 of 2 keys" in said
    assert said.count("ends 2027-09-21") == 2


def test_what_changes_is_said_and_nothing_else(tmp_path: Path) -> None:
    held = hold(tmp_path)
    gone = id_of(held.at_hand.content[0])
    new = keys.public(keys.make(held.keys / "new.pem"))
    changes = Changes(add=(("content", new, "pagi"),), remove=(("content", gone),))
    said = spoken.difference(ceremony.propose(held.releases, changes, NOW))
    assert [line[:9] for line in said[1:]] == ["- targets", "+ targets"]
    assert gone[:12] in said[1]
    assert "(pagi)" in said[2]
    renewed = ceremony.propose(held.releases, Changes(renew=True), NOW)
    assert spoken.difference(renewed)[1:] == ["nothing changes but the numbers"]


def test_a_first_list_says_what_it_means(held: Held) -> None:
    one = ceremony.propose(held.releases, Changes(renew=True), NOW)
    first = type(one)(parts=one.parts)
    assert "trust this root for ever" in spoken.difference(first)[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"consistent_snapshot": False}, "refuse this"),
        ({"expires": "2031-01-01T00:00:00Z"}, "ends 2031-01-01"),
    ],
)
def test_what_a_hostile_root_would_change_is_said(
    held: Held, change: dict[str, object], said: str
) -> None:
    read = json.loads(ceremony.first_root(held.releases))["signed"] | change
    assert any(said in line for line in spoken.told("root", Root.from_dict(read)))


def test_a_list_that_signs_for_itself_or_hands_on_is_said(held: Held) -> None:
    present = ceremony.present(held.releases)
    assert present is not None
    read = present.targets.signed.to_dict()
    read["targets"] = {"content/x-1.idx": {"length": 1, "hashes": {"sha256": "a"}}}
    read["delegations"]["roles"][0]["terminating"] = False
    said = "\n".join(spoken.told("targets", Targets.from_dict(read)))
    assert "ALSO SIGNS FOR content/x-1.idx ITSELF" in said
    assert "NOT TERMINATING" in said


def test_nothing_that_moves_a_terminal_is_signed_or_said(held: Held) -> None:
    new = keys.public(keys.make(held.keys / "new.pem"))
    with pytest.raises(DraftRefused, match="can be printed"):
        ceremony.propose(held.releases, Changes(add=(("root", new, "\x1b[2J"),)), NOW)
    read = json.loads(ceremony.first_root(held.releases))["signed"]
    for key in read["keys"].values():
        key["x-anjungan-owner"] = "\x1b[2J"
    assert "\x1b" not in "".join(spoken.told("root", Root.from_dict(read)))


def test_another_release_under_the_same_name_is_heard() -> None:
    about = {"hashes": {"sha256": "ab" * 32}, "length": 5, "custom": {"min_seq": 0}}
    entries = [about, about | {"hashes": {"sha256": "cd" * 32}}, about | {"custom": {"min_seq": 9}}]
    said = [
        spoken.told("content", Targets.from_dict({**LIST, "targets": {"content/layanan-3.idx": e}}))
        for e in json.loads(json.dumps(entries))
    ]
    assert len({lines[1] for lines in said}) == 3
    assert all("offers content/layanan-3: index " in lines[1] for lines in said)


LIST = {"_type": "targets", "spec_version": "1.0.31", "version": 1}
LIST |= {"expires": "2027-01-01T00:00:00Z"}
