"""What each room imports, its lock installs; and each lock holds what its extras name, by hashes.

Read from the text of the programs: a machine with everything installed would not notice.
"""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = {"agent", "broker_config", "controller", "dashboards", "portal", "provisioning", "wire"}
ROOMS = {
    "kiosk": ("agent", "portal", "wire"),
    # The preview is the portal's own program.
    "office": ("broker_config", "controller", "dashboards", "portal", "provisioning", "wire"),
}
ELSEWHERE = {
    "oidc",
    "fallback",
    "players",
}  # extras of their own, asked for where they are imported
OPTIONAL = {"socks"}  # the agent goes without
NEVER_SHIPPED = ("provisioning/players",)
EXTRAS: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
    "optional-dependencies"
]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=; ]", name)[0]).lower()


def named(extra: str) -> set[str]:
    return {plain(one) for one in EXTRAS[extra]}


def locked(lock: str) -> list[str]:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    rows = r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==\S+.*\\\n    --hash=sha256:"
    return [plain(one) for one in re.findall(rows, text, re.MULTILINE)]


def imported(room: str) -> set[str]:
    found: set[str] = set()
    for at in (ROOT / room).rglob("*.py"):
        if at.relative_to(ROOT).as_posix().startswith((*NEVER_SHIPPED, f"{room}/node_modules")):
            continue
        for node in ast.walk(ast.parse(at.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {one.name.split(".")[0] for one in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - OURS


@pytest.mark.parametrize("lock", ROOMS)
def test_what_a_room_imports_its_lock_installs(lock: str) -> None:
    sources = packages_distributions()
    there = set(locked(lock)).union(*(named(one) for one in ELSEWHERE), OPTIONAL)
    missing = {
        f"{room}: {module}"
        for room in ROOMS[lock]
        for module in imported(room)
        if not {plain(one) for one in sources.get(module, [module])} & there
    }
    assert missing == set()


@pytest.mark.parametrize(
    ("lock", "extras"),
    [
        ("kiosk", ["kiosk"]),
        ("office", ["office"]),
        ("up", ["build", "kiosk", "office", "players", "fallback"]),
        ("dev", [one for one in EXTRAS if one != "dev"]),
    ],
)
def test_a_lock_has_what_its_extras_name_by_hashes_and_from_nowhere(
    lock: str, extras: list[str]
) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    assert set().union(*(named(one) for one in extras)) <= set(locked(lock))
    assert len(locked(lock)) == len(re.findall(r"^[^\s#]", text, re.MULTILINE))
    assert "://" not in text
    assert "--index" not in text
