"""What the first lists of keys say, and which get a next version."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from provisioning.policy import keys
from provisioning.release import ceremony, drafts
from provisioning.release.drafts import Changes, DraftRefused, First, Holders
from tests.support.release_keys import NOW, Held, id_of

DAY = 86_400_000


def following(held: Held, changes: Changes, now: int = NOW) -> dict[str, str]:
    present = ceremony.present(held.releases)
    assert present is not None
    return drafts.following(present, changes, now)


def publics(count: int) -> dict[str, str]:
    made = (Ed25519PrivateKey.generate() for _ in range(count))
    return {keys.public(one): f"person {number}" for number, one in enumerate(made)}


def first(roots: int = 3, least: int = 2, online: str = "") -> dict[str, str]:
    root = publics(roots)
    office = online or next(iter(publics(1)))
    content, software = Holders(publics(2)), Holders(publics(2))
    return drafts.first(First(Holders(root, least), content, software, office), NOW)


def test_people_hold_everything_but_what_is_new_and_how_fresh_it_is() -> None:
    made = {role: json.loads(text) for role, text in first().items()}
    root, targets = made["root"], made["targets"]
    assert list(made) == ["root", "targets", "content", "software"]
    assert root["consistent_snapshot"]
    assert {
        name: (len(one["keyids"]), one["threshold"]) for name, one in root["roles"].items()
    } == {
        "root": (3, 2),
        "targets": (3, 2),
        "snapshot": (1, 1),
        "timestamp": (1, 1),
    }
    assert targets["targets"] == {}
    for one in targets["delegations"]["roles"]:
        assert (len(one["keyids"]), one["threshold"], one["terminating"]) == (2, 2, True)
        assert one["paths"] == [f"{one['name']}/*"]
    assert {*root["roles"]["root"]["keyids"]}.isdisjoint(root["roles"]["snapshot"]["keyids"])
    assert {one["x-anjungan-owner"] for one in root["keys"].values()} >= {"person 0", "office"}


@pytest.mark.parametrize(("roots", "least"), [(1, 1), (2, 1), (2, 3), (0, 0)])
def test_no_one_key_is_ever_enough(roots: int, least: int) -> None:
    with pytest.raises(DraftRefused, match="at least 2 must sign"):
        first(roots, least)


def test_the_online_key_is_nobody_elses(held: Held) -> None:
    with pytest.raises(DraftRefused, match="a key of its own"):
        following(held, Changes(online=keys.public(held.at_hand.roots[0])))


def test_only_what_changes_gets_a_next_version(held: Held) -> None:
    new = next(iter(publics(1)))
    assert list(following(held, Changes(add=(("content", new, "pagi"),)))) == ["targets"]
    assert list(following(held, Changes(online=new))) == ["root"]
    assert list(following(held, Changes(renew=True))) == ["root", "targets"]
    added = following(held, Changes(add=(("root", new, ""),)))
    assert list(added) == ["root"], "the present list of people is still validly signed"
    with pytest.raises(DraftRefused, match="nothing would change"):
        following(held, Changes())


def test_what_would_no_longer_be_validly_signed_is_signed_again(held: Held) -> None:
    new, other = publics(2)
    lost = id_of(held.at_hand.content[0])[:12]
    changes = Changes(add=(("content", new, "pagi"),), remove=(("content", lost),))
    assert list(following(held, changes)) == ["targets", "content"]
    lost = id_of(held.at_hand.roots[0])[:12]
    changes = Changes(add=(("root", other, "kepala"),), remove=(("root", lost),))
    made = following(held, changes)
    assert list(made) == ["root", "targets"]
    roles = json.loads(made["root"])["roles"]
    assert roles["root"] == roles["targets"]
    raised = Changes(add=(("software", new, ""),), threshold=(("software", 3),))
    assert list(following(held, raised)) == ["targets", "software"]


def test_a_rotated_online_key_ends_the_old_one_for_both_its_roles(held: Held) -> None:
    new = next(iter(publics(1)))
    root = json.loads(following(held, Changes(online=new))["root"])
    assert root["roles"]["snapshot"] == root["roles"]["timestamp"]
    assert root["roles"]["timestamp"]["keyids"] == [drafts.tuf_key(new).keyid]
    assert id_of(keys.read(held.online)) not in root["keys"]


def test_a_renewed_list_lives_a_year_from_now(held: Held) -> None:
    before = json.loads(first()["root"])["expires"]
    after = json.loads(following(held, Changes(renew=True), NOW + 300 * DAY)["root"])["expires"]
    assert before == "2027-09-21T14:13:20Z"
    assert after == "2028-07-17T14:13:20Z"


@pytest.mark.parametrize(
    "changes",
    [
        Changes(remove=(("content", ""),)),
        Changes(remove=(("content", "zz"),)),
        Changes(remove=(("snapshot", "a"),)),
        Changes(threshold=(("content", 3),)),
        Changes(threshold=(("timestamp", 3),)),
        Changes(threshold=(("content", 1),)),
    ],
)
def test_what_nobody_could_sign_or_one_alone_could_is_refused(held: Held, changes: Changes) -> None:
    with pytest.raises(DraftRefused):
        following(held, changes)


def test_what_is_no_public_key_is_refused() -> None:
    with pytest.raises(ValueError, match="no public key"):
        drafts.tuf_key("x")
