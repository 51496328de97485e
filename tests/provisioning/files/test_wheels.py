"""Wheels are collected, listed with their hashes, and installed from nothing but themselves."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from provisioning.files.wheels import INSTALLER, LIST, CannotCollect, collect, listed, main

METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def wheel(folder: Path, name: str, version: str, text: str = '"""Says nothing."""\n') -> Path:
    """As small as a wheel can be."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", text)
        archive.writestr(f"{info}/METADATA", METADATA.format(name=name, version=version))
        archive.writestr(f"{info}/WHEEL", WHEEL)
        archive.writestr(f"{info}/RECORD", "")
    return path


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("carried")
    made = [wheel(folder, "one", "1.0"), wheel(folder, "two_parts", "2")]
    (folder / LIST).write_text(listed(made))
    (folder / INSTALLER.name).write_bytes(INSTALLER.read_bytes())
    return folder


@pytest.fixture(scope="module")
def prefix(carried: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Installed over an earlier try that was cut short."""
    folder = tmp_path_factory.mktemp("prefix")
    half = folder / f"venv-{hashlib.sha256((carried / LIST).read_bytes()).hexdigest()[:12]}"
    half.mkdir()
    (half / "half").touch()
    done = install(carried, folder)
    assert done.returncode == 0, done.stderr
    assert not (half / "half").exists()
    return folder


def install(carried: Path, prefix: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["sh", carried / INSTALLER.name, prefix],
        env={"PATH": os.environ["PATH"], "PYTHON": sys.executable},
        capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip


def test_the_list_has_one_hash_each(tmp_path: Path) -> None:
    made = wheel(tmp_path, "two_parts", "2")
    mark = hashlib.sha256(made.read_bytes()).hexdigest()
    assert listed([made]) == f"two-parts==2 --hash=sha256:{mark}\n"


def test_an_installation_is_whole_compiled_and_done_once(carried: Path, prefix: Path) -> None:
    code = "import one, two_parts; print(one.__cached__, one.__doc__)"
    said = subprocess.run(
        [prefix / "venv/bin/python", "-I", "-OO", "-c", code],
        check=True, capture_output=True, text=True, timeout=60,
    ).stdout.split()  # fmt: skip
    assert said[0].endswith(".opt-2.pyc")
    assert Path(said[0]).is_file()
    assert said[1] == "None"
    first = (prefix / "venv").readlink()
    again = install(carried, prefix)
    assert "in use already" in again.stdout
    assert (prefix / "venv").readlink() == first


def test_an_installation_can_install_nothing_more(prefix: Path) -> None:
    there = {path.name for path in (prefix / "venv").glob("lib/python3*/site-packages/*")}
    assert {"one.py", "two_parts.py"} <= there
    assert not {"pip", "setuptools"} & there


def test_a_wheel_that_was_exchanged_is_refused_and_the_old_set_stays(
    carried: Path, prefix: Path, tmp_path: Path
) -> None:
    first = (prefix / "venv").readlink()
    other = tmp_path / "other"
    shutil.copytree(carried, other)
    (other / LIST).write_text(f"# newer\n{(carried / LIST).read_text()}")
    wheel(other, "one", "1.0", "import os\n")
    done = install(other, prefix)
    assert done.returncode != 0
    assert "hash" in done.stderr.lower()
    assert (prefix / "venv").readlink() == first


def test_a_folder_without_the_lock_is_no_source(tmp_path: Path) -> None:
    with pytest.raises(CannotCollect, match="where the sources are"):
        collect(tmp_path / "out", tmp_path, "kiosk")


def test_a_folder_that_is_in_use_is_not_mixed_with_ours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "theirs").touch()
    assert main(["--out", str(tmp_path)], "kiosk-files", "kiosk") == 2
    assert "is not empty" in capsys.readouterr().err


def test_a_source_that_cannot_be_built_says_why(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "requirements").mkdir(parents=True)
    (source / "requirements/kiosk.txt").write_text("")
    for name in ("README.md", "LICENSE", "NOTICE"):
        (source / name).write_text("")
    (source / "pyproject.toml").write_text(
        "[tool.setuptools.packages.find]\ninclude = []\n[build-system]\n"
        'requires = []\nbuild-backend = "not_there"\n'
    )
    with pytest.raises(CannotCollect, match="pip wheel failed"):
        collect(tmp_path / "out", source, "kiosk")


def test_our_own_wheel_holds_the_files_of_kiosk_and_office(tmp_path: Path) -> None:
    """Built from the sources as they are; the packages beside it need a line, so they are left."""
    source = Path(__file__).parents[3]
    copied = tmp_path / "source"
    (copied / "requirements").mkdir(parents=True)
    (copied / "requirements/kiosk.txt").write_text("")
    for one in source.iterdir():
        if one.name not in {"requirements", ".git", ".venv", "var", "build"}:
            (copied / one.name).symlink_to(one)
    (made,) = collect(tmp_path / "out", copied, "kiosk")
    names = set(zipfile.ZipFile(made).namelist())
    for folder in ("kiosk_files", "office_files"):
        there = [p for p in (source / "provisioning" / folder / "tree").rglob("*") if p.is_file()]
        assert there
        assert {p.relative_to(source).as_posix() for p in there} <= names
    assert "provisioning/files/install.sh" in names
    assert not [name for name in names if name.startswith("tests/")]
