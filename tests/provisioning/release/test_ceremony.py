"""The first lists, the next ones, and that nothing is stored which a kiosk would refuse."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tuf.api.metadata import Metadata, Root

from provisioning.policy import keys
from provisioning.release import ceremony, event
from provisioning.release.drafts import Changes, DraftRefused
from provisioning.release.event import EventRefused
from tests.support.release_keys import NOW, Held, id_of

RENEW = Changes(renew=True)


def names(held: Held) -> list[str]:
    return sorted(one.name for one in (held.releases / "metadata").iterdir())


def test_the_first_ceremony_makes_everything_and_the_second_changes_nothing(held: Held) -> None:
    assert names(held) == ["1.content.json", "1.root.json", "1.software.json", "1.targets.json"]
    assert not ceremony.init(held.releases, held.at_hand, held.online, NOW + 1)
    root = Metadata[Root].from_bytes(ceremony.first_root(held.releases).encode())
    root.verify_delegate("root", root)
    assert all(one.stat().st_mode & 0o777 == 0o644 for one in held.releases.glob("metadata/*"))
    assert held.online.stat().st_mode & 0o777 == 0o600
    assert held.keys.stat().st_mode & 0o777 == 0o700


def test_a_ceremony_that_was_cut_is_held_again_with_the_keys_it_made(held: Held) -> None:
    for name in ("1.root.json", "1.targets.json"):
        (held.releases / "metadata" / name).unlink()
    assert ceremony.first_root(held.releases) == ""
    again = ceremony.make_at_hand(held.keys)
    assert [id_of(one) for one in again.every] == [id_of(one) for one in held.at_hand.every]
    assert ceremony.init(held.releases, again, held.online, NOW + 1)
    assert ceremony.present(held.releases) is not None


def test_before_the_first_ceremony_there_is_nothing_to_change(tmp_path: Path) -> None:
    assert ceremony.present(tmp_path) is None
    with pytest.raises(DraftRefused, match="keys init"):
        ceremony.propose(tmp_path, RENEW, NOW)


def test_row_11_a_root_that_too_few_have_signed_is_not_stored(held: Held) -> None:
    made = ceremony.propose(held.releases, RENEW, NOW)
    before = names(held)
    for few in ([], held.at_hand.roots[:1], [held.at_hand.roots[0]] * 2, held.at_hand.content):
        with pytest.raises(EventRefused, match="not enough have signed"):
            ceremony.store(held.releases, ceremony.signed(made, few))
    assert names(held) == before


def test_row_11_a_root_cannot_be_skipped_nor_stored_twice(held: Held) -> None:
    first = ceremony.signed(ceremony.propose(held.releases, RENEW, NOW), held.at_hand.every)
    assert ceremony.store(held.releases, first) == ["2.root.json", "2.targets.json"]
    with pytest.raises(EventRefused, match="version 2, the next one is 3"):
        ceremony.store(held.releases, first)


def test_an_event_that_says_another_past_than_the_folder_is_judged_by_the_folder(
    held: Held, tmp_path: Path
) -> None:
    """A thief drafts against roots of his own: enough by his file, nothing by ours."""
    thief = ceremony.make_at_hand(tmp_path / "thief")
    ceremony.init(tmp_path / "his", thief, tmp_path / "his.key", NOW)
    forged = ceremony.signed(ceremony.propose(tmp_path / "his", RENEW, NOW), thief.every)
    assert event.missing(forged) == []
    with pytest.raises(EventRefused, match="not enough have signed"):
        ceremony.store(held.releases, forged)


def test_row_9_one_content_key_and_the_office_cannot_change_whose_keys_count(held: Held) -> None:
    new = keys.public(Ed25519PrivateKey.generate())
    made = ceremony.propose(held.releases, Changes(add=(("content", new, ""),)), NOW)
    with pytest.raises(EventRefused, match="no business"):
        event.add(made, held.at_hand.content[0])
    with pytest.raises(EventRefused, match="no business"):
        event.add(made, keys.read(held.online))


def test_a_lost_content_key_is_replaced_and_what_was_signed_is_signed_again(held: Held) -> None:
    new = keys.make(held.keys / "new.pem")
    lost, left = held.at_hand.content
    changes = Changes(
        add=(("content", keys.public(new), "pengganti"),), remove=(("content", id_of(lost)),)
    )
    made = ceremony.propose(held.releases, changes, NOW)
    lacking = ceremony.signed(made, [*held.at_hand.roots, lost, left])
    with pytest.raises(EventRefused, match=r"content: 1 more of .*pengganti"):
        ceremony.store(held.releases, lacking)
    assert ceremony.store(held.releases, event.add(lacking, new)) == [
        "2.targets.json",
        "2.content.json",
    ]


def test_a_broken_folder_is_said_not_mended(held: Held) -> None:
    (held.releases / "metadata" / "1.targets.json").write_text("{")
    with pytest.raises(EventRefused, match=r"1.targets.json is missing or broken.*administrator"):
        ceremony.present(held.releases)
