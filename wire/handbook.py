"""docs/protocol.md, built: hand-written chapters, and tables taken from the types they describe.

Pure: returns the text; writing it to a file is for others (`provisioning.docs`).
"""

from collections.abc import Iterable, Mapping
from inspect import cleandoc
from typing import Any, Final

import msgspec

from wire import asyncapi, codec, topics
from wire import handbook_prose as prose
from wire.actions import KINDS
from wire.content import About, File, Index, PackAbout, Want, Wants, Window
from wire.envelope import Approval, Batch, Envelope, Order
from wire.faults import DEVICES, Entry
from wire.handbook_answers import ANSWERS, DEEDS, Answer
from wire.handbook_citizens import CITIZENS, REFUSED
from wire.lifecycle import (
    COMMAND,
    FAULT,
    INSTALL,
    JOB,
    PACK,
    PRESENCE,
    RECORD,
    RELEASE,
    ROLLOUT,
    SUBMISSION,
    Table,
)
from wire.messages import DOWN, UP, Attachment, Observation, RootSignature
from wire.policy import Key, Policy, Rule
from wire.submission import BUCKET, MOST_RECORD

REASONS: Final[Mapping[str, str]] = {
    "topic": "the topic is none of ours, or its kiosk's name is no name",
    "wrong_partition": "the kiosk does not belong to the partition in the topic",
    "unknown_kind": "no message of this kind goes this way",
    "empty": "no bytes at all",
    "too_large": "more bytes than a message may have; not even looked at",
    "not_utf8": "the bytes are not UTF-8",
    "not_json": "not JSON: broken, with a byte order mark, or with half a surrogate pair",
    "duplicate_key": "an object says a key twice, and readers would disagree which counts",
    "too_deep": "nested deeper than the reader goes",
    "number": "NaN, Infinity, or a number that does not fit",
    "wrong_shape": "JSON, but not this message: a field missing, of another type, or out of bounds",
    "wrong_version": "another version of the protocol",
    "not_canonical": "a signed text in another spelling than the one there is",
}

FIELDS: Final[Mapping[str, str]] = {
    "v": "version of the protocol",
    "epoch": "the kiosk's memory, see The thread",
    "birth": "connection within the epoch",
    "seq": "message within the birth",
    "sent": "when it was sent, kiosk's clock, ms since 1970",
    "agent": "version of the agent",
    "boot_id": "changes with every start of the machine",
    "started": "when the agent started, kiosk's clock, ms since 1970",
    "oldest_fact": "number of the oldest fact still kept, or of the next one",
    "keepalive_s": "Keep Alive of this connection, s",
    "probes": "the probes this kiosk has",
    "planned": "true when the agent stopped in order",
    "why": "one sentence for a person",
    "full": "true when every probe of the kiosk is in it",
    "observations": "one for each probe that has something to say",
    "fact": "number of the fact within the epoch, from 1",
    "old": "the state before",
    "observation": "the look that changed it; its state is the new one",
    "upto": "every fact up to this one is stored",
    "call": "names this roll call",
    "within_s": "answer within this many seconds, at a random moment",
    "probe": "which probe looked",
    "state": "what it concludes",
    "facts": "what it measured, the unit in the name",
    "codes": "faults of the catalogue that it stands for",
    "at": "when it looked, kiosk's clock, ms since 1970",
    "latency_ms": "how long the look took",
    "nonce": "32 random hex digits of this connection, which orders must repeat; empty: takes none",
    "policy": "of a birth: version of the policy in force; else the text of a newer one",
    "number": "the highest number of a command this kiosk has ever taken",
    "command": "which command, 32 hex digits",
    "percent": "how far it is",
    "note": "what it does just now, or why it cannot be cancelled",
    "code": "why it ended so, for programs; empty for a plain success",
    "attachment": "what was handed in at the door beforehand",
    "began": "when it began, kiosk's clock, ms since 1970",
    "ended": "when it ended, kiosk's clock, ms since 1970",
    "sha256": "hash of the bytes",
    "size": "how many bytes",
    "type": "what they are",
    "signed": "the text of a Batch (see Commands) or of a Wants (see Releases)",
    "key": "name of the key: the first 16 hex digits of its SHA-256",
    "signature": "Ed25519, base64",
    "signatures": "of the roots",
    "releases": "bundle -> number of the release in use",
    "bundle": "which bundle",
    "release": "number of the release (`seq` of the Want it answers)",
    "attempt": "of the Want it answers",
    "done": "bytes that have crossed the line for it",
    "total": "bytes that have to, in all",
    "now": "the release in use afterwards, 0 for none",
}


def text() -> str:
    """The whole handbook as Markdown, the same on every call."""
    chapters = (
        prose.OPENING,
        prose.SESSIONS.format(
            partitions=topics.PARTITIONS,
            keepalive=asyncapi.KEEPALIVE_S,
            window=asyncapi.KIOSK_WINDOW,
            receive=asyncapi.OFFICE_RECEIVE_MAXIMUM,
            will_delay=asyncapi.WILL_DELAY_S,
        ),
        _topics(),
        prose.THREAD,
        prose.READINGS,
        prose.FACTS,
        prose.DEATH,
        prose.REBIRTH,
        prose.ROLL_CALL,
        prose.CLOCKS,
        prose.COMMANDS,
        _structs(SIGNED),
        _kinds(),
        prose.WHY_NOT + "\n" + _answers(ANSWERS),
        prose.WHY_NOT_DONE + "\n" + _answers(DEEDS),
        prose.RELEASES,
        _structs(RELEASED),
        CITIZENS.format(most=MOST_RECORD, bucket=BUCKET) + "\n" + _rows(("word", "when"), REFUSED),
        _messages(),
        prose.REFUSALS.format(most=codec.MAX_BYTES) + "\n" + _rows(("reason", "when"), REASONS),
        prose.LIFECYCLES,
        _state_table("Presence of a kiosk", PRESENCE),
        _state_table("A fault", FAULT),
        _state_table("A command", COMMAND),
        _state_table("A job", JOB),
        _state_table("A release on one kiosk", INSTALL),
        _state_table("A release in the office", RELEASE),
        _state_table("A rollout", ROLLOUT),
        _state_table("A service pack", PACK),
        _state_table("A record of a citizen, at the office", RECORD),
        _state_table("A submission", SUBMISSION),
        prose.CATALOGUE,
        *(_device(device, entries) for device, entries in DEVICES.items()),
    )
    return "\n".join(chapters)


def _topics() -> str:
    rules = [(rule.role, rule.access, f"`{rule.filter}`") for rule in topics.access_rules()]
    head = (
        f"## Topics\n\n"
        f"    {topics.ROOT}/pNN/<kiosk>/up/<kind>      a kiosk speaks\n"
        f"    {topics.ROOT}/pNN/<kiosk>/down/<kind>    the office speaks to one kiosk\n"
        f"    {topics.ROOT}/pNN/{topics.EVERYONE}/down/<kind>"
        f"       the office speaks to a partition\n\n"
        f"NN is the CRC-32 of the kiosk's name modulo {topics.PARTITIONS}. A name matches "
        f"`{topics.KIOSK_NAME.pattern}`.\nWho may do what, the source of every broker's access "
        f"list (`%u` is the caller's own name):\n\n"
    )
    return head + _table(("who", "may", "filter"), rules)


PARTS: Final = (Observation, Attachment, RootSignature)
SIGNED: Final = (Batch, Envelope, Order, Approval, Policy, Key, Rule)
RELEASED: Final = (Wants, Want, Window, About, PackAbout, Index, File)


def _part(type_: type[msgspec.Struct]) -> str:
    return _message("a part of others", type_)


def _structs(types: Iterable[type[msgspec.Struct]]) -> str:
    """What is signed is told by its documentation and its JSON schema, field by field."""
    return "\n".join(
        f"### {type_.__name__}\n\n{cleandoc(type_.__doc__ or '')}\n\n"
        + _table(("field", "shape", "default"), _fields(type_))
        for type_ in types
    )


def _fields(type_: type[msgspec.Struct]) -> Iterable[tuple[str, str, str]]:
    _, schemas = msgspec.json.schema_components([type_], ref_template="{name}")
    for name, field in schemas[type_.__name__]["properties"].items():
        yield f"`{name}`", _shape(field), _default(field)


def _kinds() -> str:
    rows = [
        (
            f"`{name}`",
            ", ".join(f"`{field}`" for field in kind.args.__struct_fields__),
            kind.power,
            kind.again.replace("_", " "),
            f"{kind.step_s} s",
            f"{kind.all_s} s",
        )
        for name, kind in KINDS.items()
    ]
    head = ("kind", "arguments", "power", "after a cut of the power", "a step", "in all")
    return "### The kinds\n\n" + _table(head, rows)


def _messages() -> str:
    ups = [_message(f"up/{kind}", type_) for kind, type_ in UP.items()]
    downs = [_message(f"down/{kind}", type_) for kind, type_ in DOWN.items()]
    return "\n".join(["## Messages\n", *ups, *downs, *(_part(one) for one in PARTS)])


def _message(where: str, type_: type[msgspec.Struct]) -> str:
    _, schemas = msgspec.json.schema_components([type_], ref_template="{name}")
    schema = schemas[type_.__name__]
    rows = [
        (f"`{name}`", _shape(field), _default(field), FIELDS[name])
        for name, field in schema["properties"].items()
    ]
    head = f"### {type_.__name__} (`{where}`)\n\n{cleandoc(type_.__doc__ or '')}\n\n"
    return head + _table(("field", "shape", "default", "meaning"), rows)


def _shape(schema: Mapping[str, Any]) -> str:
    """A JSON schema in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"])
    if "enum" in schema:
        return ", ".join(str(value) for value in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(_shape(one) for one in schema["anyOf"])
    if schema["type"] == "array":
        return _array(schema)
    if schema["type"] == "object":
        values = _shape(schema["additionalProperties"])
        most = f"at most {schema['maxProperties']} " if "maxProperties" in schema else ""
        return f"{most}names, each with: {values}"
    return _scalar(schema)


def _array(schema: Mapping[str, Any]) -> str:
    if "prefixItems" in schema:
        return "[" + ", ".join(_shape(one) for one in schema["prefixItems"]) + "]"
    most = f"at most {schema['maxItems']}" if "maxItems" in schema else "any number"
    return f"{most} of: {_shape(schema['items'])}"


def _scalar(schema: Mapping[str, Any]) -> str:
    name = str(schema["type"])
    if "maxLength" in schema:
        return f"text of at most {schema['maxLength']}"
    if "pattern" in schema:
        return f"`{schema['pattern'].removesuffix('(?!' + chr(92) + 'n)')}`"
    if "minimum" in schema:
        return f"{name} {_bound(schema['minimum'])} to {_bound(schema['maximum'])}"
    return name


def _bound(number: int) -> str:
    return {2**53: "2^53", -(2**53): "-2^53"}.get(number, str(number))


def _default(schema: Mapping[str, Any]) -> str:
    return f"`{msgspec.json.encode(schema['default']).decode()}`" if "default" in schema else ""


def _state_table(title: str, table: Table) -> str:
    rows = [(state, event, new) for (state, event), new in table.items()]
    return f"### {title}\n\n" + _table(("state", "event", "next state"), rows)


def _device(device: str, entries: Iterable[Entry]) -> str:
    rows = [
        (
            f"`{entry.code}`",
            entry.severity,
            f"{entry.name.en} / *{entry.name.id}*",
            f"{entry.open_after_s:g} s",
            f"{entry.clear_after_s:g} s",
            entry.advice.en,
            entry.citizen.en,
        )
        for entry in entries
    ]
    head = ("code", "severity", "name", "opens", "clears", "technician", "citizen")
    return f"### {device}\n\n" + _table(head, rows)


def _rows(head: tuple[str, str], rows: Mapping[str, str]) -> str:
    return _table(head, ((f"`{key}`", value) for key, value in rows.items()))


def _answers(answers: Mapping[str, Answer]) -> str:
    rows = ((f"`{code}`", one.when, one.act or "nobody") for code, one in answers.items())
    return _table(("code", "when", "who must act"), rows)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = tuple(head)
    lines = [head, ("---",) * len(head), *rows]
    return "".join("| " + " | ".join(_cell(cell) for cell in line) + " |\n" for line in lines)


def _cell(value: str) -> str:
    return value.replace("|", r"\|").replace("\n", " ")
