"""What the office concludes from how a kiosk speaks."""

from controller import rules
from controller.known import Known, Latest, Standing, Thread
from tests.support.office import START, Teller, seen
from wire.messages import State

LONG = rules.SILENT_MS + 1


def known(**probes: State) -> Known:
    one = Known(1, "kiosk-1", 0)
    one.thread = Thread("", 1, 0, 0, START, 0, "", "", 60, tuple(probes))
    one.births = (START,)
    for probe, state in probes.items():
        one.latest[probe] = Latest(state, START, {}, (), "", START, START, 0.0, 0, 0)
    return one


def test_a_probe_missing_from_full_readings_for_long_is_silent() -> None:
    kiosk, one = Teller("kiosk-1"), known(screen="ok", disk="ok")
    full = kiosk.reading(seen("screen"), full=True)
    assert rules.probe_silent(one, full, START + 1000) == []
    found = rules.probe_silent(one, full, START + LONG)
    assert [(c.event, c.evidence) for c in found] == [("seen", {"probes": ["disk"]})]
    assert rules.probe_silent(one, kiosk.reading(seen("screen")), START + LONG) == []


def test_a_probe_that_never_spoke_is_silent_too() -> None:
    one = known(screen="ok")
    one.latest = {}
    full = Teller("kiosk-1").reading(full=True)
    assert rules.probe_silent(one, full, START + 1000) == []
    assert rules.probe_silent(one, full, START + LONG)[0].event == "seen"


def test_a_probe_that_speaks_again_is_no_longer_silent() -> None:
    one = known(screen="ok")
    one.faults["kiosk.probe_silent"] = Standing("open", 0, 0, "", {})
    full = Teller("kiosk-1").reading(seen("screen"), full=True)
    assert [c.event for c in rules.probe_silent(one, full, START + LONG)] == ["gone"]


def test_only_a_probe_that_broke_is_failing() -> None:
    one = known(screen="unknown", browser="unknown")
    look = (seen("screen", "unknown"), seen("browser", "unknown"))
    assert rules.probe_failing(one, look) == []
    for why in ("no answer within 5 s", "the probe failed: OSError: x", "the probe returned int"):
        one.latest["browser"] = one.latest["browser"]._replace(why=why)
        found = rules.probe_failing(one, look)
        assert [(c.event, c.evidence) for c in found] == [("seen", {"probes": ["browser"]})]


def test_failing_is_gone_when_no_probe_fails() -> None:
    one = known(screen="ok")
    one.faults["kiosk.probe_failing"] = Standing("open", 0, 0, "", {})
    assert [c.event for c in rules.probe_failing(one, ())] == ["gone"]


def test_the_clock_is_wrong_beyond_two_minutes() -> None:
    one = known()
    assert rules.clock(one, 120_000, late=False) == []
    assert rules.clock(one, 120_001, late=True)[0].event == "seen"
    assert rules.clock(one, -120_001, late=True) == []
    assert rules.clock(one, -120_001, late=False)[0].why == "-121 s"


def test_only_what_lies_within_the_limit_is_remembered() -> None:
    times: tuple[int, ...] = ()
    for now in range(0, 10 * rules.MINUTE, 3 * rules.MINUTE):
        times = rules.remember(times, now, (3, 5 * rules.MINUTE))
    assert times == (6 * rules.MINUTE, 9 * rules.MINUTE)
