"""What `up` would do, read before it does it."""

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from agent import config
from provisioning.layout import Options, OptionsRefused, agent_toml, environment, join, programs
from wire.actions import KINDS

SECRET = "postgresql+psycopg://office:s3cret@db/anjungan"


def options(**more: object) -> Options:
    ports = {"broker_port": 1883, "office_port": 1884, "door_port": 8443, "portal_port": 8081}
    return Options(**{"state": Path("/state"), "port": 8080, **ports, **more})  # type: ignore[arg-type]


def test_the_agent_reads_the_file_it_is_given() -> None:
    text = agent_toml(options(printer="ipp://localhost:631/ipp/print"), "bdg-coblong-1")
    read = config.parse(tomllib.loads(text))
    assert (read.kiosk, read.broker.port) == ("bdg-coblong-1", 1883)
    assert read.options()["portal"] == {"port": 8081}
    assert read.options()["printer"] == {"uri": "ipp://localhost:631/ipp/print"}
    assert "screen" in read.options()


def test_a_printer_or_browser_that_is_not_named_does_not_exist() -> None:
    read = config.parse(tomllib.loads(agent_toml(options(), "bdg-coblong-1")))
    assert not {"printer", "queue", "browser", "receipt"} & read.options().keys()


def test_a_named_browser_must_show_the_portal() -> None:
    read = config.parse(tomllib.loads(agent_toml(options(browser_port=9222), "bdg-coblong-1")))
    expected = {"port": 9222, "expected": "http://127.0.0.1:8081/"}
    assert read.options()["browser"] == expected


@given(some.text(some.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_folder_name_stays_what_it_is_in_the_file(name: str) -> None:
    text = agent_toml(options(state=Path("/") / name), "bdg-coblong-1")
    folder = Path("/") / name / "agent" / "bdg-coblong-1"
    assert tomllib.loads(text)["state_dir"] == str(folder)


def test_programs_start_from_the_office_outwards() -> None:
    names = list(programs(options(), "bdg-coblong-1"))
    office = ["warden", "broker", "registrar", "door", "controller", "console"]
    assert names == [*office, "portal", "agent", "players"]


def test_the_controller_signs_and_the_machine_somebody_works_at_is_not_rebooted() -> None:
    for fallback in (False, True):
        made = options(fallback=fallback)
        line = programs(made, "bdg-coblong-1")["controller"]
        assert line[line.index("--command-key") + 1] == "/state/command.key"
        read = config.parse(tomllib.loads(agent_toml(made, "bdg-coblong-1")))
        assert [kind for kind in KINDS if read.actions.get(kind) is False] == ["reboot", "wipe"]
    assert options().roots == Path("/state/authority/roots")


def test_releases_are_published_given_away_and_shown_from_one_folder() -> None:
    lines = programs(options(), "bdg-coblong-1")
    for name in ("door", "controller", "console"):
        assert lines[name][lines[name].index("--releases") + 1] == "/state/releases"
    key = lines["controller"][lines["controller"].index("--release-key") + 1]
    assert (key, str(options().release_keys)) == (
        "/state/release.key",
        "/state/authority/release-keys",
    )
    read = config.parse(tomllib.loads(agent_toml(options(), "bdg-coblong-1")))
    assert read.content is not None
    shown = lines["portal"][lines["portal"].index("--content") + 1]
    assert shown == f"{read.content.folder}/layanan"


def test_the_portal_knows_where_it_stands_once_that_is_settled() -> None:
    line = programs(options(site="32.73.02"), "bdg-coblong-1")["portal"]
    assert line[line.index("--site") + 1] == "32.73.02"
    assert "--site" not in programs(options(), "bdg-coblong-1")["portal"]


def test_kiosks_and_office_come_in_by_certificate() -> None:
    read = config.parse(tomllib.loads(agent_toml(options(), "bdg-coblong-1")))
    assert read.broker.cert == "/state/agent/bdg-coblong-1/identity/current/cert.pem"
    lines = programs(options(), "bdg-coblong-1")
    assert "/state/authority/issued/office.key" in lines["controller"]
    assert lines["controller"][lines["controller"].index("--broker") + 1] == "127.0.0.1:1884"
    assert "--broker-plain" not in lines["door"]


def test_the_fallback_broker_has_no_keeper_and_no_tls() -> None:
    lines = programs(options(fallback=True), "bdg-coblong-1")
    assert "broker" not in lines
    assert "--tls-ca" not in lines["controller"]
    assert "--broker-plain" in lines["door"]
    assert "--door" not in lines["players"]
    read = config.parse(tomllib.loads(agent_toml(options(fallback=True), "bdg-coblong-1")))
    assert read.broker.plain
    assert not read.broker.ca


def test_the_first_kiosk_joins_by_the_line_a_technician_types() -> None:
    line = join(options(), "bdg-coblong-1", "ABCD-EFGH")
    assert line[3:5] == ("https://127.0.0.1:8443", "ABCD-EFGH")


def test_a_single_kiosk_needs_no_players() -> None:
    assert "players" not in programs(options(kiosks=1), "bdg-coblong-1")


def test_a_password_stands_in_no_command_line() -> None:
    asked = options(database=SECRET)
    lines = programs(asked, "bdg-coblong-1").values()
    assert not [word for line in lines for word in line if "s3cret" in word]
    assert environment(asked, {})["ANJUNGAN_DATABASE"] == SECRET


def test_the_database_is_in_the_state_folder_unless_named() -> None:
    assert options().url == "sqlite:////state/office.db"
    assert "--database" in programs(options(), "bdg-coblong-1")["console"]


def test_speed_is_passed_on_only_when_it_differs() -> None:
    assert "--speed" not in programs(options(), "k-1")["players"]
    assert programs(options(speed=20), "k-1")["players"][-2:] == ("--speed", "20")


def test_the_given_python_path_is_kept() -> None:
    assert environment(options(), {"PYTHONPATH": "/mine"})["PYTHONPATH"].endswith(":/mine")


@pytest.mark.parametrize(
    "more",
    [
        {"kiosks": 0},
        {"kiosks": 84_000},
        {"speed": 0},
        {"speed": float("nan")},
        {"printer": "http://x"},
        {"queue": "lpd://x"},
        {"printer": "ipps://x/ipp/print"},
    ],
)
def test_what_cannot_be_done_is_refused(more: dict[str, object]) -> None:
    with pytest.raises(OptionsRefused, match="--"):
        options(**more)


def test_agent_and_portal_of_the_first_kiosk_share_the_citizens_folders() -> None:
    given = options(queue="ipp://localhost:631/printers/struk")
    line = programs(given, "bdg-coblong-1")["portal"]
    told = dict(pairwise(line))
    citizens = tomllib.loads(agent_toml(given, "bdg-coblong-1"))["citizens"]
    for name in ("tray", "asks", "notices"):
        assert told[f"--{name}"] == citizens[name]
    assert (told["--queue"], told["--photos"]) == ("struk", given.door)


def test_the_console_asks_a_preview_only_where_one_runs() -> None:
    with_one = programs(options(preview_port=8_090), "bdg-1")
    assert with_one["preview"][1:] == ("-m", "portal.preview", "--port", "8090")
    assert "http://127.0.0.1:8090" in with_one["console"]
    without = programs(options(), "bdg-1")
    assert "preview" not in without
    assert "--preview" not in without["console"]
