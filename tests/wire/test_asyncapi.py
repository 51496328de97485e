"""The AsyncAPI document: whole, pointing nowhere, and told from the types."""

import json
from collections.abc import Iterator
from typing import Any

from wire import asyncapi, codec, topics
from wire.messages import DOWN, UP, Present

DOCUMENT = json.loads(json.dumps(asyncapi.document()))


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (value[key] for key in value if key == "$ref")
        yield from (ref for inner in value.values() for ref in references(inner))
    if isinstance(value, list):
        yield from (ref for inner in value for ref in references(inner))


def resolve(reference: str) -> Any:
    value = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        value = value[part]
    return value


def test_every_reference_points_at_something() -> None:
    assert all(isinstance(resolve(ref), dict) for ref in references(DOCUMENT))


def test_every_kind_of_message_has_a_channel_and_an_operation() -> None:
    assert set(DOCUMENT["channels"]) == {*UP, *DOWN}
    assert {op["action"] for op in DOCUMENT["operations"].values()} == {"send", "receive"}
    assert len(DOCUMENT["operations"]) == len(UP) + len(DOWN)


def test_addresses_are_the_topics_that_the_code_builds() -> None:
    for kind, channel in DOCUMENT["channels"].items():
        kiosk = "anjungan-andir"
        partition = topics.partition_of(kiosk)
        said = channel["address"].format(partition=f"p{partition:02d}", kiosk=kiosk)
        built = topics.up(kiosk, kind) if kind in UP else topics.down(kiosk, kind)
        assert said in (built, topics.down_everyone(partition, kind))


def test_every_parameter_stands_in_its_address() -> None:
    for channel in DOCUMENT["channels"].values():
        assert all(f"{{{name}}}" in channel["address"] for name in channel["parameters"])


def test_everything_is_at_least_once_and_never_retained() -> None:
    bindings = [op["bindings"]["mqtt"] for op in DOCUMENT["operations"].values()]
    assert all(binding["qos"] == 1 and binding["retain"] is False for binding in bindings)


def test_a_schema_requires_what_the_codec_requires() -> None:
    said = json.loads(codec.encode(Present(epoch="0" * 16, birth=1, seq=2, sent=3)))
    schema = DOCUMENT["components"]["schemas"]["Present"]
    assert set(schema["required"]) <= set(said) <= set(schema["properties"])


def test_every_message_says_in_a_sentence_what_it_is() -> None:
    assert all(message["summary"] for message in DOCUMENT["components"]["messages"].values())
