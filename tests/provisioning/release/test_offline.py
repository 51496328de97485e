"""A key signs on a machine without an office, after the words were shown and agreed to."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from provisioning.release import ceremony, event, offline
from provisioning.release.drafts import Changes
from tests.support.release_keys import NOW, Held


@pytest.fixture
def file(held: Held) -> Path:
    path = held.keys.parent / "next"
    event.save(path, ceremony.propose(held.releases, Changes(renew=True), NOW))
    return path


def run(*words: str, answer: str = "") -> tuple[int, str]:
    said: list[str] = []
    code = offline.main(words, {}, io.StringIO(answer), said.append)
    return code, "\n".join(said)


def sign(held: Held, file: Path, *more: str, answer: str = "yes\n") -> tuple[int, str]:
    given = [word for one in more for word in ("--key", str(held.keys / one))]
    return run("sign", str(file), *given, answer=answer)


def test_the_words_come_first_and_enough_signatures_are_said(held: Held, file: Path) -> None:
    code, said = sign(held, file, "root-1.pem")
    assert code == 0
    assert said.index("root version 2") < said.index("Type yes") < said.index("still missing")
    code, said = sign(held, file, "root-2.pem", answer="ya\n")
    assert (code, event.missing(event.load(file))) == (0, [])
    assert "releases keys store" in said
    assert ceremony.store(held.releases, event.load(file))


@pytest.mark.parametrize("answer", ["", "no\n", "y\n", "\n"])
def test_without_a_yes_nothing_is_signed(held: Held, file: Path, answer: str) -> None:
    before = file.read_bytes()
    assert sign(held, file, "root-1.pem", answer=answer)[0] == 1
    assert file.read_bytes() == before


def test_words_only_reads(file: Path) -> None:
    before = file.read_bytes()
    assert "content/* is signed by 2 of 2 keys" in run("words", str(file))[1]
    assert file.read_bytes() == before


def test_what_cannot_be_signed_is_refused_in_one_line(
    held: Held, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sign(held, file, "content-1.pem")[0] == 2
    assert "no business" in capsys.readouterr().err
    (held.keys / "root-1.pem").chmod(0o644)
    assert sign(held, file, "root-1.pem")[0] == 2
    assert "open to others" in capsys.readouterr().err


def test_a_made_key_stays_and_its_public_half_is_said(tmp_path: Path) -> None:
    code, said = run("make", "--out", str(tmp_path / "k.pem"))
    assert code == 0
    assert len(said.splitlines()[-1]) == 44
    assert run("make", "--out", str(tmp_path / "k.pem"))[0] == 2, "a key is never replaced"


def test_it_needs_no_package_of_an_office(file: Path) -> None:
    code = (
        "import sys; sys.modules['sqlalchemy'] = sys.modules['controller'] = None\n"
        f"from provisioning.release.keys import main; sys.exit(main(['words', {str(file)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=dict(os.environ), check=False)
    assert done.returncode == 0
