"""A pack that is right passes; each rule about the whole pack finds what it is there for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.packs import FIELDS, service, standard, tenant, words
from wire.service.check import RULES, TENANT_RULES, problems
from wire.service.document import Fee, Field, Handover, Queue, Receipt, Service, Valid

PLAIN = standard(requirements=(), fees=(Fee(name=words("Gratis"), rupiah=0),))


def found(pack: Service) -> set[tuple[str, str]]:
    return {(problem.path, problem.code) for problem in problems(pack, tenant())}


def test_a_pack_that_is_right_has_no_problem() -> None:
    assert problems(service(), tenant()) == ()


def test_every_rule_is_there_once() -> None:
    assert len({*RULES, *TENANT_RULES}) == len(RULES) + len(TENANT_RULES)


@pytest.mark.parametrize(
    ("pack", "problem"),
    [
        (service(tenant="32.04"), ("tenant", "tenant")),
        (service(agency="tiada"), ("agency", "agency")),
        (service(group="tiada"), ("group", "group")),
        (service(regions=("32.04",)), ("regions[0]", "region")),
        (service(regions=("32.731",)), ("regions[0]", "region")),
        (service(regions=("32.73", "32.73.05", "32.73")), ("regions[2]", "twice")),
        (service(modes=("info",)), ("fields", "mode")),
        (service(fields=(), standard=PLAIN), ("fields", "mode")),
        (service(modes=("info", "apply", "queue")), ("queue", "mode")),
        (service(queue=Queue(letter="A")), ("queue", "mode")),
        (service(modes=("info", "apply", "guide")), ("handover", "mode")),
        (service(modes=("info", "apply", "apply")), ("modes", "twice")),
        (service(valid=Valid(since="2026-02-30")), ("valid.since", "date")),
        (service(valid=Valid(review="2026-13-01")), ("valid.review", "date")),
        (service(valid=Valid(since="2026-02-02", until="2026-02-01")), ("valid.until", "date")),
        (service(decree="SK 1/2026"), ("standard.legal_basis", "decree")),
        (service(standard=standard(fees=())), ("standard.fees", "fees")),
        (service(standard=standard(procedure=())), ("standard.procedure", "procedure")),
    ],
)
def test_what_is_wrong_with_the_pack_is_named(pack: Service, problem: tuple[str, str]) -> None:
    assert found(pack) == {problem}


@pytest.mark.parametrize(
    "pack",
    [
        service(regions=("32.73.05", "32.73.05.1001")),
        service(modes=("info",), fields=(), steps=(), standard=PLAIN),
        service(modes=("info", "apply", "queue"), queue=Queue(letter="A")),
        service(
            modes=("guide",),
            fields=(),
            standard=PLAIN,
            handover=(Handover(name=words("Lain"), url="https://contoh.id"),),
        ),
        service(valid=Valid(since="2026-01-01", until="2026-01-01", review="2026-06-01")),
        service(decree="SK 1/2026", standard=standard(legal_basis=("UU 25/2009",))),
    ],
)
def test_other_packs_that_are_right_pass_too(pack: Service) -> None:
    assert problems(pack, tenant()) == ()


@given(st.permutations(FIELDS), st.integers(0, 4), st.text(max_size=40))
def test_whatever_a_clerk_writes_is_answered(fields: list[Field], count: int, text: str) -> None:
    pack = service(
        fields=tuple(fields[:count]), number=text, receipt=Receipt(thermal=text, page=text)
    )
    assert all(problem.id and problem.en for problem in problems(pack, tenant()))
