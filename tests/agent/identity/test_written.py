"""A person's file with a few settings changed, and not a word of theirs lost."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.identity.written import CannotEdit, Settings, edited

WANTED: Settings = {
    "": {"kiosk": "bdg-andir-01", "state_dir": "/var/lib/anjungan"},
    "door": {"url": "https://office.example:9443"},
    "broker": {"host": "office.example", "port": 8883, "ca": None},
}
BY_HAND = """\
# pagi
kiosk = "old"   # was the old one

[broker]  # the office's
host = "10.0.0.1"
ca = "/etc/ca.pem"
keepalive_s = 30

[probes.printer]
# in the back room
uri = "ipp://127.0.0.1/ipp/print"
"""


def test_a_new_file_says_what_is_wanted() -> None:
    assert tomllib.loads(edited("", WANTED)) == {
        "kiosk": "bdg-andir-01",
        "state_dir": "/var/lib/anjungan",
        "door": {"url": "https://office.example:9443"},
        "broker": {"host": "office.example", "port": 8883},
    }


def test_what_a_person_wrote_stays_where_it_is() -> None:
    new = edited(BY_HAND, WANTED)
    kept = ["# pagi", "keepalive_s = 30", "# in the back room", "[broker]  # the office's"]
    assert all(line in new.splitlines() for line in kept)
    read = tomllib.loads(new)
    assert read["probes"] == {"printer": {"uri": "ipp://127.0.0.1/ipp/print"}}
    assert read["broker"] == {"host": "office.example", "port": 8883, "keepalive_s": 30}


@pytest.mark.parametrize("text", ["", BY_HAND])
def test_doing_it_twice_changes_nothing_more(text: str) -> None:
    once = edited(text, WANTED)
    assert edited(once, WANTED) == once


@pytest.mark.parametrize(
    "text",
    [
        'broker = { host = "a" }\n',
        'broker.host = "a"\n',
        'kiosk = """\nold"""\n',
        '"kiosk" = "old"\n',
        "kiosk = \n",
        'note = """\nkiosk = 1\n"""\n',
    ],
)
def test_what_is_not_understood_for_sure_is_left_to_a_person(text: str) -> None:
    with pytest.raises(CannotEdit):
        edited(text, WANTED)


keys = st.sampled_from(["kiosk", "host", "port", "ca", "x", "broker"])
values = st.sampled_from(["a", 1, True, 'q"\\', ["a", 1]])
tables = st.dictionaries(keys, values, max_size=3)


def written(top: dict[str, Any], broker: dict[str, Any], probe: dict[str, Any]) -> str:
    def lines(table: dict[str, Any]) -> list[str]:
        # a literal of Python is one of TOML, but for true and the quotes
        return [
            f"{key} = {str(value).lower() if value is True else repr(value)}"
            for key, value in table.items()
            if value != 'q"\\'
        ] + [f"{key} = 'q\"\\'" for key, value in table.items() if value == 'q"\\']

    parts = [*lines(top), "[broker]", *lines(broker), "", "[probes.x]", *lines(probe)]
    return "\n".join(parts)


@given(tables, tables, tables)
def test_every_other_setting_survives(
    top: dict[str, Any], broker: dict[str, Any], probe: dict[str, Any]
) -> None:
    top.pop("broker", None)
    new = tomllib.loads(edited(written(top, broker, probe), WANTED))
    assert new["probes"]["x"] == probe
    assert {key: new[key] for key in top} == top | {
        k: WANTED[""][k] for k in top if k in WANTED[""]
    }
    expected = broker | {"host": "office.example", "port": 8883}
    expected.pop("ca", None)
    assert new["broker"] == expected
