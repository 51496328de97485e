"""What is wanted, and what it would cost."""

import pytest

from agent.content.dry import Costs, dry_run
from tests.support.file_server import FileServer
from tests.support.installing import BUNDLE, Installer, page

BIG = {"video.mp4": bytes(range(256)) * 2000}


def test_it_says_bytes_seconds_and_cost_and_fetches_none_of_it(
    bare: Installer, server: FileServer
) -> None:
    bare.releases.publish(BUNDLE, 1, page("Satu", BIG))
    bare.want(1)
    (line,) = dry_run(bare.kiosk(), Costs(kbit=256.0, per_mb=1000.0))
    assert (line["bundle"], line["seq"], line["now"]) == (BUNDLE, 1, 0)
    assert isinstance(line["bytes"], int)
    assert line["bytes"] > 0
    assert line["seconds"] == round(line["bytes"] * 8 / 256_000, 1)
    assert line["cost"] == pytest.approx(line["bytes"] / 1000, abs=0.01)
    assert not any("packs" in path or "chunks" in path for path in server.asked)
    assert bare.run().again_s is not None
    assert bare.reports[-1].now == 1


def test_what_is_in_use_costs_nothing(bare: Installer) -> None:
    bare.releases.publish(BUNDLE, 1, page("Satu"))
    bare.install(1)
    (line,) = dry_run(bare.kiosk(), Costs(1000.0, 0.0))
    assert (line["bytes"], line["now"]) == (0, 1)


def test_what_is_not_signed_says_so(bare: Installer) -> None:
    bare.want(7)
    (line,) = dry_run(bare.kiosk(), Costs(1000.0, 0.0))
    assert "no such release is signed" in str(line["why"])
