"""The panel: what a state means, what may be done in it, and that nothing is offered in vain."""

from typing import Any

import pytest

from controller.identity.invitations import Row as Invitation
from controller.identity.standing import CertificateRow, IdentityRow, Whole
from dashboards.console.pages.identity import ACTS, NEEDS, allowed, shown
from dashboards.console.texts import LANGUAGES, load
from wire.lifecycle import IDENTITY, states

NOW = 1_790_000_000_000
DAY = 86_400_000
TEXTS = load()
EVENTS = {"replace": "invite", "release": "invite"}


def whole(state: str, *certs: CertificateRow, open_: bool = False, **more: Any) -> Whole:
    known: dict[str, Any] = {"since": NOW - 5_000, "why": "", "shut_at": None, **more}
    row = IdentityRow(
        kiosk_id=1, kiosk="k-1", site_code="32.73.01", site_name="Sukasari", state=state,
        not_after=None, open_until=None, **known,
    )  # fmt: skip
    invited = Invitation(1, 1, "32.73.01", NOW - 9, "pagi", NOW + DAY, None, None, None)
    return Whole(row, list(certs), [invited] if open_ else [])


def cert(number: int, state: str, via: str = "enrol", ends: int = NOW + 60 * DAY) -> CertificateRow:
    return CertificateRow(
        id=number, state=state, via=via, serial=f"{number:020x}", key_sha256="ab" * 32,
        requested_at=NOW, issued_at=NOW, not_before=NOW, not_after=ends, first_used_at=None,
        ended_at=None, ended_why=None, listed_at=None,
    )  # fmt: skip


@pytest.mark.parametrize("state", sorted(states(IDENTITY)))
def test_every_state_has_words_and_only_acts_that_the_table_allows(state: str) -> None:
    for language in LANGUAGES:
        assert TEXTS[language].known(f"identity.{state}")
        assert TEXTS[language].known(f"identity_is.{state}")
    events = {EVENTS.get(act, act) for act in ACTS[state]} - {"withdraw"}
    assert all((state, event) in IDENTITY for event in events)


@pytest.mark.parametrize("act", sorted(NEEDS))
def test_every_act_says_what_happens(act: str) -> None:
    for language in LANGUAGES:
        assert TEXTS[language].known(f"identity_act.{act}")
        assert TEXTS[language].known(f"identity_what.{act}")


def test_an_invitation_is_withdrawn_only_while_there_is_one() -> None:
    t = TEXTS["id"]
    assert "withdraw" not in allowed(shown(whole("active"), NOW, t))
    assert "withdraw" in allowed(shown(whole("active", open_=True), NOW, t))


def test_a_revocation_says_how_long_the_proof_took() -> None:
    t = TEXTS["id"]
    proven = shown(whole("revoked", shut_at=NOW - 3_800), NOW, t)
    assert (proven.shut_after, proven.shutting) == ("1,2 dtk", False)
    waits = shown(whole("revoked"), NOW, t)
    assert (waits.shut_after, waits.shutting, waits.late) == (None, True, False)
    assert shown(whole("revoked", since=NOW - 60_000), NOW, t).late


def test_a_new_machine_that_waits_is_told_of() -> None:
    t = TEXTS["id"]
    two = shown(whole("active", cert(2, "issued"), cert(1, "current")), NOW, t)
    assert two.waiting
    assert two.certificate is not None
    renewal = shown(whole("active", cert(2, "issued", "renew"), cert(1, "current")), NOW, t)
    assert not renewal.waiting


def test_a_certificate_that_is_not_renewed_in_time_is_loud() -> None:
    t = TEXTS["id"]
    for ends, soon, over in ((60, False, False), (20, True, False), (-1, True, True)):
        found = shown(whole("active", cert(1, "current", ends=NOW + ends * DAY)), NOW, t)
        assert found.certificate is not None
        assert (found.certificate.soon, found.certificate.expired) == (soon, over)
