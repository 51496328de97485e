"""Modules that are absent for a moment only."""

import importlib
import sys

import pytest

from agent.lean import without


def test_an_empty_module_is_found_inside_and_the_real_one_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "wave", raising=False)
    with without("wave"):
        assert not hasattr(importlib.import_module("wave"), "open")
    assert hasattr(importlib.import_module("wave"), "open")


def test_a_module_that_is_already_there_stays() -> None:
    with without("json"):
        assert hasattr(importlib.import_module("json"), "loads")
    assert "json" in sys.modules
