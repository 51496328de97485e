"""What docs/service-packs.md shows to clerks is what the language takes: every example is tried."""

import re
from pathlib import Path
from typing import get_args

import pytest

from wire.service import days, printed, template
from wire.service.document import FieldKind
from wire.service.expression import parse
from wire.service.filters import FILTERS
from wire.service.grammar import FUNCTIONS

GUIDE = (Path(__file__).parents[3] / "docs" / "service-packs.md").read_text("utf-8")
TODAY = days.date(2026, 11, 22)


def examples(kind: str) -> list[str]:
    found = re.findall(rf"^```{kind}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    return [str(each).strip() for each in found]


@pytest.mark.parametrize("condition", "\n".join(examples("condition")).splitlines())
def test_a_condition_that_is_shown_is_one(condition: str) -> None:
    assert parse(condition)


def test_a_template_that_is_shown_names_only_what_is_there() -> None:
    assert examples("template")
    for text in examples("template"):
        assert template.paths(text) <= printed.NAMES


def test_a_pattern_of_numbers_that_is_shown_is_one() -> None:
    assert examples("number")
    for pattern in examples("number"):
        assert template.file_number(pattern, code="A", place="32.73.05", day=TODAY, serial=1)


def test_every_kind_function_filter_and_name_is_told() -> None:
    told = {*get_args(FieldKind), *FILTERS, *printed.NAMES}
    assert all(re.search(rf"\b{word}\b", GUIDE) for word in told)
    assert all(f"`{function}(" in GUIDE for function in FUNCTIONS)
