"""Options of a kiosk are checked before they reach a file that root reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.files.command import BadSetting
from provisioning.kiosk_files.settings import Settings, clock


@pytest.mark.parametrize(
    "given",
    [
        {"display": "mir"},
        {"browser_user": "root"},
        {"browser_user": "anjungan"},
        {"browser_user": 'kiosk" or 1'},
        {"browser_user": "Kiosk"},
        {"portal_port": 80},
        {"debug_port": 70_000},
        {"portal_port": 9222},
        {"allow": ("https://a.example/*",)},
        {"allow": ("file:///etc",)},
        {"allow": ("https://a.example:0",)},
        {"allow": ("https://a.example:70000",)},
        {"allow": ("https://a.example/\n*",)},
        {"usb_allow": ("0781",)},
        {"usb_allow": ("0781:55ZZ",)},
        {"usb_allow": ('0781:5583", RUN+="sh',)},
        {"ntp": ("a b",)},
        {"ntp": ("",)},
        {"upgrade_at": "24:00"},
        {"upgrade_at": "3:00"},
        {"update_kb": 1},
        {"profile_mb": 1_000_000},
        {"keyboard": True, "display": "x11"},
        {"allow": (1,)},
    ],
)
def test_what_cannot_be_right_is_refused_by_its_name(given: dict[str, object]) -> None:
    with pytest.raises(BadSetting, match=f"--{next(iter(given)).replace('_', '-')}"):
        Settings(**given)  # type: ignore[arg-type]


def test_usual_options_are_taken() -> None:
    settings = Settings(
        display="x11",
        allow=("https://layanan.example/form", "http://10.0.0.5:8080"),
        usb_allow=("0bda:8153",),
        ntp=("10.0.0.1", "fd00::1", "time.example"),
    )
    assert settings.other_ports == [443, 8080]
    assert settings.origin == "http://127.0.0.1:8080"


@given(st.text())
def test_no_text_breaks_out_of_a_line(text: str) -> None:
    for option in ("allow", "usb_allow", "ntp"):
        try:
            Settings(**{option: (text,)})  # type: ignore[arg-type]
        except BadSetting:
            continue
        assert not set(text) & set(" \t\r\n\"'\\{};#$%*@,")


@given(st.integers(0, 23), st.integers(0, 59), st.integers(-3000, 3000))
def test_a_clock_stays_a_clock(hour: int, minute: int, later: int) -> None:
    said = clock(f"{hour:02}:{minute:02}", later)
    assert clock(said, -later) == f"{hour:02}:{minute:02}"


def test_a_clock_goes_over_midnight() -> None:
    assert clock("23:50", 90) == "01:20"
    assert clock("01:00", -120) == "23:00"
