"""Whoever holds the line, the server or too few keys: nothing of theirs is believed."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.content.trouble import Stale, Trouble, Untrusted
from tests.support.fetching import BUNDLE, Fetcher
from tests.support.file_server import FileServer
from tests.support.signed_folder import NOW, SignedFolder
from tests.support.thorough import some

TREE = {"content.json": b"{}", "page.html": b"<p>Layanan</p>"}
EACH = 97  # of the bytes of a signed object are flipped in the suite, all with SWEEP=all
SIGNED = ("2.root", "timestamp", "snapshot", "targets", "content", "software")


def kept(fetcher: Fetcher) -> set[bytes]:
    folder = fetcher.state / "tuf"
    return {path.read_bytes() for path in folder.rglob("*.json")} if folder.exists() else set()


def genuine(releases: SignedFolder) -> set[bytes]:
    return {path.read_bytes() for path in (releases.path / "metadata").iterdir()}


def flips(data: bytes) -> Iterator[tuple[int, bytes]]:
    for at_byte in some(range(len(data)), EACH):
        yield at_byte, data[:at_byte] + bytes([data[at_byte] ^ 1]) + data[at_byte + 1 :]


@pytest.mark.parametrize("role", SIGNED)
def test_row_1_one_byte_flipped_in_any_metadata_is_refused_and_nothing_of_it_kept(
    releases: SignedFolder, fetcher: Fetcher, role: str
) -> None:
    releases.rotate("timestamp")
    bundle = "portal" if role == "software" else BUNDLE
    releases.publish(bundle, 1, TREE)
    true = genuine(releases)
    version = "" if role[0] in "2t" and role != "targets" else f"{releases.roles[role].version}."
    file = releases.path / "metadata" / f"{version}{role}.json"
    data = file.read_bytes()
    for where, flipped in flips(data):
        file.write_bytes(flipped)
        with pytest.raises(Trouble):
            fetcher.trust().release(bundle, 1)
        assert kept(fetcher) <= true, where
    file.write_bytes(data)
    fetcher.trust().release(bundle, 1)


def test_row_3_an_old_repository_is_refused_as_a_rollback(
    tmp_path: Path, releases: SignedFolder, fetcher: Fetcher, server: FileServer
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    server.root = releases.copy(tmp_path / "old")
    releases.publish(BUNDLE, 2, TREE)
    server.root = releases.path
    fetcher.trust().release(BUNDLE, 2)
    before = fetcher.floor
    server.root = tmp_path / "old"
    with pytest.raises(Untrusted):
        fetcher.trust().release(BUNDLE, 1)
    assert fetcher.floor._kept == before._kept


def emptied(folder: Path) -> None:
    for path in folder.rglob("*.json"):
        if not path.is_symlink():
            path.write_bytes(b"")


@pytest.mark.parametrize("loss", [shutil.rmtree, emptied])
def test_row_4_an_old_repository_is_refused_when_all_metadata_here_was_lost(
    tmp_path: Path,
    releases: SignedFolder,
    fetcher: Fetcher,
    server: FileServer,
    loss: Callable[[Path], None],
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    old = releases.copy(tmp_path / "old")
    releases.publish(BUNDLE, 2, TREE)
    fetcher.trust().release(BUNDLE, 2)
    loss(fetcher.state / "tuf")
    server.root = old
    with pytest.raises(Untrusted, match="was seen before"):
        fetcher.trust().release(BUNDLE, 1)
    (fetcher.state / "floor.json").write_bytes(b"")  # its spare knows
    with pytest.raises(Untrusted, match="was seen before"):
        fetcher.trust().release(BUNDLE, 1)
    server.root = releases.path
    fetcher.trust().release(BUNDLE, 2)


@pytest.mark.parametrize("said", [NOW + 50 * 365 * 86_400_000, 2**53 - 1])
def test_row_8_a_version_of_2_31_by_a_stolen_online_key_ends_with_the_rotation_of_the_root(
    releases: SignedFolder, fetcher: Fetcher, said: int
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    honest = releases.roles["timestamp"].version
    releases.roles["timestamp"].version = 2**31
    releases.said = said  # and the time they would have us believe
    releases.stamp()
    fetcher.trust().look()
    releases.said = None
    releases.roles["timestamp"].version = honest
    releases.publish(BUNDLE, 2, TREE)
    with pytest.raises(Trouble):
        fetcher.trust().release(BUNDLE, 2)
    releases.rotate("timestamp", "snapshot")
    releases.news()
    assert fetcher.trust().release(BUNDLE, 2).about.seq == 2
    fetcher.trust().release(BUNDLE, 2)
    assert fetcher.floor.moment() == NOW


def test_row_9_one_of_two_content_keys_and_all_online_keys_bring_nothing_in(
    releases: SignedFolder, fetcher: Fetcher
) -> None:
    made = releases.publish(BUNDLE, 1, TREE)
    fetcher.trust().release(BUNDLE, 1)
    one, _ = releases.keys["content"]
    releases.keys["content"] = [one, one]
    releases.publish(BUNDLE, 2, TREE | {"page.html": b"<p>Palsu</p>"})
    for seq in (1, 2):
        with pytest.raises(Untrusted):
            fetcher.trust().release(BUNDLE, seq)
    assert made.about.seq == 1


def test_row_9_people_of_content_cannot_sign_software(
    releases: SignedFolder, fetcher: Fetcher
) -> None:
    releases.keys["software"] = releases.keys["content"]
    releases.publish("agent", 1, {"software.json": b"{}"})
    with pytest.raises(Untrusted):
        fetcher.trust().release("agent", 1)


def test_row_10_thirty_roots_are_walked_after_a_long_absence(
    releases: SignedFolder, fetcher: Fetcher
) -> None:
    fetcher.trust().look()
    for number in range(30):
        releases.rotate("root" if number % 2 else "targets")
        releases.now += 24 * 86_400_000
    for role in ("targets", "content"):
        releases.next(role)
    releases.publish(BUNDLE, 1, TREE)
    fetcher.rtc = releases.now
    assert fetcher.trust().release(BUNDLE, 1).about.seq == 1
    assert len(list((fetcher.state / "tuf" / "root_history").iterdir())) == 31


def test_row_11_a_root_signed_by_too_few_is_refused(
    releases: SignedFolder, fetcher: Fetcher
) -> None:
    releases.next("root", releases.keys["root"][:1])
    with pytest.raises(Untrusted):
        fetcher.trust().look()


def test_row_11_a_root_that_skips_a_version_is_refused(
    releases: SignedFolder, fetcher: Fetcher
) -> None:
    releases.roles["root"].version += 1
    body = releases.next("root")
    (releases.path / "metadata/2.root.json").write_bytes(body)
    with pytest.raises(Untrusted):
        fetcher.trust().look()


def test_row_11_an_expired_root_says_stale(releases: SignedFolder, fetcher: Fetcher) -> None:
    fetcher.rtc = releases.now = NOW + 380 * 86_400_000
    for role in ("targets", "content", "software"):
        releases.next(role)
    releases.news()
    with pytest.raises(Stale):
        fetcher.trust().look()
    releases.next("root")
    fetcher.trust().look()


@pytest.mark.parametrize("role", ["snapshot", "content"])
def test_row_12_old_and_new_metadata_are_not_mixed(
    releases: SignedFolder, fetcher: Fetcher, role: str
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    fetcher.trust().release(BUNDLE, 1)
    folder = releases.path / "metadata"
    old = (folder / f"{releases.roles[role].version}.{role}.json").read_bytes()
    releases.publish(BUNDLE, 2, TREE)
    (folder / f"{releases.roles[role].version}.{role}.json").write_bytes(old)
    with pytest.raises(Untrusted):
        fetcher.trust().release(BUNDLE, 2)
