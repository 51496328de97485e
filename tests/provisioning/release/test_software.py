"""A release of a program: the locked packages and our rooms, unpacked, and nothing else."""

import json
import platform
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from provisioning.release import software
from provisioning.release.software import CannotBuild, build

HERE = f"cp{sys.version_info.major}{sys.version_info.minor}"
PURE = "py3-none-any"
OURS = {
    "agent/__init__.py": "",
    "agent/__main__.py": "import msgpiece, wire; print('agent', msgpiece.WHAT)",
    "portal/__init__.py": "",
    "controller/__init__.py": "office code stays in the office",
    "wire/__init__.py": "",
    "anjungan-0.1.0.dist-info/METADATA": "Name: anjungan",
    "anjungan-0.1.0.dist-info/licenses/LICENSE": "free",
    "anjungan-0.1.0.dist-info/RECORD": "",
}
OTHER = {
    "msgpiece/__init__.py": "WHAT = 'runs'",
    "msgpiece/tests/test_it.py": "",
    "msgpiece/a.pyc": "",
}


def wheel(folder: Path, name: str, files: dict[str, str], tag: str = PURE) -> None:
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / f"{name}-{tag}.whl", "w") as packed:
        for path, text in files.items():
            packed.writestr(path, text)


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    wheel(tmp_path / "wheels", "anjungan-0.1.0", OURS)
    native = f"{HERE}-{HERE}-manylinux_2_17_{platform.machine()}"
    wheel(tmp_path / "wheels", "msgpiece-1.0", OTHER, native)
    return tmp_path / "wheels"


def test_a_program_is_built_and_runs_by_itself(wheels: Path, tmp_path: Path) -> None:
    made = build("agent", tmp_path / "out", wheels)
    assert (made.module, made.machine) == ("agent", platform.machine())
    assert json.loads((tmp_path / "out" / "software.json").read_text()) == made._asdict()
    line = [sys.executable, "-I", "-c"]
    code = "import sys, runpy; sys.path.insert(0, sys.argv[1]); runpy.run_module('agent')"
    done = subprocess.run([*line, code, str(tmp_path / "out")], capture_output=True, check=True)
    assert done.stdout == b"agent runs\n"


def test_only_what_is_needed_there_is_in_it(wheels: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build("agent", out, wheels)
    assert sorted(str(one.relative_to(out)) for one in out.rglob("*") if one.is_file()) == [
        "agent/__init__.py",
        "agent/__main__.py",
        "anjungan-0.1.0.dist-info/METADATA",
        "anjungan-0.1.0.dist-info/licenses/LICENSE",
        "msgpiece/__init__.py",
        "software.json",
        "wire/__init__.py",
    ]


def test_papers_of_others_go_where_their_code_goes() -> None:
    assert software._inside("x-1.dist-info/licenses/COPYING") == "x-1.dist-info/licenses/COPYING"
    assert software._inside("x-1.dist-info/METADATA") == "x-1.dist-info/METADATA"
    assert software._inside("x-1.dist-info/RECORD") == ""
    assert software._inside("x-1.data/purelib/x/y.py") == "x/y.py"
    assert software._inside("x-1.data/scripts/x") == ""


@pytest.mark.parametrize("tag", ["cp39-cp39-win_amd64", f"{HERE}-{HERE}-manylinux_2_17_m68k"])
def test_machine_code_of_another_machine_is_refused(wheels: Path, tmp_path: Path, tag: str) -> None:
    wheel(wheels, "strange-1.0", {"strange.py": ""}, tag)
    with pytest.raises(CannotBuild, match="another machine"):
        build("agent", tmp_path / "out", wheels)


@pytest.mark.parametrize("path", ["../x.py", "/etc/x.py", "msgpiece/__init__.py"])
def test_a_wheel_that_climbs_or_writes_over_another_is_refused(
    wheels: Path, tmp_path: Path, path: str
) -> None:
    wheel(wheels, "strange-1.0", {path: ""})
    with pytest.raises(CannotBuild, match=r"strange-1\.0"):
        build("agent", tmp_path / "out", wheels)


def test_what_cannot_be_built_is_said(
    wheels: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert software.main(["build", "portal", str(out), "--wheels", str(tmp_path / "none")]) == 2
    assert "kiosk-files wheels" in capsys.readouterr().err
    assert software.main(["build", "portal", str(out), "--wheels", str(wheels)]) == 0
    assert "portal 0.1.0: 6 files" in capsys.readouterr().out
    assert software.main(["build", "portal", str(out), "--wheels", str(wheels)]) == 2
    assert "not empty" in capsys.readouterr().err
