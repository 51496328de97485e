"""The JSON Schema says what the reader says: what one refuses, the other refuses."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.support.packs import service
from wire.errors import MalformedMessage
from wire.service import document
from wire.service.schema import schema
from wire.service.tenant import encode

RIGHT: dict[str, Any] = json.loads(encode(service()))
VALIDATOR = Draft202012Validator(schema())
paths = st.sampled_from(
    [("code",), ("regions",), ("regions", 0), ("standard",), ("standard", "duration"),
     ("fields", 0), ("fields", 0, "name"), ("fields", 0, "kind"), ("fields", 1, "options", 0),
     ("steps", 0, "state"), ("steps", 0, "to"),
     ("name",), ("name", "id"), ("modes",),
     ("revision",),
     ("standard", "fees", 0, "rupiah"), ("v",)]
)  # fmt: skip
junk = st.one_of(
    st.none(), st.booleans(), st.integers(-10, 10**13), st.text(max_size=10), st.just([]),
    st.just({}), st.just("KEC-LAIN-01"), st.just("32.73.05"), st.just(["info"]),
)  # fmt: skip


def test_it_is_a_schema_of_its_dialect() -> None:
    Draft202012Validator.check_schema(schema())


def test_a_pack_that_is_right_passes() -> None:
    VALIDATOR.validate(RIGHT)


@given(paths, junk)
def test_what_the_reader_refuses_the_schema_refuses(path: tuple[Any, ...], value: object) -> None:
    changed = json.loads(json.dumps(RIGHT))
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    try:
        document.read(json.dumps(changed).encode())
    except MalformedMessage:
        assert not VALIDATOR.is_valid(changed)
    else:
        assert VALIDATOR.is_valid(changed)


@pytest.mark.parametrize("path", [(), ("standard",), ("fields", 0), ("steps", 0)])
def test_a_field_nobody_knows_is_refused(path: tuple[Any, ...]) -> None:
    changed = json.loads(json.dumps(RIGHT))
    place = changed
    for key in path:
        place = place[key]
    place["lain"] = 1
    assert not VALIDATOR.is_valid(changed)


def test_every_part_a_clerk_writes_is_described() -> None:
    parts = schema()["$defs"]
    for name in ("Service", "Field", "Step"):
        assert all("description" in each for each in parts[name]["properties"].values()), name
    assert set(parts["Service"]["properties"]) == set(msgspec.structs.asdict(service()))
