"""A preview on this machine is asked and handed on; one that is away shows nothing."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from dashboards.console.preview import Preview, Subject
from tests.support.showcase_services import STARTER

ROOT = Path(__file__).parents[3]
PACK = json.loads((STARTER / "tenants/32.73/services/KEC-SKTM.json").read_bytes())


@pytest.fixture(scope="module")
def beside() -> Iterator[str]:
    """The portal's own program, on a port of its own."""
    line = [sys.executable, "-m", "portal.preview", "--port", "0"]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        hit = re.search(r"http://\S+", child.stdout.readline())
        assert hit
        yield hit.group()
        child.terminate()


def test_the_pages_are_the_portals_own(beside: str) -> None:
    preview = Preview(beside)
    pages = preview.pages(Subject(PACK))
    assert len(pages) > 5
    first, second = pages[0], pages[1]
    assert "Surat Keterangan Tidak Mampu" in first.html
    assert preview.page(Subject(PACK), second.name) == second.html
    assert preview.page(Subject(PACK), "tidak ada") == first.html
    assert preview.pages(Subject({"code": "x"})) == [], "what is no pack yet has no pages"


def test_a_preview_that_is_away_shows_nothing() -> None:
    assert Preview("http://127.0.0.1:9").page(Subject(PACK), "") is None


@pytest.mark.parametrize("told", [b"<html>", b"[]", b'{"pages": [1, {"name": "x"}]}', b"{}"])
def test_whatever_a_port_answers_is_no_error(told: bytes) -> None:
    answers = httpx.MockTransport(lambda _: httpx.Response(200, content=told))
    preview = Preview("http://127.0.0.1:1", httpx.Client(transport=answers))
    assert preview.pages(Subject(PACK)) == []


@pytest.mark.parametrize("base", ["http://office.example:80", "http://10.0.0.5/", "", "x"])
def test_a_preview_is_on_this_machine_alone(base: str) -> None:
    with pytest.raises(ValueError, match="only on this machine"):
        Preview(base)
