"""The language as an AsyncAPI 3 document, told from the kiosk's side.

Built from the message types and the topics alone, so that it cannot say something else than the
code. Returns plain values; writing them to a file is for others (`provisioning.docs`).
"""

from typing import Any, Final

import msgspec

from wire import topics
from wire.messages import DOWN, UP, VERSION

Document = dict[str, Any]

BINDING: Final = "0.2.0"  # version of the MQTT bindings below
KIOSK_SESSION_S: Final = 0xFFFFFFFF  # never by itself
WILL_DELAY_S: Final = 5
KEEPALIVE_S: Final = 60
OFFICE_RECEIVE_MAXIMUM: Final = 200
KIOSK_WINDOW: Final = 20


def document() -> Document:
    """The whole document: JSON-able values only, the same on every call."""
    return {
        "asyncapi": "3.0.0",
        "info": _info(),
        "defaultContentType": "application/json",
        "servers": {"broker": _server()},
        "channels": _channels(),
        "operations": _operations(),
        "components": {"messages": _messages(), "schemas": _schemas()},
    }


def _info() -> Document:
    return {
        "title": "Anjungan: what kiosk and office say to each other",
        "version": f"{VERSION}.0.0",
        "license": {"name": "Apache-2.0"},
        "description": (
            "Seen from the kiosk: it sends what goes up and receives what comes down. The rules "
            "of the conversation (birth, facts, gaps, roll call, clocks) are in protocol.md."
        ),
    }


def _server() -> Document:
    return {
        "host": "{host}:{port}",
        "protocol": "mqtt",
        "protocolVersion": "5.0",
        "variables": {"host": {"default": "127.0.0.1"}, "port": {"default": "1883"}},
        "bindings": {"mqtt": _kiosk_session()},
    }


def _kiosk_session() -> Document:
    return {
        "bindingVersion": BINDING,
        "clientId": "{kiosk}",
        "cleanSession": False,
        "keepAlive": KEEPALIVE_S,
        "sessionExpiryInterval": KIOSK_SESSION_S,
        "lastWill": {
            "topic": _address("up", "death"),
            "qos": 1,
            "retain": False,
            "message": "a Death with `planned` false, delayed by the Will Delay Interval",
        },
    }


def _address(way: str, kind: str) -> str:
    return f"{topics.ROOT}/{{partition}}/{{kiosk}}/{way}/{kind}"


def _kinds() -> list[tuple[str, str, str]]:
    """(kind, way, name of its type) of every message, in the order of the types."""
    ups = [(kind, "up", type_.__name__) for kind, type_ in UP.items()]
    return ups + [(kind, "down", type_.__name__) for kind, type_ in DOWN.items()]


def _channels() -> Document:
    channels = {kind: _channel(kind, _address(way, kind), name) for kind, way, name in _kinds()}
    everyone = f"{topics.ROOT}/{{partition}}/{topics.EVERYONE}/down/rollcall"
    channels["rollcall"] = _channel("rollcall", everyone, "RollCall")
    del channels["rollcall"]["parameters"]["kiosk"]
    return channels


def _channel(kind: str, address: str, name: str) -> Document:
    return {
        "address": address,
        "messages": {kind: {"$ref": f"#/components/messages/{name}"}},
        "parameters": {
            "partition": {
                "description": "p and two digits: the CRC-32 of the kiosk's name modulo "
                f"{topics.PARTITIONS}",
                "examples": ["p00", f"p{topics.PARTITIONS - 1:02d}"],
            },
            "kiosk": {"description": f"the kiosk's name: {topics.KIOSK_NAME.pattern}"},
        },
    }


def _operations() -> Document:
    return {f"{_verb(way)}_{kind}": _operation(kind, way) for kind, way, _ in _kinds()}


def _verb(way: str) -> str:
    return "send" if way == "up" else "receive"


def _operation(kind: str, way: str) -> Document:
    return {
        "action": _verb(way),
        "channel": {"$ref": f"#/channels/{kind}"},
        "messages": [{"$ref": f"#/channels/{kind}/messages/{kind}"}],
        "bindings": {"mqtt": {"bindingVersion": BINDING, "qos": 1, "retain": False}},
    }


def _messages() -> Document:
    return {name: _message(type_) for name, type_ in _types().items()}


def _types() -> dict[str, type[msgspec.Struct]]:
    return {type_.__name__: type_ for type_ in (*UP.values(), *DOWN.values())}


def _message(type_: type[msgspec.Struct]) -> Document:
    name = type_.__name__
    return {
        "name": name,
        "summary": (type_.__doc__ or "").partition("\n")[0],
        "contentType": "application/json",
        "payload": {"$ref": f"#/components/schemas/{name}"},
    }


def _schemas() -> Document:
    _, schemas = msgspec.json.schema_components(
        _types().values(), ref_template="#/components/schemas/{name}"
    )
    return dict(schemas)
