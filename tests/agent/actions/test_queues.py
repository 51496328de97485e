"""The queue's figures before and after."""

import pytest

from agent.actions import queues
from agent.actions.base import Failed
from provisioning.players.devices.ipp_printer import IppDevice
from tests.agent.actions.conftest import Bench


def test_the_queue_is_looked_at_through_its_probe(bench: Bench, ipp_device: IppDevice) -> None:
    bench.settings["probes"]["queue"] = {"uri": ipp_device.queue_uri}
    ipp_device.enqueue()
    context = bench.context("clear_queue")
    seen = queues.look(context)
    assert queues.facts_of(seen, seen)["jobs"] == 1
    assert str(queues.uri_of(context)) == ipp_device.queue_uri


def test_a_cups_that_is_gone_is_no_empty_queue(bench: Bench, ipp_device: IppDevice) -> None:
    bench.settings["probes"]["queue"] = {"uri": ipp_device.queue_uri}
    ipp_device.kill()
    with pytest.raises(Failed) as failed:
        queues.look(bench.context("clear_queue"))
    assert failed.value.code == "unreachable"
