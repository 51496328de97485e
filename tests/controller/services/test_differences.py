"""What a revision changes, in few lines: a part is compared with its namesake."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from controller.services.differences import Difference, differences
from tests.controller.services.test_files import PLAIN


def test_the_same_has_no_difference(pack: dict[str, Any]) -> None:
    assert differences(pack, {**pack, "revision": 9}) == []


def test_one_question_on_top_is_one_line(pack: dict[str, Any]) -> None:
    new = {"name": "baru", "kind": "text", "label": {"id": "Pertanyaan baru"}}
    found = differences(pack, {**pack, "fields": [new, *pack["fields"]]})
    assert found == [Difference("fields[baru]", "added", "", "Pertanyaan baru")]


def test_a_changed_text_shows_both(pack: dict[str, Any]) -> None:
    changed = {**pack, "summary": {**pack["summary"], "su": "Nu anyar"}}
    (one,) = differences(pack, changed)
    assert (one.where, one.what, one.after) == ("summary.su", "changed", "Nu anyar")


def test_what_went_and_what_moved_is_said(pack: dict[str, Any]) -> None:
    first, second, *rest = pack["fields"]
    found = differences(pack, {**pack, "fields": [second, first, *rest[:-1]]})
    assert [one.what for one in found] == ["removed", "moved"]


def test_truths_and_lists_are_words() -> None:
    old, new = {"a": True, "b": ["x"]}, {"a": False, "b": ["x", "y"]}
    assert differences(old, new) == [
        Difference("a", "changed", "ya", "tidak"), Difference("b", "changed", "x", "x, y"),
    ]  # fmt: skip


def test_a_part_that_became_something_else_is_told_by_what_it_said() -> None:
    old = {"fields": [{"name": "nik", "label": {"id": "NIK"}}, {"kind": "text"}]}
    assert differences(old, {"fields": "teks"}) == [
        Difference("fields", "changed", "NIK, …", "teks")
    ]


@given(st.dictionaries(st.text(max_size=5), PLAIN, max_size=4),
       st.dictionaries(st.text(max_size=5), PLAIN, max_size=4))  # fmt: skip
def test_any_two_documents_can_be_compared(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert all(isinstance(one.before, str) for one in differences(old, new))
    assert differences(old, old) == []
