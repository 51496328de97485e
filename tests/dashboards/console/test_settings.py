"""What is set when nobody sets anything."""

from dashboards.console.settings import Settings


def test_without_settings_only_this_machine_is_answered() -> None:
    assert set(Settings().hosts) == {"127.0.0.1", "localhost", "::1"}
    assert Settings().static.is_dir()
    assert Settings().releases is None
