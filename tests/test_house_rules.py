"""The house's own rules about its text: small files, small functions, twins, nothing skipped.

Looks only at files that git knows or would offer to add: what is ignored is not ours.
"""

import ast
import re
import statistics
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("agent", "broker_config", "controller", "dashboards", "portal", "provisioning", "wire")
WRITTEN = {".py", ".js", ".mjs", ".css", ".html", ".svg", ".sh", ".sql", ".conf"}

MOST_LINES_IN_A_FILE = 400
MOST_LINES_IN_A_FUNCTION = 50
MEDIAN_FILE = 100
MEDIAN_FUNCTION = 10

NO_TWIN = {
    r"(.*/)?__init__\.py": "says what its folder is",
    r"(.*/)?__main__\.py": "builds and starts; journeys run it as a process",
    r"controller/store/migrations/.*": "run on both databases by the tests of controller.store",
    r"wire/catalogue/.*": "texts only; tests/wire/test_faults.py asks the same of every entry",
}
"""Modules without a test of their own name, each with the reason."""

# Who sleeps plays somebody slow; who waits for something uses `until`.
MAY_SLEEP = {
    "tests/support/wait.py": "is the one place that waits, for all others",
    "tests/bench/": "a bench measures over time",
    "tests/agent/probes/test_plain_http.py": "plays a server that answers drop by drop",
    "tests/agent/test_kiosk.py": "cuts the power after a time drawn by lot",
    "tests/agent/test_sampler.py": "plays a look that takes its time",
}

# A registry or the machine somebody wrote on is nobody else's business.
HOSTS = re.compile(
    r"\b(?:pypi|pythonhosted|npmjs|npmmirror|yarnpkg|crates|rubygems)\.(?:org|com|io)"
)
# The X server's sockets do lie in a fixed place.
PLACES = re.compile(r"(?<![\w.~/-])/(?:work|root|tmp)/(?!\.X)[\w.]")


@cache
def files() -> tuple[Path, ...]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    return tuple(sorted(ROOT / name for name in set(listed) if name and (ROOT / name).is_file()))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def modules(*folders: str) -> list[Path]:
    """Python files below these folders; of the whole house when none is named."""
    python = [path for path in files() if path.suffix == ".py"]
    return [path for path in python if not folders or name(path).split("/")[0] in folders]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """(where, how many lines) of every function of a module."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield f"{name(path)}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1


def excused(path: Path) -> bool:
    return any(re.fullmatch(pattern, name(path)) for pattern in NO_TWIN)


def calls(path: Path, owner: str, names: set[str]) -> list[str]:
    """Where a module uses or imports `owner.<one of names>`, under whatever parent."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and node.attr in names:
            used = owner in ast.unparse(node.value).split(".")
        else:
            used = isinstance(node, ast.ImportFrom) and node.module == owner
            used = used and any(alias.name in names for alias in getattr(node, "names", ()))
        if used:
            found.append(f"{name(path)}:{getattr(node, 'lineno', 0)}")
    return found


def test_no_file_is_longer_than_its_ceiling() -> None:
    written = [path for path in files() if path.suffix in WRITTEN]
    assert {name(p): lines(p) for p in written if lines(p) > MOST_LINES_IN_A_FILE} == {}


def test_no_function_is_longer_than_its_ceiling() -> None:
    found = [function for path in modules() for function in functions(path)]
    assert {where: long for where, long in found if long > MOST_LINES_IN_A_FUNCTION} == {}


def test_the_usual_file_is_small() -> None:
    sizes = [lines(path) for path in modules(*PACKAGES) if lines(path)]
    assert statistics.median(sizes) < MEDIAN_FILE


def test_the_usual_function_is_small() -> None:
    sizes = [size for path in modules(*PACKAGES) for _, size in functions(path)]
    assert statistics.median(sizes) < MEDIAN_FUNCTION


def test_every_module_opens_with_its_rules() -> None:
    silent = [name(path) for path in modules() if lines(path) and not ast.get_docstring(tree(path))]
    assert silent == []


def test_every_module_has_a_twin_test() -> None:
    alone = [
        name(path)
        for path in modules(*PACKAGES)
        if not excused(path)
        and not (ROOT / "tests" / path.relative_to(ROOT).parent / f"test_{path.name}").is_file()
    ]
    assert alone == []


@pytest.mark.parametrize("pattern", NO_TWIN)
def test_an_excuse_is_used(pattern: str) -> None:
    assert any(re.fullmatch(pattern, name(path)) for path in modules(*PACKAGES))


def test_every_test_file_is_found_by_pytest() -> None:
    tests = [path for path in modules("tests") if any(f.startswith("test_") for f in defined(path))]
    assert [name(path) for path in tests if not path.name.startswith("test_")] == []


def defined(path: Path) -> list[str]:
    return [node.name for node in tree(path).body if isinstance(node, ast.FunctionDef)]


def test_no_test_is_skipped() -> None:
    words = {"skip", "skipif", "importorskip", "xfail"}
    assert [at for path in modules("tests") for at in calls(path, "pytest", words)] == []


def test_no_test_sleeps_where_it_could_wait() -> None:
    watched = [path for path in modules("tests") if not name(path).startswith((*MAY_SLEEP,))]
    assert [at for path in watched for at in calls(path, "time", {"sleep"})] == []


@pytest.mark.parametrize("pattern", [HOSTS, PLACES], ids=["registries", "places"])
def test_no_text_names_a_registry_or_a_place_of_one_machine(pattern: re.Pattern[str]) -> None:
    found = []
    for path in files():
        text = path.read_bytes().decode("utf-8", "ignore")
        found += [f"{name(path)}: {hit.group()}" for hit in pattern.finditer(text)]
    assert found == []
