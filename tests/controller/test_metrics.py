"""Counters: known names, safe labels."""

import pytest

from controller.metrics import HELP, Counters


def test_counting_adds_and_setting_replaces() -> None:
    counters = Counters()
    for _ in range(2):
        counters.add("anjungan_messages_total", 2, "kind=birth")
        counters.set("anjungan_leases", 5)
    assert counters.get("anjungan_messages_total", "kind=birth") == 4
    assert counters.get("anjungan_leases") == 5


def test_a_name_nobody_knows_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        Counters().add("anjungan_typo_total")


def test_every_metric_is_always_told() -> None:
    assert Counters().snapshot().keys() == HELP.keys()
    assert Counters().snapshot()["anjungan_leases"] == {"": 0}


def test_a_batch_counts_apart_until_it_is_stored() -> None:
    whole, batch = Counters(), Counters()
    whole.add("anjungan_acks_total", 3)
    batch.add("anjungan_acks_total", 4)
    whole.merge(batch)
    assert whole.get("anjungan_acks_total") == 7
