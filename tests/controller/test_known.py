"""A draft can be thought on without touching what it was drawn from."""

from controller.known import Known, Standing


def test_a_draft_shares_nothing_that_changes() -> None:
    known = Known(1, "kiosk-1", 3)
    draft = known.draft()
    draft.faults["screen.black"] = Standing("open", 0, 0, "", {})
    draft.births = (1,)
    draft.telemetry_at = 9
    assert (known.faults, known.births, known.telemetry_at) == ({}, (), 0)


def test_a_draft_has_everything() -> None:
    known = Known(1, "kiosk-1", 3)
    for number, name in enumerate(Known.__slots__):
        if name not in ("faults", "latest"):
            setattr(known, name, number)
    draft = known.draft()
    assert all(getattr(draft, name) == getattr(known, name) for name in Known.__slots__)
