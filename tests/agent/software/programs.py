"""Small programs as releases, and a keeper that starts them again and again as systemd does."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Final

from agent.software.environment import ABOUT, VERSION

PATIENCE_S: Final = 60.0


def program(folder: Path, seq: int, code: str, *, machine: str = "") -> Path:
    """The slot of a release of `agent` that runs `code`; it is not switched to."""
    slot = folder / "slots" / str(seq)
    (slot / "agent").mkdir(parents=True)
    (slot / "agent" / "__init__.py").write_text("")
    (slot / "agent" / "__main__.py").write_text(code)
    about = {"module": "agent", "python": VERSION, "machine": machine or platform.machine()}
    (slot / ABOUT).write_text(json.dumps(about))
    return slot


def switch(folder: Path, seq: int) -> None:
    (folder / "current").unlink(missing_ok=True)
    (folder / "current").symlink_to(f"slots/{seq}")


def launched(programs: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """One start of the agent, to its end."""
    argv = [sys.executable, "-m", "agent.software.launch", str(programs), "agent", *words]
    return subprocess.run(
        argv, check=False, capture_output=True, text=True, timeout=PATIENCE_S, env=os.environ
    )
