"""The text Mosquitto is given says what we decided, and Mosquitto itself accepts it."""

from pathlib import Path

from broker_config.in_force import files
from broker_config.knock import answers
from broker_config.mosquitto import configuration
from broker_config.settings import Settings, TlsListener
from tests.support.broker import TlsBroker, a_mosquitto


def options(settings: Settings) -> list[str]:
    return [line for line in configuration(settings).splitlines() if not line.startswith("#")]


def test_listens_on_this_machine_only() -> None:
    lines = options(Settings(port=1883, state=Path("state")))
    assert [line for line in lines if line.startswith("listener")] == ["listener 1883 127.0.0.1"]


def test_keeps_more_than_the_thousand_messages_that_are_built_in() -> None:
    lines = options(Settings(port=1883, state=Path("state")))
    assert "max_queued_messages 1000000" in lines
    assert "persistence true" in lines


def test_does_not_use_per_listener_settings_because_they_break_offline_queues() -> None:
    assert "per_listener_settings false" in options(Settings(port=1883, state=Path("state")))


def test_names_an_account_only_when_told() -> None:
    plain = options(Settings(port=1883, state=Path("state")))
    assert not [line for line in plain if line.startswith("user")]
    assert "user kiosk" in options(Settings(port=1883, state=Path("state"), user="kiosk"))


def test_a_second_door_shows_a_certificate() -> None:
    tls = TlsListener(port=8883, ca=Path("ca.pem"), cert=Path("cert.pem"), key=Path("key.pem"))
    lines = options(Settings(port=1883, state=Path("state"), tls=tls))
    assert "listener 8883 127.0.0.1" in lines
    assert lines.index("cafile ca.pem") > lines.index("listener 8883 127.0.0.1")


def guarded() -> list[str]:
    known = files(Path("f"), "127.0.0.1", 8884, 500)
    return options(Settings(port=8883, state=Path("state"), bind="0.0.0.0", identities=known))


def test_with_identities_nobody_is_anonymous_and_nothing_is_retained() -> None:
    lines = guarded()
    for line in (
        "per_listener_settings false",
        "allow_anonymous false",
        "allow_zero_length_clientid false",
        "acl_file f/access",
        "retain_available false",
        "sys_interval 0",
    ):
        assert lines.count(line) == 1
        assert lines.index(line) < lines.index("listener 8883 0.0.0.0"), "else it opens port 1883"
    assert "allow_anonymous true" not in lines


def test_each_door_asks_for_certificates_of_its_own_authority() -> None:
    lines = guarded()
    at = lines.index("listener 8884 127.0.0.1")
    kiosks, office = lines[lines.index("listener 8883 0.0.0.0") : at], lines[at:]
    for door, authority in ((kiosks, "device"), (office, "server")):
        assert f"cafile f/{authority}-ca.pem" in door
        assert "require_certificate true" in door
        assert "use_identity_as_username true" in door
        assert "tls_version tlsv1.2" in door
    assert "crlfile f/crl.pem" in kiosks
    assert "use_username_as_clientid true" in kiosks
    assert "max_connections 500" in kiosks
    assert "use_username_as_clientid true" not in office, "the office has a session a partition"


def test_mosquitto_accepts_it_without_a_warning_of_ours(tmp_path: Path) -> None:
    broker = a_mosquitto(tmp_path)
    broker.start()
    try:
        said = broker.log.read_text()
        assert "Error" not in said
        assert answers(broker.host, broker.port)
    finally:
        broker.stop()


def test_mosquitto_opens_both_doors(mosquitto_tls: TlsBroker) -> None:
    assert answers(mosquitto_tls.host, mosquitto_tls.port)
    assert not answers(mosquitto_tls.host, mosquitto_tls.tls_port, timeout_s=0.3)  # needs TLS
