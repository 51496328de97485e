"""A token becomes one certificate, whoever races for it; a lost reply may be asked for again."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select, update

from controller.identity import csr, ending
from controller.identity.redeem import AGAIN_MS, UNKNOWN, Asked, Denied, is_known
from controller.store.engine import writing
from controller.store.identity_tables import invitation
from controller.store.tables import kiosk
from tests.support.identities import BY, OTHER, Books, request
from wire.invitation import Invitation


def code(answer: Asked | Denied) -> str:
    return answer.code if isinstance(answer, Denied) else "asked"


def test_a_token_becomes_a_request_for_the_warden(books: Books) -> None:
    asked, made = request(), books.invite()
    with books.engine.connect() as conn:
        assert is_known(conn, made.token)
    done = books.redeem(made, asked)
    assert done == Asked(1, books.one.name, again=False)
    row = books.certificate(1)
    assert (row.state, row.via, row.csr) == ("requested", "enrol", asked.der)
    assert books.state() == "active"


def test_row_40_a_token_is_used_once(books: Books) -> None:
    made = books.invite()
    books.signed(books.redeem(made, request()))
    assert code(books.redeem(made, request())) == "token_used"
    assert len(books.certificates()) == 1
    assert books.told()[-1] == ("door", "identity.enrol_refused", books.one.name)


def test_row_40_a_token_expires(books: Books) -> None:
    made = books.invite()
    books.now += 24 * 3600 * 1000
    assert code(books.redeem(made, request())) == "token_expired"
    assert books.state() == "pending"


def test_row_40_a_token_nobody_issued_is_refused_and_leaves_no_trace(books: Books) -> None:
    books.invite()
    before = books.told()
    nobodys = Invitation(b"x" * 24, b"p" * 14)
    assert books.redeem(nobodys, request()) == UNKNOWN
    with books.engine.connect() as conn:
        assert not is_known(conn, nobodys.token)
    assert books.told() == before


def test_row_40_fifty_racing_redemptions_are_one_certificate(books: Books) -> None:
    made = books.invite()
    wishes = [request() for _ in range(50)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda one: books.redeem(made, one), wishes))
    assert sorted(code(one) for one in answers) == ["asked"] + ["token_used"] * 49
    assert len(books.certificates()) == 1


def test_row_40_fifty_racing_with_one_request_are_one_certificate_too(books: Books) -> None:
    made, wish = books.invite(), request()
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: books.redeem(made, wish), range(50)))
    assert {one.certificate_id for one in answers if isinstance(one, Asked)} == {1}
    assert sum(isinstance(one, Asked) and not one.again for one in answers) == 1


def test_the_same_request_may_come_again_for_ten_minutes_and_no_longer(books: Books) -> None:
    made, wish = books.invite(), request()
    first = books.redeem(made, wish)
    books.now += AGAIN_MS - 1
    assert books.redeem(made, wish) == Asked(1, books.one.name, again=True)
    books.now += 1
    assert code(first) == "asked"
    assert code(books.redeem(made, wish)) == "token_used"  # asking again did not move the limit


def test_a_reply_lost_just_before_the_token_expires_may_be_asked_for_after(books: Books) -> None:
    made, wish = books.invite(), request()
    books.now += 24 * 3600 * 1000 - 1
    books.redeem(made, wish)
    books.now += 1000
    assert code(books.redeem(made, wish)) == "asked"


def test_the_same_request_again_after_its_first_use_gives_what_is_in_use(books: Books) -> None:
    made, wish = books.invite(), request()
    number = books.signed(books.redeem(made, wish))
    books.use(number)
    assert books.redeem(made, wish) == Asked(number, books.one.name, again=True)


def test_what_was_revoked_meanwhile_is_not_given_again(books: Books) -> None:
    made, wish = books.invite(), request()
    books.signed(books.redeem(made, wish))
    books.do(ending.revoke, books.one.id, "stolen", BY)
    assert code(books.redeem(made, wish)) == "revoked"
    books.invite()  # re-invited: the old code and its key still count for nothing
    assert code(books.redeem(made, wish)) == "revoked"


@pytest.mark.parametrize("end", [ending.revoke, ending.decommission])
def test_an_end_withdraws_the_open_code(books: Books, end: object) -> None:
    made = books.invite()
    books.do(end, books.one.id, "stolen", BY)
    assert code(books.redeem(made, request())) == "revoked"
    assert books.certificates() == {}


def test_a_code_is_for_the_site_it_was_issued_for(books: Books) -> None:
    made = books.invite()
    with writing(books.engine) as conn:
        moved = update(kiosk).where(kiosk.c.id == books.one.id)
        conn.execute(moved.values(site_code=OTHER.code))
    assert code(books.redeem(made, request())) == "token_moved"


def test_row_42_a_key_of_another_kiosk_is_refused_and_the_code_stays_good(books: Books) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    books.signed(books.redeem(books.invite(books.two), request(key)))
    made = books.invite()
    assert code(books.redeem(made, request(key))) == "key_taken"
    books.signed(books.redeem(made, request()))


def test_a_key_that_was_in_use_never_comes_back(books: Books) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    wish = request(key)
    books.use(books.signed(books.redeem(books.invite(), wish)))
    books.now += AGAIN_MS
    for again in (wish, request(key)):
        assert code(books.redeem(books.invite(), again)) == "key_used"
    books.do(ending.revoke, books.one.id, "stolen", BY)
    assert code(books.redeem(books.invite(), wish)) == "key_used"


def test_a_pending_request_may_be_sent_with_a_newer_code(books: Books) -> None:
    wish: csr.Request = request()
    books.redeem(books.invite(), wish)
    books.now += AGAIN_MS + 1
    assert code(books.redeem(books.invite(), wish)) == "asked"


def test_who_used_it_first_stays_written_down(books: Books) -> None:
    made, wish = books.invite(), request()
    books.redeem(made, wish)
    at = books.now
    books.now += 1000
    books.redeem(made, wish)
    books.redeem(made, request())
    with books.engine.connect() as conn:
        row = conn.execute(select(invitation)).one()
    assert (row.used_at, row.used_from, row.csr_sha256) == (at, "192.0.2.9", wish.csr_sha256)
