"""Everything that may be said on the wire, as hypothesis strategies: one for each kind."""

import base64
from typing import get_args

from hypothesis import strategies as st

from wire import messages as m
from wire.wants import MOST_SEQ, Want, Wants, Window

texts = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40
) | st.just("é" * 300)
names = st.from_regex(r"[a-z][a-z0-9_.:-]{0,47}", fullmatch=True)
counts = st.integers(0, 2**53)
epochs = st.from_regex(r"[0-9a-f]{16}", fullmatch=True)
states = st.sampled_from(["ok", "warn", "fail", "unknown"])
values = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
observations = st.builds(
    m.Observation,
    probe=names,
    state=states,
    facts=st.dictionaries(names, values, max_size=5),
    codes=st.lists(names, max_size=3).map(tuple),
    why=texts,
    at=counts,
    latency_ms=st.floats(0, 3_600_000),
)


def _hex(digits: int) -> st.SearchStrategy[str]:
    return st.integers(0, 16**digits - 1).map(lambda number: f"{number:0{digits}x}")


signatures = st.binary(min_size=64, max_size=64).map(lambda raw: base64.b64encode(raw).decode())
attachments = st.builds(
    m.Attachment, sha256=_hex(64), size=counts, type=st.sampled_from(["image/jpeg", "text/plain"])
)
_header = {"epoch": epochs, "birth": counts, "seq": counts, "sent": counts}
_few = st.lists(observations, max_size=3).map(tuple)

UP: dict[str, st.SearchStrategy[m.Up]] = {
    "birth": st.builds(
        m.Birth,
        **_header,
        agent=texts,
        boot_id=texts,
        started=counts,
        oldest_fact=counts,
        keepalive_s=st.integers(5, 3600),
        probes=st.lists(names, max_size=4).map(tuple),
        nonce=st.just("") | _hex(32),
        policy=counts,
        number=counts,
        releases=st.dictionaries(names, counts, max_size=4),
    ),
    "death": st.builds(m.Death, epoch=epochs, birth=counts, planned=st.booleans(), why=texts),
    "reading": st.builds(m.Reading, **_header, full=st.booleans(), observations=_few),
    "flip": st.builds(m.Flip, **_header, fact=counts, old=states, observation=observations),
    "present": st.builds(m.Present, **_header),
    "progress": st.builds(
        m.Progress,
        **_header,
        command=_hex(32),
        state=st.sampled_from(["accepted", "running"]),
        percent=st.integers(0, 100),
        note=texts,
    ),
    "result": st.builds(
        m.Result,
        **_header,
        fact=counts,
        command=_hex(32),
        state=st.sampled_from(get_args(m.End)),
        code=st.sampled_from(["", "expired", "too_late"]),
        why=texts,
        facts=st.dictionaries(names, values, max_size=3),
        attachment=st.none() | attachments,
        began=counts,
        ended=counts,
    ),
    "fetching": st.builds(
        m.Fetching,
        **_header,
        bundle=names,
        release=counts,
        attempt=counts,
        state=st.sampled_from(get_args(m.Installing)),
        done=counts,
        total=counts,
        note=texts,
    ),
    "install": st.builds(
        m.Install,
        **_header,
        fact=counts,
        bundle=names,
        release=counts,
        attempt=counts,
        state=st.sampled_from(get_args(m.Settled)),
        now=counts,
        code=st.sampled_from(["", "repaired", "unwell"]),
        why=texts,
        facts=st.dictionaries(names, values, max_size=3),
        began=counts,
        ended=counts,
    ),
}
DOWN: dict[str, st.SearchStrategy[m.Down]] = {
    "ack": st.builds(m.Ack, epoch=epochs, upto=counts),
    "rebirth": st.builds(m.Rebirth, why=texts),
    "rollcall": st.builds(m.RollCall, call=texts, within_s=st.integers(1, 600)),
    "orders": st.builds(m.Orders, signed=texts, key=_hex(16), signature=signatures),
    "policy": st.builds(
        m.NewPolicy,
        policy=texts,
        signatures=st.lists(
            st.builds(m.RootSignature, key=_hex(16), signature=signatures), max_size=2
        ).map(tuple),
    ),
    "desired": st.builds(m.Desired, signed=texts, key=_hex(16), signature=signatures),
    "news": st.builds(m.News),
}

_minutes = st.integers(0, 1439)
windows = st.builds(Window, since=_minutes, until=_minutes)
_want = st.builds(
    Want,
    bundle=st.sampled_from(["layanan", "agent", "video-2"]),
    seq=st.integers(1, MOST_SEQ),
    attempt=st.integers(1, 10_000),
    number=counts,
    not_before=counts,
    windows=st.lists(windows, max_size=2).map(tuple),
    offset_min=st.integers(-720, 840),
)
wants = st.builds(
    Wants,
    fleet=st.sampled_from(["kota-bandung", "é"]),
    kiosk=st.sampled_from(["bdg-andir-01", ""]),
    nonce=_hex(32),
    now=counts,
    url=st.sampled_from(["", "https://releases.example/v1"]),
    wants=st.lists(_want, max_size=3).map(tuple),
)
