"""`... wheels --out DIR`: all that a kiosk or an office installs, to be carried there as files.

Takes the locked packages with their hashes, builds this project's own wheel, and writes the list of
exactly these files with their hashes: what is installed is what was made here, or nothing. Needs
the sources, so it never runs on the machine that is installed.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).parents[2]
INSTALLER: Final = Path(__file__).parent / "install.sh"
LIST: Final = "wheels.txt"


class CannotCollect(RuntimeError):  # noqa: N818 - says what happened
    """The set cannot be made; the message says who must act."""


def main(argv: Sequence[str], word: str, lock: str) -> int:
    """`lock` names the file of requirements/; `word` the command that was called."""
    options = argparse.ArgumentParser(prog=f"anjungan {word} wheels", description=__doc__)
    options.add_argument("--out", type=Path, required=True, help="an empty or new folder")
    options.add_argument("--source", type=Path, default=SOURCE, help="the sources of this project")
    options.add_argument(
        "--platform", action="append", help="of another kind of machine: manylinux_2_28_aarch64"
    )
    given = options.parse_args(argv)
    try:
        made = collect(given.out, given.source, lock, given.platform or [])
    except (CannotCollect, OSError) as error:
        sys.stderr.write(f"anjungan {word} wheels: {error}\n")
        return 2
    size = sum(path.stat().st_size for path in made) / 1e6
    sys.stdout.write(f"{len(made)} wheels, {size:.1f} MB in {given.out}\n")
    sys.stdout.write(f"carry the folder to the machine, there: sudo sh {INSTALLER.name}\n")
    return 0


def collect(out: Path, source: Path, name: str, platforms: Sequence[str] = ()) -> list[Path]:
    """The wheels. Raises CannotCollect, OSError."""
    lock = source / "requirements" / f"{name}.txt"
    if not lock.is_file():
        raise CannotCollect(f"{lock} is not there: run it where the sources are, or give --source")
    if out.exists() and any(out.iterdir()):
        raise CannotCollect(f"{out} is not empty: name another folder")
    out.mkdir(parents=True, exist_ok=True)
    _pip("download", *_for(platforms), "--require-hashes", f"--requirement={lock}", f"--dest={out}")
    _build(source, out)
    wheels = sorted(out.glob("*.whl"))
    (out / LIST).write_text(listed(wheels), encoding="utf-8")
    shutil.copyfile(INSTALLER, out / INSTALLER.name)
    return wheels


def listed(wheels: Sequence[Path]) -> str:
    """As pip reads it: one version, one hash each."""
    lines = []
    for wheel in wheels:
        name, version = wheel.name.split("-")[:2]
        mark = hashlib.sha256(wheel.read_bytes()).hexdigest()
        lines.append(f"{name.replace('_', '-').lower()}=={version} --hash=sha256:{mark}")
    return "\n".join([*sorted(lines), ""])


def _for(platforms: Sequence[str]) -> list[str]:
    named = [f"--platform={name}" for name in platforms]
    return ["--only-binary=:all:", *([*named, "--python-version=3.11"] if named else [])]


def _build(source: Path, out: Path) -> None:
    """From a copy: a build leaves folders behind, and old ones end in the wheel."""
    with tempfile.TemporaryDirectory() as name:
        inside = Path(name)
        for package in _packages(source):
            folder = package.split("*")[0]
            shutil.copytree(source / folder, inside / folder, ignore=_LEFT_BEHIND)
        for file in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
            shutil.copyfile(source / file, inside / file)
        _pip("wheel", "--no-deps", "--no-build-isolation", f"--wheel-dir={out}", str(inside))


_LEFT_BEHIND: Final = shutil.ignore_patterns("__pycache__", "node_modules", "*.pyc")


def _packages(source: Path) -> list[str]:
    import tomllib  # noqa: PLC0415 - a kiosk's own use of this command needs none of it

    table = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))
    return list(table["tool"]["setuptools"]["packages"]["find"]["include"])


def _pip(*words: str) -> None:
    argv = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *words]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or "no reason given").splitlines()[-1]
        raise CannotCollect(f"pip {words[0]} failed: {last}")
