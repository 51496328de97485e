"""Versions are compared only among those whom the same keys have signed."""

from agent.content.floor import Mark
from agent.content.marks import online
from tests.support.fetching import BUNDLE, Fetcher
from tests.support.signed_folder import SignedFolder


def test_every_role_that_was_checked_is_remembered(
    releases: SignedFolder, fetcher: Fetcher
) -> None:
    releases.publish(BUNDLE, 1, {"a.html": b"a"})
    fetcher.trust().release(BUNDLE, 1)
    below = fetcher.floor.below
    for role in ("timestamp", "snapshot", "content"):
        assert below(_as_seen(fetcher, role, 0)), role
        assert not below({role: Mark(0, "other keys")}), role
    assert below({"root": Mark(0)})


def test_the_digest_of_the_online_keys_changes_with_either_of_them(
    releases: SignedFolder,
) -> None:
    seen = {online(releases.roles["root"])}
    for role in ("timestamp", "snapshot"):
        releases.rotate(role)
        seen.add(online(releases.roles["root"]))
    releases.rotate("targets")
    seen.add(online(releases.roles["root"]))
    assert len(seen) == 3


def test_how_many_must_sign_is_part_of_who_may(releases: SignedFolder) -> None:
    root = releases.roles["root"]
    before = online(root)
    root.roles["snapshot"].threshold += 1
    assert online(root) != before


def _as_seen(fetcher: Fetcher, role: str, version: int) -> dict[str, Mark]:
    return {role: Mark(version, fetcher.floor._kept.versions[role].keys)}
