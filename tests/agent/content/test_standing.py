"""Which releases are in use: what the links say, and never more than a birth may tell."""

from pathlib import Path

import msgspec

from agent.content.standing import MOST, Standing
from wire.messages import Releases


def use(folder: Path, bundle: str, link: str = "slots/3") -> None:
    (folder / bundle).mkdir(parents=True)
    (folder / bundle / "current").symlink_to(link)


def test_content_and_programs_are_told_by_their_links(tmp_path: Path) -> None:
    use(tmp_path / "content", "layanan", "slots/12")
    use(tmp_path / "programs", "portal", "slots/2")
    standing = Standing(tmp_path / "content", tmp_path / "programs")
    assert standing.in_use() == {"layanan": 12, "portal": 2}


def test_a_bundle_without_a_release_in_use_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "layanan" / "slots").mkdir(parents=True)
    (tmp_path / "file").write_text("x", "utf-8")
    assert Standing(tmp_path).in_use() == {}
    assert Standing(tmp_path / "none").in_use() == {}


def test_a_link_elsewhere_is_no_release(tmp_path: Path) -> None:
    for number, link in enumerate(["slots/", "slots/x", "/etc", "slots/1/2", "slots/-1"]):
        use(tmp_path, f"bundle-{number}", link)
    assert Standing(tmp_path).in_use() == {}


def test_the_agent_that_runs_knows_better_than_the_link(tmp_path: Path) -> None:
    use(tmp_path, "agent", "slots/8")
    assert Standing(tmp_path, release=7).in_use() == {"agent": 7}
    assert Standing(tmp_path).in_use() == {"agent": 8}
    assert Standing(tmp_path, release=0).in_use() == {}, "what was installed by hand is no release"


def test_whatever_lies_there_a_birth_can_tell_it(tmp_path: Path) -> None:
    for name in ("Großes", "lost+found", "x" * 40, "-a", "9", *(f"b{n}" for n in range(20))):
        use(tmp_path, name)
    told = Standing(tmp_path).in_use()
    assert msgspec.convert(told, Releases) == told
    assert len(told) == MOST
