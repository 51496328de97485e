"""`anjungan software build agent|portal DIR`: a release of our own programs, as a folder of files.

The locked packages of a kiosk, unpacked, and our own rooms, and nothing that is not needed there.
For one machine and one Python, which `software.json` says; what carries other machine code is
refused. Publish the folder with `anjungan publish DIR --bundle agent`.
"""

import argparse
import json
import platform
import re
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from provisioning.files.wheels import LIST, SOURCE, CannotCollect, collect
from wire.content import PROGRAMS, bad_path

MANIFEST: Final = "software.json"
OURS: Final = {"agent": ("agent", "wire"), "portal": ("portal", "wire")}
_INSTALLS: Final = "anjungan"  # our own wheel: only the rooms a program needs are taken from it
_NEVER: Final = re.compile(r"(^|/)(__pycache__|tests?)/|\.(pyc|pyi|c|h|pxd|pyx)$")


class Program(NamedTuple):
    """`module` is started by `python -m`; `machine` as platform.machine() says."""

    module: str
    version: str
    python: str
    machine: str


class CannotBuild(ValueError):  # noqa: N818 - says what happened
    """The folder cannot be made; the message says who must act."""


def main(argv: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(argv)
    try:
        made = build(asked.program, asked.out, asked.wheels, asked.source)
    except (CannotBuild, CannotCollect, OSError, zipfile.BadZipFile) as error:
        print(f"software: {error}", file=sys.stderr)  # noqa: T201 - this is a command
        return 2
    files = sum(1 for one in asked.out.rglob("*") if one.is_file())
    print(f"{made.module} {made.version}: {files} files for {made.machine}, Python {made.python}")  # noqa: T201 - as above
    return 0


def build(program: str, out: Path, wheels: Path | None, source: Path = SOURCE) -> Program:
    """Fills `out`, which must be empty. `wheels`: a folder as `kiosk-files wheels` makes it.

    Without one they are fetched and built from `source`. Raises CannotBuild, CannotCollect,
    OSError, zipfile.BadZipFile.
    """
    if out.exists() and any(out.iterdir()):
        raise CannotBuild(f"{out} is not empty: name another folder")
    with tempfile.TemporaryDirectory() as name:
        if wheels is None:
            wheels = Path(name) / "wheels"
            collect(wheels, source, "kiosk")
        found = sorted(wheels.glob("*.whl"))
        if not found:
            raise CannotBuild(f"{wheels} holds no wheels: `anjungan kiosk-files wheels` makes them")
        out.mkdir(parents=True, exist_ok=True)
        for wheel in found:
            _unpack(wheel, out, OURS[program])
    if not (out / OURS[program][0]).is_dir():
        raise CannotBuild(f"{wheels} lacks our own wheel, or it is of another version: see {LIST}")
    made = Program(program, version("anjungan"), _python(), platform.machine())
    about = json.dumps(made._asdict(), sort_keys=True, indent=1)
    (out / MANIFEST).write_text(f"{about}\n", encoding="utf-8")
    return made


def _unpack(wheel: Path, out: Path, rooms: Iterable[str]) -> None:
    """What a wheel brings to be imported; its own paths are never believed."""
    _check_fits(wheel)
    ours = wheel.name.startswith(f"{_INSTALLS}-")
    with zipfile.ZipFile(wheel) as packed:
        for one in packed.infolist():
            path = _inside(one.filename)
            if one.is_dir() or not path or _NEVER.search(path):
                continue
            first = path.split("/")[0]
            if ours and first not in rooms and not first.endswith(".dist-info"):
                continue
            if why := bad_path(path):
                raise CannotBuild(f"{wheel.name}: {path!r}: {why}")
            to = out / path
            if to.exists():
                raise CannotBuild(f"{wheel.name}: {path} is in another wheel, too")
            to.parent.mkdir(parents=True, exist_ok=True)
            with packed.open(one) as body, to.open("xb") as file:
                shutil.copyfileobj(body, file)


def _inside(name: str) -> str:
    """Where it stands beside other packages; empty for what is none (scripts, papers, headers)."""
    first, _, rest = name.partition("/")
    if first.endswith(".data"):
        kind, _, rest = rest.partition("/")
        return rest if kind in {"purelib", "platlib"} else ""
    if first.endswith(".dist-info"):
        # Versions are asked for at run time; licences must go where the code goes.
        kept = PurePosixPath(name).name in {"METADATA", "LICENSE", "LICENSE.txt", "NOTICE"}
        return name if kept or "/licenses/" in name else ""
    return name


def _check_fits(wheel: Path) -> None:
    """Raises CannotBuild for machine code of another machine or Python."""
    tags = wheel.stem.split("-")[-3:]
    python, _, where = tags if len(tags) == 3 else ("", "", "")
    here = f"cp{sys.version_info.major}{sys.version_info.minor}"
    pure = "py3" in python.split(".")
    fits = pure or here in python.split(".") or ("abi3" in tags[1] and python.startswith("cp3"))
    if not fits or (where != "any" and platform.machine() not in where):
        raise CannotBuild(f"{wheel.name} is for another machine: build on a machine of that kind")


def _python() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan software", description=__doc__)
    words = parser.add_subparsers(dest="what", required=True)
    one = words.add_parser("build", help="an unpacked release of one program")
    one.add_argument("program", choices=PROGRAMS)
    one.add_argument("out", type=Path, metavar="DIR")
    one.add_argument("--wheels", type=Path, metavar="DIR", help="of `anjungan kiosk-files wheels`")
    one.add_argument("--source", type=Path, default=SOURCE, help="the sources of this project")
    return parser


if __name__ == "__main__":
    sys.exit(main())
