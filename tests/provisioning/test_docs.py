"""What lies in docs/ is what the code says today: generated, or checked against it here."""

import re
from functools import cache
from pathlib import Path

import pytest

from controller.people.powers import EVERYWHERE_ONLY, POWERS, ROLES
from provisioning import docs
from provisioning.__main__ import COMMANDS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs"
PAGES = sorted([*FOLDER.rglob("*.md"), *ROOT.glob("*.md")])
ROWS = {*range(1, 27), *range(31, 67), 68, 69, 70, 73}
"""Of the table of attacks, those that this version must hold."""


@pytest.mark.parametrize("name", docs.documents())
def test_the_document_is_fresh(name: str) -> None:
    said = (FOLDER / name).read_text(encoding="utf-8")
    assert said == docs.documents()[name], "run: python -m provisioning.docs"


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    docs.write(tmp_path)
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    docs.write(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first
    assert set(first) == set(docs.documents())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_link_of_a_page_leads_nowhere(page: Path) -> None:
    text = re.sub(
        r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    found = re.findall(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)", text)
    lost = [f"{file}#{place}" for file, place in found if not leads_somewhere(page, file, place)]
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_of_a_page_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    words = set(re.findall(r"(?:^|`|bin/)anjungan ([a-z][a-z-]+)", text, re.MULTILINE))
    assert words <= COMMANDS.keys()


def test_the_roles_of_the_administrators_page_are_the_table_of_powers() -> None:
    rows = table(FOLDER / "users" / "administrator.md", "power")
    assert tuple(rows.pop(0)[1:]) == ROLES
    said = {
        row[0].split("`")[1]: {r for r, yes in zip(ROLES, row[1:], strict=True) if yes}
        for row in rows
    }
    assert said == POWERS
    assert {row[0].split("`")[1] for row in rows if "everywhere only" in row[0]} == EVERYWHERE_ONLY


def test_the_attacks_of_the_security_page_are_tests() -> None:
    rows = table(FOLDER / "security.md", "row")[1:]
    assert {int(row[0]) for row in rows} == ROWS
    named = [(int(row[0]), test) for row in rows for test in re.findall(r"`(\w+)`", row[3])]
    tests = every_test()
    assert [
        f"test_row_{n}_{name}" for n, name in named if f"test_row_{n}_{name}" not in tests
    ] == []
    files = [file for row in rows for file in re.findall(r"`(\S+\.py)`", row[2])]
    assert [file for file in files if not (ROOT / "tests" / file).exists()] == []


def leads_somewhere(page: Path, file: str, place: str) -> bool:
    goal = (page.parent / file).resolve() if file else page
    if not goal.exists():
        return False
    return not place or goal.suffix != ".md" or place in anchors(goal)


@cache
def anchors(page: Path) -> frozenset[str]:
    """As a forge makes them of headings."""
    text = re.sub(
        r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    heads = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return frozenset(
        re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in heads
    )


def table(page: Path, first: str) -> list[list[str]]:
    """Rows of the table whose first column is called so, its head first."""
    lines = page.read_text(encoding="utf-8").splitlines()
    begin = next(n for n, line in enumerate(lines) if line.startswith(f"| {first} |"))
    end = next(n for n, line in enumerate(lines) if n > begin and not line.startswith("|"))
    cells = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines[begin:end]]
    return [cells[0], *cells[2:]]


@cache
def every_test() -> frozenset[str]:
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    return frozenset(name for text in texts for name in re.findall(r"def (test_row_\w+)", text))
