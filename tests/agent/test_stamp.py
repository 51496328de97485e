"""Whatever a probe returns, what comes out may be sent."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agent.probes.base import Finding
from agent.stamp import failed, stamp
from wire.codec import MAX_BYTES, decode_up, encode
from wire.messages import Observation, Reading

ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()


def sendable(observation: Observation) -> None:
    reading = Reading(
        epoch="0" * 16, birth=1, seq=1, sent=1, full=True, observations=(observation,) * 11
    )
    assert len(encode(reading)) < MAX_BYTES
    assert decode_up("reading", encode(reading)) == reading


@given(ANYTHING, st.dictionaries(ANYTHING, ANYTHING), st.lists(ANYTHING), ANYTHING)
def test_any_finding_becomes_an_observation_that_can_be_read(
    state: Any, facts: Any, codes: Any, why: Any
) -> None:
    sendable(stamp("disk", Finding(state, facts, tuple(codes), why), 1, 2.0))


@given(ANYTHING | st.lists(ANYTHING))
def test_what_is_no_finding_is_unknown(value: object) -> None:
    observation = stamp("disk", value, 1, 2.0)
    assert observation.state == "unknown"
    sendable(observation)


@given(st.text(), st.floats(allow_nan=False))
def test_a_failure_tells_its_reason_within_its_length(why: str, latency_ms: float) -> None:
    sendable(failed("disk", why, 1, latency_ms))
