"""A root signs on a machine without an office, after its words were shown and agreed to."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from provisioning.policy import keys, offline, proposal
from provisioning.policy.draft import Changes, first, following
from provisioning.policy.proposal import Proposal
from wire.envelope import canonical

OUT = "next.policy"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two roots, of which two must sign, and a proposal."""
    roots = keys.make_roots(tmp_path / "roots", 2, None)
    publics = [keys.public(one) for one in roots]
    office = keys.public(keys.make(tmp_path / "command.key"))
    present = first("kota-bandung", publics, 2, office, wide=50, now=5)
    made = following(present, Changes(fleet_wide=7), [], 2, 9)
    one = Proposal(policy=canonical(made), present=canonical(present))
    proposal.save(tmp_path / OUT, one)
    return tmp_path


def run(*words: str, answer: str = "") -> tuple[int, str]:
    said: list[str] = []
    code = offline.main(words, {}, io.StringIO(answer), said.append)
    return code, "\n".join(said)


def sign(folder: Path, number: int, *more: str, answer: str = "yes\n") -> tuple[int, str]:
    root = str(folder / "roots" / f"root-{number}.pem")
    return run("sign", str(folder / OUT), "--root", root, *more, answer=answer)


def test_the_words_come_first_and_enough_signatures_are_said(folder: Path) -> None:
    code, said = sign(folder, 1)
    assert code == 0
    assert "+ more than 7 kiosks" in said
    assert said.index("more than 7") < said.index("Type yes") < said.index("still missing")
    code, said = sign(folder, 2, "--yes", answer="")
    assert code == 0
    assert "policy store" in said
    assert proposal.missing(proposal.load(folder / OUT)) == []


@pytest.mark.parametrize("answer", ["", "no\n", "y\n", "\n"])
def test_without_a_yes_nothing_is_signed(folder: Path, answer: str) -> None:
    before = (folder / OUT).read_bytes()
    assert sign(folder, 1, answer=answer)[0] == 1
    assert (folder / OUT).read_bytes() == before


def test_the_words_alone_change_nothing(folder: Path) -> None:
    code, said = run("words", str(folder / OUT))
    assert code == 0
    assert "policy 2 of fleet kota-bandung" in said


def test_a_root_is_made_and_only_its_public_half_is_shown(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = folder / "stick" / "root.pem"
    code, said = run("root", "--out", str(where))
    assert code == 0
    assert keys.public(keys.read(where)) in said
    assert "PRIVATE" not in said
    assert run("root", "--out", str(where))[0] == 2
    assert "never replaced" in capsys.readouterr().err


def test_a_key_that_is_no_root_and_a_file_that_is_none_are_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = ("sign", str(folder / OUT), "--root", str(folder / "command.key"), "--yes")
    assert run(*stranger)[0] == 2
    assert "no root" in capsys.readouterr().err
    (folder / OUT).write_text("{}")
    assert sign(folder, 1)[0] == 2
    assert "no proposal" in capsys.readouterr().err


def test_it_needs_nothing_of_an_office() -> None:
    code = (
        "import sys, provisioning.policy.__main__, provisioning.policy.offline\n"
        "bad = [n for n in sys.modules if n.split('.')[0] in ('sqlalchemy', 'controller')]\n"
        "sys.exit(str(bad) if bad else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, env=os.environ
    )
    assert done.returncode == 0, done.stderr
