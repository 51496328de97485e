"""What a citizen can do, from what probes say: every combination."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.known import Known, Latest, Presence, Standing, Thread
from controller.verdict import SERVICES, status, verdicts, worst_code
from wire.faults import CATALOGUE
from wire.messages import State

PROBES = ("screen", "browser", "portal", "printer", "queue", "receipt")
states = st.sampled_from(["ok", "warn", "fail", "unknown"])


def kiosk(presence: str = "online", **probes: State) -> Known:
    known = Known(1, "kiosk-1", 0)
    known.presence = Presence(presence, 0, "")
    known.thread = Thread("", 1, 0, 0, 0, 0, "", "", 60, tuple(probes))
    for probe, state in probes.items():
        known.latest[probe] = Latest(state, 0, {}, (), "", 0, 0, 0.0, 0, 0)
    return known


def answers(known: Known) -> dict[str, str]:
    return {service: one.answer for service, one in verdicts(known).items()}


WELL: dict[str, State] = {"screen": "ok", "browser": "warn", "portal": "ok"}


def test_all_is_well_with_a_receipt_printer() -> None:
    assert set(answers(kiosk(**WELL, receipt="ok")).values()) == {"yes"}


def test_no_paper_stops_only_what_prints() -> None:
    known = kiosk(**WELL, receipt="fail")
    known.latest["receipt"] = known.latest["receipt"]._replace(codes=("receipt.paper_out",))
    found = verdicts(known)
    assert answers(known) == {"inform": "yes", "apply": "no", "complain": "yes", "watch": "yes"}
    assert found["apply"].why == "receipt.paper_out"


def test_a_page_printer_needs_its_queue_where_there_is_one() -> None:
    assert answers(kiosk(**WELL, printer="ok"))["apply"] == "yes"
    assert answers(kiosk(**WELL, printer="ok", queue="fail"))["apply"] == "no"
    assert answers(kiosk(**WELL, printer="ok", queue="fail", receipt="ok"))["apply"] == "yes"


def test_without_any_printer_nobody_can_tell() -> None:
    assert verdicts(kiosk(**WELL))["apply"][:2] == ("unknown", "probe:printer")


@pytest.mark.parametrize(("presence", "why"), [("offline", "stale"), ("unknown", "stale"),
                                               ("never", "never")])  # fmt: skip
def test_of_a_kiosk_not_heard_nothing_is_known(presence: str, why: str) -> None:
    found = verdicts(kiosk(presence, **WELL, receipt="ok"))
    assert {one[:2] for one in found.values()} == {("unknown", why)}


def test_a_kiosk_that_a_technician_has_closed_serves_nobody_and_is_not_broken() -> None:
    known = kiosk(**WELL, receipt="ok")
    known.latest["portal"] = known.latest["portal"]._replace(codes=("portal.maintenance",))
    known.faults["portal.maintenance"] = standing()
    assert {one[:2] for one in verdicts(known).values()} == {("no", "portal.maintenance")}
    assert status(known)[0::2] == ("ok", "")
    known.latest["portal"] = known.latest["portal"]._replace(codes=())
    assert set(answers(known).values()) == {"yes"}


def test_a_missing_probe_is_named() -> None:
    found = verdicts(kiosk(screen="ok", browser="ok"))
    assert found["inform"][:2] == ("unknown", "probe:portal")


def test_no_beats_unknown_beats_yes() -> None:
    order = {"no": 0, "unknown": 1, "yes": 2}
    of = {"ok": "yes", "warn": "yes", "fail": "no", "unknown": "unknown"}
    for s, b, p in product(of, of, of):
        worst = min((of[s], of[b], of[p]), key=lambda one: order[one])
        found = answers(kiosk(screen=s, browser=b, portal=p))  # type: ignore[arg-type]
        assert found["inform"] == found["watch"] == found["complain"] == worst


@given(st.dictionaries(st.sampled_from(PROBES), states))
def test_every_answer_but_yes_has_its_reason(probes: dict[str, State]) -> None:
    for service, one in verdicts(kiosk(**probes)).items():
        assert service in SERVICES
        assert (one.answer == "yes") == (not one.why)
        assert one.why == "" or one.why.startswith("probe:")


@given(st.dictionaries(st.sampled_from(PROBES), states), st.sampled_from(PROBES), states)
def test_a_probe_that_worsens_never_improves_an_answer(
    probes: dict[str, State], probe: str, state: State
) -> None:
    order = {"no": 0, "unknown": 1, "yes": 2}
    worse: dict[str, State] = {**probes, probe: "fail"}
    before, after = answers(kiosk(**{**probes, probe: state})), answers(kiosk(**worse))
    assert all(order[after[s]] <= order[before[s]] for s in SERVICES)


def standing(state: str = "open", since: int = 0) -> Standing:
    return Standing(state, since, 0, "", {})


def test_the_status_is_the_worst_open_fault() -> None:
    known = kiosk(**WELL)
    assert status(known)[0::2] == ("ok", "")
    known.faults["printer.paper_low"] = standing()
    assert status(known)[0::2] == ("warn", "printer.paper_low")
    known.faults["screen.black"] = standing("clearing")
    assert status(known)[0::2] == ("fail", "screen.black")
    known.presence = Presence("offline", 0, "will")
    assert status(known)[0::2] == ("offline", "offline")


def test_a_kiosk_whose_screen_cannot_be_seen_is_not_ok() -> None:
    known = kiosk(screen="unknown", browser="ok", portal="ok")
    assert status(known)[0::2] == ("unknown", "probe:screen")
    assert status(kiosk(screen="ok"))[0::2] == ("unknown", "probe:browser")


def test_a_pending_fault_is_not_yet_one() -> None:
    assert worst_code({"screen.black": standing("pending")}) is None


def test_of_equals_the_oldest_is_named() -> None:
    fails = sorted(code for code, one in CATALOGUE.items() if one.severity == "fail")[:2]
    assert worst_code({fails[0]: standing(since=9), fails[1]: standing(since=3)}) == fails[1]
