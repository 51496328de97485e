"""Where releases are, whom to believe there, and what it may cost."""

import ssl

import msgspec
import pytest

from agent.config import BadConfig, Door
from agent.content.trouble import LineFailing
from agent.content.wanted import Kept
from tests.support.installing import BUNDLE, Installer, page


def test_the_settings_go_before_the_office_and_that_before_the_door(bare: Installer) -> None:
    line = bare.kiosk().wire
    assert line.url == bare.url
    bare.url = ""
    line = bare.kiosk().wire
    assert line.url == ""
    with pytest.raises(LineFailing, match="where releases are"):
        line.line()
    line._kept = Kept(url="https://kantor.example/rilis")
    assert line.url == "https://kantor.example/rilis"
    line._kept = Kept()
    line._config = msgspec.structs.replace(line._config, door=Door("https://kantor:8443"))
    assert line.url == "https://kantor:8443/v1/releases"


def test_an_address_that_is_none_is_for_whoever_wrote_it(bare: Installer) -> None:
    bare.url = "ftp://kantor/"
    with pytest.raises(BadConfig, match="ftp"):
        bare.kiosk().wire.line()


def test_tls_checks_dates_only_by_a_clock_that_is_believed(
    bare: Installer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare.releases.publish(BUNDLE, 1, page("Satu"))
    bare.install(1)
    monkeypatch.setattr("agent.content.build._rtc", lambda: 0)
    bare.url = "https://kantor.example/"
    context = bare.kiosk().wire.tls()
    assert context is not None
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.verify_flags & 0x200000
    bare.url = "http://kantor.example/"
    assert bare.kiosk().wire.tls() is None


def test_a_budget_that_is_used_up_is_waited_out(bare: Installer) -> None:
    bare.releases.publish(BUNDLE, 1, page("Satu"))
    bare.settings["day_mb"] = 0.0005
    bare.want(1)
    bare.run()
    assert bare.status.codes == ["content.budget"]
    assert bare.slots().current == 0
    bare.settings["day_mb"] = 0.0
    bare.run()
    assert bare.slots().current == 1


def test_quiet_hours_that_are_none_are_for_whoever_wrote_them(bare: Installer) -> None:
    bare.settings["quiet"] = ["25:00-26:00"]
    with pytest.raises(BadConfig, match="25:00"):
        bare.kiosk().wire.line()
