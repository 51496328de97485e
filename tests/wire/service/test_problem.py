"""Whatever is wrong with a pack, the clerk reads where it is and a sentence in two languages."""

import pytest

from tests.support.packs import field, service, standard, tenant
from wire.service.check import problems
from wire.service.document import Queue, Receipt, Step, Valid

BROKEN = {
    "agency": service(agency="tiada", group="tiada", tenant="32.04", regions=("32.04", "32.04")),
    "modes": service(modes=("info", "info", "guide"), queue=Queue(letter="A")),
    "fields": service(
        fields=(
            field("a", "choice", options=()),
            field("a", "nik", page="b", when="c ==", check="d"),
            field("b", "date", most=3),
            field("e", most=10_000),
        )
    ),
    "steps": service(steps=(Step(state="ready", by="x", days=9, to=("submitted", "taken")),)),
    "rest": service(
        valid=Valid(since="2026-02-30", until="2025-01-01"),
        decree="SK 1",
        number="{nik}",
        receipt=Receipt(thermal="{{ tiada }}", page="{% if %}"),
        standard=standard(fees=(), procedure=()),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_problem_says_where_and_what_in_two_languages(name: str) -> None:
    found = problems(BROKEN[name], tenant())
    assert len(found) >= 2
    for problem in found:
        assert problem.path
        assert problem.code.isidentifier()
        assert problem.id != problem.en
        assert all(text.endswith(".") and "\n" not in text for text in (problem.id, problem.en))
