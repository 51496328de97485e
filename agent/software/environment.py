"""The environment of one release of a program: three small files that make its tree run alone.

A release is plain files, so what Python wants beside them (a link to the interpreter, its settings)
is made here, in `envs/<seq>` beside the slots: nothing of another release, nor of what was
installed by hand, is on its path. Compiled copies lie there, too, never in the slot, whose every
file is checked against its index. Standard library only.
"""

import json
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from agent import disk

ABOUT: Final = "software.json"  # in each release of a program: module, version, python, machine
VERSION: Final = f"{sys.version_info.major}.{sys.version_info.minor}"


class Unfit(ValueError):  # noqa: N818 - says what it is
    """The release cannot run here; whoever built it must act."""


def check(slot: Path, module: str) -> None:
    """Raises Unfit unless the release in this slot is this program, for this machine and Python."""
    try:
        about = json.loads((slot / ABOUT).read_bytes())
        found = (about["module"], about["python"], about["machine"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unfit(f"{ABOUT} of {slot.name} cannot be used: {error}") from error
    wanted = (module, VERSION, platform.machine())
    if found != wanted:
        raise Unfit(f"release {slot.name} is {found}, this kiosk needs {wanted}")


def interpreter(folder: Path, seq: int) -> Path:
    """The Python that runs this release; made when it is not there, whole or not at all."""
    env = folder / "envs" / str(seq)
    python = env / "bin" / "python"
    if not python.exists():
        _make(folder, env, seq)
    return python


def compile_ahead(folder: Path, seq: int) -> None:
    """So that the first start is as quick as the others. A failure costs time and nothing else.

    Twice: the program runs without docstrings, what it starts for a moment does not.
    """
    words = [str(interpreter(folder, seq)), "-I", "-m", "compileall", "-q", "-o", "0", "-o", "2"]
    subprocess.run([*words, str(folder / "slots" / str(seq))], check=False, capture_output=True)


def prune(folder: Path, keep: set[int]) -> None:
    """Environments of releases that are gone."""
    envs = folder / "envs"
    for path in sorted(envs.iterdir()) if envs.is_dir() else ():
        if path.name not in {str(seq) for seq in keep}:
            shutil.rmtree(path, ignore_errors=True)


def _make(folder: Path, env: Path, seq: int) -> None:
    temporary = env.with_name(f"{seq}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    packages = temporary / "lib" / f"python{VERSION}" / "site-packages"
    packages.mkdir(parents=True)
    (temporary / "bin").mkdir()
    base = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    (temporary / "bin" / "python").symlink_to(base)
    settings = f"home = {base.parent}\ninclude-system-site-packages = false\nversion = {VERSION}\n"
    (temporary / "pyvenv.cfg").write_text(settings, "utf-8")
    prefix = f"import sys; sys.pycache_prefix = {str(env / 'pycache')!r}\n"
    slot = folder / "slots" / str(seq)
    (packages / "release.pth").write_text(f"{prefix}{slot}\n", "utf-8")
    shutil.rmtree(env, ignore_errors=True)
    for path in (*packages.iterdir(), temporary / "pyvenv.cfg", temporary):
        disk.sync_file(path)
    temporary.rename(env)
    disk.sync_folder(env.parent)
