"""From the first use of a certificate to its renewal, and who is replaced by whom."""

import pytest

from controller.identity import ending
from controller.identity.life import MOST_OPEN, trouble
from controller.identity.redeem import Asked, Denied
from tests.support.identities import BY, DAY_MS, Books, request
from wire.door import GRACE_DAYS, LIFE_DAYS


def code(answer: Asked | Denied) -> str:
    return answer.code if isinstance(answer, Denied) else "asked"


def test_the_first_use_puts_a_certificate_in_force_once(books: Books) -> None:
    number = books.enrol()
    assert books.use(number) is True
    assert books.use(number) is False
    row = books.certificate(number)
    assert (row.state, row.first_used_at) == ("current", books.now)


def test_row_44_the_old_certificate_counts_until_the_new_one_is_used(books: Books) -> None:
    old = books.enrol()
    books.use(old)
    new = books.signed(books.renew(old))
    assert books.certificates() == {old: "current", new: "issued"}
    books.use(new)
    assert books.certificates() == {old: "superseded", new: "current"}
    assert books.certificate(old).ended_why == f"replaced by {books.certificate(new).serial}"
    assert code(books.renew(old)) == "superseded"


def test_row_44_the_same_request_again_is_the_same_certificate(books: Books) -> None:
    old, wish = books.enrol(), request()
    first = books.signed(books.renew(old, wish))
    again = books.renew(old, wish)
    assert again == Asked(first, books.one.name, again=True)
    books.use(first)
    assert books.renew(first, wish) == Asked(first, books.one.name, again=True)


def test_only_a_few_renewals_wait_at_once(books: Books) -> None:
    old = books.enrol()
    for _ in range(MOST_OPEN):
        books.signed(books.renew(old))
    assert code(books.renew(old)) == "too_many"


def test_a_renewal_needs_a_new_key(books: Books) -> None:
    made, wish = books.invite(), request()
    old = books.signed(books.redeem(made, wish))
    books.use(old)
    assert code(books.renew(old, wish)) == "key_used"


def test_row_43_a_kiosk_from_storage_renews_for_thirty_days_after_its_end(books: Books) -> None:
    old = books.enrol()
    books.use(old)
    books.now = books.certificate(old).not_after + GRACE_DAYS * DAY_MS
    assert code(books.renew(old)) == "asked"
    books.now += 1
    assert code(books.renew(old)) == "expired"


@pytest.mark.parametrize("end", [ending.revoke, ending.decommission])
def test_who_was_ended_renews_nothing(books: Books, end: object) -> None:
    old = books.enrol()
    waiting = books.renew(old)
    books.do(end, books.one.id, "stolen", BY)
    assert code(books.renew(old)) == "revoked"
    assert isinstance(waiting, Asked)
    assert books.certificate(waiting.certificate_id).state == "refused"


def test_replaced_hardware_ends_with_the_first_use_of_the_new(books: Books) -> None:
    old = books.enrol()
    books.use(old)
    renewed = books.signed(books.renew(old))
    new = books.enrol()
    late = books.renew(old)  # the old machine renews while the new one is being set up
    assert isinstance(late, Asked)
    books.use(new)
    assert books.certificates() == {
        old: "superseded",
        renewed: "superseded",
        new: "current",
        late.certificate_id: "refused",
    }
    assert books.state() == "active"


def test_the_old_hardware_cannot_push_out_the_new_by_renewing(books: Books) -> None:
    old = books.enrol()
    books.use(old)
    new = books.enrol()
    renewed = books.signed(books.renew(old))
    books.use(renewed)
    assert books.certificates() == {old: "superseded", new: "issued", renewed: "current"}
    books.use(new)
    assert books.certificates()[renewed] == "superseded"


def test_a_later_invitation_is_not_ended_by_an_earlier_one(books: Books) -> None:
    first, second = books.enrol(), books.enrol()
    books.use(first)
    assert books.certificates() == {first: "current", second: "issued"}
    books.use(second)
    assert books.certificates() == {first: "superseded", second: "current"}


def test_kiosks_do_not_end_each_others_certificates(books: Books) -> None:
    mine, others = books.enrol(), books.enrol(books.two)
    books.use(others)
    books.use(mine)
    assert books.certificates() == {mine: "current", others: "current"}


def test_what_counts_follows_from_both_states_and_the_end() -> None:
    end = LIFE_DAYS * DAY_MS
    assert trouble("current", end, "active", end) is None
    assert trouble("issued", end, "active", end + GRACE_DAYS * DAY_MS) is None
    for certificate, state, expected in (
        ("revoked", "active", "revoked"),
        ("current", "quarantined", "revoked"),
        ("current", "pending", "revoked"),
        ("superseded", "active", "superseded"),
        ("superseded", "revoked", "revoked"),
    ):
        found = trouble(certificate, end, state, 0)
        assert found is not None
        assert found.code == expected
