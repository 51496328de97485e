"""The API's answers as the OpenAPI document describes them: made from the house's own rows.

Only shapes, units and examples; no rule. Times are milliseconds since 1970, UTC, by the office's
clock. Reasons and facts come from kiosks: hostile text, to be escaped by whoever shows it.
"""

from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Millis = Annotated[int, Field(description="Milliseconds since 1970", examples=[1790000000000])]
State = Annotated[
    str,
    Field(description="fail, offline, warn, unknown, ok or never (worst first)", examples=["fail"]),
]
Answer = Annotated[str, Field(description="yes, no or unknown", examples=["no"])]
Code = Annotated[str, Field(description="Code of the catalogue", examples=["printer.paper_out"])]
Why = Annotated[
    str,
    Field(
        description="A fault code, or a word: stale (not heard), never, offline, probe:<name>",
        examples=["printer.paper_out"],
    ),
]
Item = TypeVar("Item")


class Model(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class PageOf(Model, Generic[Item]):
    rows: list[Item]
    total: int = Field(description="Rows in all pages", examples=[84000])
    number: int = Field(description="This page, from 1", examples=[1])
    size: int = Field(description="Rows a page", examples=[50])


class Kiosk(Model):
    name: str = Field(examples=["bdg-coblong-01"])
    site_code: str = Field(description="Kemendagri code", examples=["32.73.02"])
    site_name: str = Field(examples=["Coblong"])
    regency: str = Field(examples=["Kota Bandung"])
    state: State
    state_since: Millis
    state_why: Why
    presence: str = Field(description="online, offline, unknown or never", examples=["online"])
    presence_since: Millis
    open_faults: int = Field(examples=[1])
    inform: Answer
    apply: Answer
    complain: Answer
    watch: Answer
    last_heard: Millis | None = Field(description="null: never heard", examples=[1790000000000])


class Thread(Model):
    epoch: str = Field(description="Names the kiosk's memory", examples=["00a1b2c3d4e5f607"])
    birth: int = Field(description="Connections within that memory", examples=[3])
    seq: int = Field(description="Messages within that birth", examples=[17])
    fact_upto: int = Field(description="Every fact up to here is stored", examples=[5])
    last_heard: Millis
    clock_offset_ms: int = Field(description="Kiosk's clock minus the office's", examples=[12])
    agent: str = Field(examples=["0.1.0"])
    boot_id: str
    keepalive_s: int = Field(examples=[60])
    probes: list[str] = Field(examples=[["system", "screen", "printer"]])


class Verdict(Model):
    service: str = Field(description="inform, apply, complain or watch", examples=["apply"])
    answer: Answer
    since: Millis
    why: Why


class ProbeReading(Model):
    probe: str = Field(examples=["printer"])
    state: str = Field(description="ok, warn, fail or unknown", examples=["fail"])
    since: Millis
    facts: dict[str, Any] = Field(examples=[{"paper_percent": 0}])
    codes: list[str] = Field(examples=[["printer.paper_out"]])
    why: str = Field(examples=["the tray is empty"])
    observed_at: Millis
    received_at: Millis
    latency_ms: float = Field(description="How long the look took", examples=[4.2])


class Fault(Model):
    id: int = Field(examples=[4711])
    kiosk: str = Field(examples=["bdg-coblong-01"])
    site_code: str = Field(examples=["32.73.02"])
    site_name: str = Field(examples=["Coblong"])
    code: Code
    severity: str = Field(description="critical, fail, warn or info", examples=["fail"])
    opened_at: Millis
    cleared_at: Millis | None = Field(description="null: still open", examples=[None])
    why: str = Field(description="The judge's reason")
    clear_why: str | None
    acked_at: Millis | None = Field(description="null: in nobody's hands", examples=[None])
    acked_by: str | None = Field(examples=["Loket"])
    evidence: dict[str, Any] = Field(description="The observation that decided")


class KioskDetail(Model):
    row: Kiosk
    presence_why: str = Field(examples=["birth"])
    partition: int = Field(examples=[7])
    registered_at: Millis
    lat: float = Field(examples=[-6.8851])
    lng: float = Field(examples=[107.6137])
    thread: Thread | None = Field(description="null: never heard")
    verdicts: list[Verdict]
    probes: list[ProbeReading]
    faults: list[Fault] = Field(description="Open ones, worst first")


class Flip(Model):
    id: int = Field(examples=[99])
    subject: str = Field(
        description="presence, probe:<name>, fault:<code> or verdict:<service>",
        examples=["probe:printer"],
    )
    old: str = Field(examples=["ok"])
    new: str = Field(examples=["fail"])
    why: str = Field(examples=["printer.paper_out"])
    at: Millis


class Timeline(Model):
    flips: list[Flip] = Field(description="Newest first")
    next: str | None = Field(
        description="Pass as `before` for the next older ones; null: there are none",
        examples=["1790000000000.99"],
    )


class Series(Model):
    metric: str = Field(examples=["cpu_percent"])
    points: list[tuple[int, float | None]] = Field(
        description="[at, value]: holds until the next; null: unknown from then on",
        examples=[[[1790000000000, 7.5], [1790000060000, None]]],
    )


class Taking(BaseModel):
    """Empty: the name is that of whoever is logged in. Any other is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{}]})


class Acknowledged(Model):
    first: bool = Field(description="Whether this very request took it on")
    by: str = Field(examples=["Loket"])
    at: Millis


class NewNote(BaseModel):
    """The writer is whoever is logged in. Any other field is refused, not ignored."""

    text: str = Field(min_length=1, max_length=2000)
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "Kertas dipesan"}]}
    )


class Note(Model):
    id: int
    at: Millis
    who: str = Field(examples=["Loket"])
    text: str = Field(examples=["Kertas dipesan"])


class FaultDetail(Model):
    fault: Fault
    notes: list[Note] = Field(description="Oldest first")


class Site(Model):
    code: str = Field(description="Kemendagri code", examples=["32.73.02"])
    name: str = Field(examples=["Coblong"])
    regency: str = Field(examples=["Kota Bandung"])
    lat: float = Field(examples=[-6.8851])
    lng: float = Field(examples=[107.6137])
    worst: State | None = Field(description="null: no kiosk here")
    kiosks: int = Field(examples=[3])
    states: dict[str, int] = Field(examples=[{"fail": 1, "ok": 2}])


class Counts(Model):
    kiosks: int = Field(examples=[61])
    states: dict[str, int] = Field(examples=[{"fail": 1, "ok": 60}])
    presences: dict[str, int]
    verdicts: dict[str, dict[str, int]] = Field(examples=[{"apply": {"yes": 60, "no": 1}}])
    faults: dict[str, int] = Field(description="Open ones by severity", examples=[{"fail": 1}])
    unacknowledged: int = Field(examples=[1])


class Controller(Model):
    name: str = Field(examples=["controller-1"])
    started_at: Millis
    heard_at: Millis
    link: str = Field(description="To the broker: up or down", examples=["up"])
    link_why: str
    broker: str = Field(examples=["127.0.0.1:1883"])
    alive: bool
    partitions: list[int] = Field(examples=[[0, 1, 2]])


class Deafness(Model):
    condition: str = Field(
        description="disk_full, no_controller, link_down or partitions_unattended",
        examples=["no_controller"],
    )
    since: Millis | None = Field(description="null: nobody knows")
    detail: str
    partitions: list[int] = Field(description="Those nobody hears")


class Office(Model):
    now: Millis
    deaf: Deafness | None = Field(description="null: the office hears every kiosk")
    controllers: list[Controller]


class Change(Model):
    id: int = Field(examples=[12])
    at: Millis
    topic: str = Field(
        description="kiosk, fault, command, job, fleet or office", examples=["kiosk"]
    )
    kiosk: str | None = Field(examples=["bdg-coblong-01"])
    detail: str = Field(examples=["presence"])


class Changes(Model):
    changes: list[Change]
    next: int = Field(description="Pass as `after` in the next request", examples=[12])
    complete: bool = Field(
        description="false: older changes were forgotten meanwhile, read everything anew"
    )


class Health(Model):
    status: str = Field(examples=["ok"])
    deaf: str | None = Field(description="Condition of the office, null: none")
