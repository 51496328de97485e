"""A document as inputs and back: nothing is lost, rows move, hostile names change nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.services import form
from controller.services.examine import normal
from tests.controller.services.conftest import PACK
from tests.support.showcase_services import STARTER

SHIPPED = sorted(STARTER.glob("tenants/*/services/*.json"))


@pytest.mark.parametrize("path", SHIPPED[::6], ids=lambda path: path.stem)
def test_a_form_nobody_touched_changes_nothing(path: Path) -> None:
    document = normal(json.loads(path.read_bytes()))
    assert normal(form.filled(document, [])) == document


def test_what_is_typed_stands_in_its_place(pack: dict[str, Any]) -> None:
    typed = [
        ("name.su", "Serat"), ("fields[0].label.en", "Number"), ("fields[0].secret", "no"),
        ("standard.duration.working_days", "3"), ("regions", "32.73.05, 32.73.01"),
        ("standard.legal_basis", "UU 25/2009\n\nPermen 15/2014"), ("queue.letter", ""),
        ("modes", ""), ("modes", "info"), ("modes", "apply"), ("name.en", ""),
    ]  # fmt: skip
    made = form.filled(pack, typed)
    assert made["name"]["su"] == "Serat"
    assert "en" not in made["name"]
    assert (made["fields"][0]["label"]["en"], made["fields"][0]["secret"]) == ("Number", False)
    assert made["standard"]["duration"]["working_days"] == 3
    assert made["regions"] == ["32.73.05", "32.73.01"]
    assert made["standard"]["legal_basis"] == ["UU 25/2009", "Permen 15/2014"]
    assert made["modes"] == ["info", "apply"]
    assert made.get("queue") is None


def test_what_is_no_part_of_a_pack_stays_outside(pack: dict[str, Any]) -> None:
    typed = [("version", "3"), ("do", "save"), ("csrf", "x"), ("code", "KEC-LAIN-1"), ("v", "2")]
    assert normal(form.filled(pack, typed)) == normal(pack)


def test_rows_come_go_and_move(pack: dict[str, Any]) -> None:
    names = [one["name"] for one in pack["fields"]]
    assert len(form.acted(pack, "add fields")["fields"]) == len(names) + 1
    dropped = form.acted(pack, "drop fields[0]")["fields"]
    assert [one["name"] for one in dropped] == names[1:]
    down = [one["name"] for one in form.acted(pack, "down fields[0]")["fields"]]
    assert down[:2] == [names[1], names[0]]
    up = [one["name"] for one in form.acted(pack, "up fields[1]")["fields"]]
    assert up[:2] == [names[1], names[0]]
    assert form.acted(pack, "up fields[0]") == pack


@pytest.mark.parametrize("act", ["", "save", "drop fields[999]", "add tenant", "drop x[0]"])
def test_other_words_change_nothing(act: str, pack: dict[str, Any]) -> None:
    assert form.acted(pack, act) == pack


def test_options_are_lines_of_text() -> None:
    text = "kerja = Bekerja | Digawe | Employed\nlain = Lainnya"
    options = form.options_of(text)
    assert options[0]["label"] == {"id": "Bekerja", "su": "Digawe", "en": "Employed"}
    assert form.options_text(options) == text
    assert form.options_of("Belum Kerja")[0] == {
        "value": "belum_kerja", "label": {"id": "Belum Kerja"},
    }  # fmt: skip


@given(st.lists(st.tuples(
    st.sampled_from(["name.id", "fields[0]", "fields[9999].x", "fields.name", "__class__", "v",
                     "standard", "standard.fees[0].rupiah", "steps", "name", "a.b.c.d.e.f.g.h"])
    | st.text(max_size=12), st.text(max_size=20)), max_size=8))  # fmt: skip
def test_whatever_is_posted_makes_a_document(typed: list[tuple[str, str]]) -> None:
    made = form.filled(PACK, typed)
    assert json.loads(json.dumps(made)) == made
    form.acted(made, "add fields")
