"""Choosing an interpreter: asked, not trusted by its name."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[3] / "provisioning" / "system" / "python.sh"


def choose(path: str, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["/bin/sh", SCRIPT], env={"PATH": path, **env}, text=True, capture_output=True, check=False
    )


def test_a_shim_that_refuses_to_run_is_passed_over(tmp_path: Path) -> None:
    for name in ("python3.11", "python3.12"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 127\n")
        (tmp_path / name).chmod(0o755)
    chosen = choose(f"{tmp_path}:/usr/bin:/bin").stdout.strip()
    assert chosen
    assert not chosen.startswith(str(tmp_path))


def test_the_chosen_one_is_new_enough() -> None:
    chosen = choose("/usr/bin:/bin").stdout.strip()
    said = subprocess.run([chosen, "-c", "import sys; print(sys.version_info >= (3, 11))"],
                          capture_output=True, text=True, check=True)  # fmt: skip
    assert said.stdout.strip() == "True"


def test_who_names_one_gets_that_one() -> None:
    assert choose("/usr/bin:/bin", PYTHON=sys.executable).stdout.strip() == sys.executable


def test_who_names_a_wrong_one_is_told(tmp_path: Path) -> None:
    refused = choose("/usr/bin:/bin", PYTHON=str(tmp_path / "none"))
    assert refused.returncode == 1
    assert "PYTHON=" in refused.stderr
