"""What the office itself concludes about a kiosk, from how it speaks rather than from what it says.

Pure: each rule is a function that returns claims for the judge. One rule, one code of the
catalogue's `kiosk.*`. A rule that cannot tell claims nothing.
"""

from collections.abc import Iterable

from controller.judge import Claim
from controller.known import Known
from wire.messages import Birth, Observation, Reading

MINUTE = 60_000
FLAPPING = (5, 10 * MINUTE)  # so many new connections within so long
RESTARTING = (3, 60 * MINUTE)  # so many starts of the machine within so long
CLOCK_MS = 120_000
SHUT_MS = MINUTE  # after a quarantine no copy is heard any more
SILENT_MS = 10 * MINUTE
# How the kiosk's sampler words a probe that hung, crashed or talked nonsense. Everything else that
# is `unknown` is an honest "cannot tell here", e.g. the screen of a screenless machine.
FAILURES = ("the probe ", "no answer within")


def offline(known: Known) -> list[Claim]:
    presence = known.presence
    if presence.why in ("shut", "bury"):  # we did that: nobody is to be alarmed
        return [Claim("kiosk.offline", "gone", presence.why)]
    if presence.state == "offline":
        return [Claim("kiosk.offline", "seen", presence.why, {"since": presence.since})]
    return [Claim("kiosk.offline", "gone")] if presence.state == "online" else []


def clock(known: Known, offset_ms: int, *, late: bool) -> list[Claim]:
    """`late`: the message may have waited for the office, so it only looks old."""
    if abs(offset_ms) <= CLOCK_MS:
        return [Claim("kiosk.clock_wrong", "gone")] if "kiosk.clock_wrong" in known.faults else []
    if late and offset_ms < 0:
        return []
    seconds = offset_ms // 1000
    return [Claim("kiosk.clock_wrong", "seen", f"{seconds:+d} s", {"offset_ms": offset_ms})]


def messages_lost(missing: int) -> list[Claim]:
    return [_happened("kiosk.messages_lost", missing)] if missing else []


def facts_lost(missing: int) -> list[Claim]:
    return [_happened("kiosk.facts_lost", missing)] if missing else []


def malformed(reason: str, detail: str) -> list[Claim]:
    return [Claim("kiosk.malformed", "happened", reason, {"reason": reason, "detail": detail})]


def cloned(known: Known, twin: str, now: int) -> list[Claim]:
    """Ends when the kiosk is born again long after both copies were shut out."""
    standing = known.faults.get("kiosk.cloned")
    if twin:
        return [Claim("kiosk.cloned", "seen", twin, {"reason": twin})]
    again = standing is not None and now - standing.since > SHUT_MS
    return [Claim("kiosk.cloned", "gone", "let in again")] if again else []


def restored(known: Known, birth: Birth) -> list[Claim]:
    """Another boot with a number that was given before. What is only brought again is no news."""
    thread = known.thread
    if thread is None or birth.epoch != thread.epoch or birth.birth > thread.birth:
        return []
    if not birth.boot_id or any(one.boot_id == birth.boot_id for one in known.machines):
        return []
    evidence = {"birth": birth.birth, "known": thread.birth, "boot_id": birth.boot_id}
    return [Claim("kiosk.restored", "happened", f"{birth.birth} <= {thread.birth}", evidence)]


def flooding(until: int) -> list[Claim]:
    return [Claim("kiosk.flooding", "happened", "too many messages", {"muted_until": until})]


def connections(known: Known) -> list[Claim]:
    return _too_often("kiosk.flapping", known.births, FLAPPING)


def restarts(known: Known) -> list[Claim]:
    return _too_often("kiosk.restarting", known.boots, RESTARTING)


def remember(times: tuple[int, ...], now: int, limit: tuple[int, int]) -> tuple[int, ...]:
    """`times` with `now`, as far back as `limit` looks."""
    return (*(t for t in times if now - limit[1] < t <= now), now)[-limit[0] :]


def probe_silent(known: Known, reading: Reading, now: int) -> list[Claim]:
    """A full reading names every probe; one that is missing for long has died on the kiosk."""
    if not reading.full or known.thread is None:
        return []
    spoke = {observation.probe for observation in reading.observations}
    silent = [p for p in known.thread.probes if p not in spoke and _long_silent(known, p, now)]
    if silent:
        return [Claim("kiosk.probe_silent", "seen", " ".join(silent)[:300], {"probes": silent})]
    return [Claim("kiosk.probe_silent", "gone")] if "kiosk.probe_silent" in known.faults else []


def probe_failing(known: Known, changed: Iterable[Observation]) -> list[Claim]:
    """One code for all probes: it is gone when no probe of the kiosk fails any more."""
    failing = sorted(p for p, last in known.latest.items() if _fails(last.state, last.why))
    if not failing:
        standing = "kiosk.probe_failing" in known.faults
        return [Claim("kiosk.probe_failing", "gone")] if standing else []
    if not any(one.probe in failing for one in changed):
        return []
    why = f"{failing[0]}: {known.latest[failing[0]].why}"[:300]
    return [Claim("kiosk.probe_failing", "seen", why, {"probes": failing})]


def is_new_connection(known: Known, birth: Birth) -> bool:
    thread = known.thread
    return thread is None or (birth.epoch, birth.birth) != (thread.epoch, thread.birth)


def is_new_boot(known: Known, birth: Birth) -> bool:
    return known.thread is not None and birth.boot_id != known.thread.boot_id


def _happened(code: str, missing: int) -> Claim:
    return Claim(code, "happened", str(missing), {"missing": missing})


def _too_often(code: str, times: tuple[int, ...], limit: tuple[int, int]) -> list[Claim]:
    often, within = limit
    if len(times) < often or times[-1] - times[-often] > within:
        return []
    return [Claim(code, "happened", str(len(times)), {"times": list(times)})]


def _long_silent(known: Known, probe: str, now: int) -> bool:
    last = known.latest.get(probe)
    since = last.received_at if last else known.births[-1] if known.births else now
    return now - since > SILENT_MS


def _fails(state: str, why: str) -> bool:
    return state == "unknown" and why.startswith(FAILURES)
