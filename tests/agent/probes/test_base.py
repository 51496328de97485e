"""The shape of findings."""

import pytest

from agent.probes.base import cannot_tell, found, judge_codes
from wire.faults import CATALOGUE, Entry, Text2


def an_entry(code: str, severity: str) -> Entry:
    text = Text2("", "")
    return Entry(code, severity, text, text, text, 0, 0)  # type: ignore[arg-type]


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {s: an_entry(s, s) for s in ("info", "warn", "fail", "critical")}
    monkeypatch.setattr("agent.probes.base.CATALOGUE", {**CATALOGUE, **entries})


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("codes", "state"),
    [
        ([], "ok"),
        (["info"], "ok"),
        (["info", "warn"], "warn"),
        (["warn", "fail", "info"], "fail"),
        (["critical"], "fail"),
    ],
)
def test_the_worst_code_gives_the_state(codes: list[str], state: str) -> None:
    assert judge_codes(codes) == state


def test_a_code_the_catalogue_does_not_know_counts_as_a_failure() -> None:
    assert judge_codes(["nobody.wrote_this"]) == "fail"


def test_a_finding_without_codes_is_ok_and_has_nothing_to_explain() -> None:
    assert found({"a": 1}) == ("ok", {"a": 1}, (), "")


def test_what_cannot_be_told_is_unknown_with_the_reason_and_no_code() -> None:
    assert cannot_tell("no such device") == ("unknown", {}, (), "no such device")
