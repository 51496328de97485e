"""Addresses become questions word for word."""

import pytest
from pydantic import BaseModel, ValidationError

from controller.api.params import (
    ChangeParams,
    FaultParams,
    KioskParams,
    SeriesParams,
    TimelineParams,
)
from controller.fault_desk import FaultQuery
from controller.history import Position
from controller.kiosk_list import KioskQuery


def test_every_filter_reaches_the_query() -> None:
    asked = KioskParams(
        state=["fail", "offline"],
        presence=["online"],
        regency="Kota Bandung",
        site="32.73.02",
        apply="no",
        watch="yes",
        fault="screen.black",
        search="coblong",
    )
    assert asked.query("-heard", 3, 20) == KioskQuery(
        states=("fail", "offline"),
        presences=("online",),
        regency="Kota Bandung",
        site="32.73.02",
        verdicts=(("apply", "no"), ("watch", "yes")),
        fault="screen.black",
        search="coblong",
        sort="-heard",
        page=3,
        size=20,
    )


def test_every_filter_of_faults_reaches_the_query() -> None:
    asked = FaultParams(
        condition="all",
        severity=["critical"],
        code="x.y",
        acknowledged=False,
        kiosk="k-1",
        site="1",
        page=2,
        size=5,
    )
    assert asked.query() == FaultQuery(
        condition="all",
        severities=("critical",),
        code="x.y",
        acked=False,
        kiosk="k-1",
        site="1",
        page=2,
        size=5,
    )


def test_a_place_in_the_timeline_is_a_time_and_a_number() -> None:
    assert TimelineParams(before="17.4").position() == Position(17, 4)
    assert TimelineParams().position() is None


@pytest.mark.parametrize(
    ("model", "wrong"),
    [
        (KioskParams, {"state": ["red"]}),
        (KioskParams, {"apply": "maybe"}),
        (KioskParams, {"sort": "colour"}),
        (KioskParams, {"size": 501}),
        (KioskParams, {"search": "x" * 81}),
        (KioskParams, {"colour": "red"}),
        (FaultParams, {"severity": ["mild"]}),
        (FaultParams, {"condition": "gone"}),
        (TimelineParams, {"before": "yesterday"}),
        (SeriesParams, {"metric": [], "since": 0, "until": 1}),
        (SeriesParams, {"metric": ["password"], "since": 0, "until": 1}),
        (ChangeParams, {"after": -1}),
    ],
)
def test_what_nobody_knows_is_refused(model: type[BaseModel], wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        model(**wrong)
