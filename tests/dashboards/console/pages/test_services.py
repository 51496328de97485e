"""The list of services as values: what is asked of it, and what fits."""

from types import SimpleNamespace
from typing import Any

from controller.services.shapes import Line, Pack
from dashboards.console.pages import services
from dashboards.console.pages.services import Asked


def line(state: str = "draft", **document: Any) -> Line:
    one = Pack(1, "32.73", "KEC-A-1", 1, state, 0, 1, document, "a", 0, None, None, "", None)
    return Line("32.73", "KEC-A-1", one if state == "published" else None,
                None if state == "published" else one)  # fmt: skip


def asked(**query: str) -> Asked:
    request: Any = SimpleNamespace(query_params=query)
    ask: Any = SimpleNamespace(request=request)
    return services.asked_of(ask)


def test_a_state_nobody_knows_asks_nothing() -> None:
    assert asked(state="entah", q="  x ", tenant="32.73") == Asked("32.73", "", "x")


def test_a_line_fits_by_name_code_and_state() -> None:
    named = line(name={"id": "Surat Pindah"})
    assert services.fits(named, Asked("", "", "pindah"))
    assert services.fits(named, Asked("", "draft", "kec-a"))
    assert not services.fits(named, Asked("", "published", ""))
    assert services.fits(line("published"), Asked("", "published", ""))
