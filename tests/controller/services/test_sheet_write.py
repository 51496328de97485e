"""A pack as a workbook and back: nothing is lost, and no text becomes a formula."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controller.services import sheet_read, sheet_write, workbook
from controller.services.examine import normal
from tests.controller.services.conftest import PACK
from tests.support.showcase_services import STARTER

SHIPPED = sorted(STARTER.glob("tenants/*/services/*.json"))[::6]
LINE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60)


def back(document: dict[str, Any]) -> dict[str, Any]:
    return sheet_read.read(workbook.read(sheet_write.write(document))).document


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_pack_comes_back_as_it_went(path: Path) -> None:
    document = json.loads(path.read_bytes())
    assert normal(back(document)) == normal(document)


@pytest.mark.parametrize("text", ["=1+1", "+62 812", "-", "@SUM(A1)", "<b>&amp;", "😀 \u202e"])
def test_what_looks_like_a_formula_stays_text(text: str) -> None:
    document = {**PACK, "summary": {"id": text}}
    assert back(document)["summary"] == {"id": text}


def test_what_no_sheet_can_hold_is_left_out() -> None:
    assert back({**PACK, "summary": {"id": "KTP\x1f \x00baru\x0b"}})["summary"] == {
        "id": "KTP baru"
    }


@settings(max_examples=8)  # each writes a whole workbook
@given(LINE.map(str.strip).filter(bool), LINE.map(str.strip))
def test_any_words_come_back(first: str, second: str) -> None:
    words = {"id": first, **({"su": second} if second else {})}
    small = {"name": words, "standard": {"procedure": [words]}}
    found = back(small)
    assert found["name"] == words
    assert found["standard"]["procedure"] == [words]
