"""Coming in, going out, and that a refusal tells a stranger nothing."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select, update

from controller.people import accounts, audit, links, sessions
from controller.people.accounts import Identity
from controller.people.audit import By
from controller.people.passwords import MOST_WAITING, Passwords, WeakPassword
from controller.people.reception import Outcome, Reception
from controller.people.sessions import Origin
from controller.store.engine import open_engine, writing
from controller.store.people_tables import account, login_session
from controller.store.people_tables import audit as log
from tests.support.people import NOW, add_person

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD = "kopi tubruk jam tujuh"
BETTER = "teh tawar jam sembilan"
HERE, THERE = Origin("192.0.2.7", "here"), Origin("198.51.100.9", "there")
DAY = 24 * 60 * 60_000


class Counted(PasswordHasher):
    """Real argon2, as little of it as there can be, that counts; `during` runs while it works."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified = 0
        self.during: Callable[[], None] = lambda: None

    def verify(self, hash: str | bytes, password: str | bytes) -> Any:  # noqa: A002 - theirs
        self.verified += 1
        self.during()
        return super().verify(hash, password)


class House:
    """A reception over a database, with a clock to turn."""

    def __init__(self, url: str) -> None:
        self.now = NOW
        self.engine = open_engine(url)
        self.hasher = Counted()
        self.passwords = Passwords(self.hasher)
        self.reception = Reception(self.engine, lambda: self.now, self.passwords)

    def person(self, login: str, *grants: tuple[str, str], **more: Any) -> int:
        hashed = {"password_hash": self.passwords.hash(GOOD), **more}
        return add_person(self.engine, login, *grants, **hashed)

    def holds(self, token: str) -> bool:
        with self.engine.connect() as conn:
            return sessions.find(conn, token, self.now) is not None

    def log(self) -> list[tuple[str, str, str]]:
        query = select(log.c.who, log.c.what, log.c.subject).order_by(log.c.n)
        with self.engine.connect() as conn:
            assert audit.verify(conn).ok
            return [(row[0], row[1], row[2]) for row in conn.execute(query)]


@pytest.fixture
def house(database: str) -> House:
    return House(database)


def token_of(outcome: Outcome) -> str:
    assert outcome.started is not None
    return outcome.started.token


def test_the_right_password_lets_in(house: House) -> None:
    house.person("pagi")
    assert house.holds(token_of(house.reception.login(" Pagi", GOOD, HERE)))
    assert house.log() == [("pagi", "login", "pagi")]


def test_row_68_an_unknown_account_reads_and_costs_like_a_wrong_password(house: House) -> None:
    house.person("pagi")
    house.person("lama", disabled_at=NOW)
    house.person("baru", password_hash=None)
    answers = []
    for login in ("pagi", "lama", "baru", "nobody", "a\0b", "\ud800", "x" * 10_000):
        before = house.hasher.verified
        said = GOOD if login != "pagi" else "wrong"
        answers.append((house.reception.login(login, said, HERE), house.hasher.verified - before))
    assert answers == [(Outcome(None, "wrong"), 1)] * 7


def test_row_68_an_unknown_account_is_slowed_like_a_known_one(house: House) -> None:
    house.person("pagi")
    told = [
        [house.reception.login(login, "wrong", HERE) for _ in range(8)]
        for login in ("pagi", "nobody")
    ]
    assert told[0] == told[1]
    assert told[0][-1] == Outcome(None, "wait", 1)


def test_row_68_the_owner_comes_in_while_a_stranger_guesses(house: House) -> None:
    house.person("pagi")
    for _ in range(30):
        house.reception.login("pagi", "wrong", THERE)
    assert house.reception.login("pagi", GOOD, THERE).why == "wait"
    assert house.reception.login("pagi", GOOD, HERE).started


def test_row_68_fifty_guesses_at_once_are_not_more_than_the_free_ones(house: House) -> None:
    house.person("pagi")
    before = house.hasher.verified
    with ThreadPoolExecutor(10) as pool:
        told = list(
            pool.map(lambda n: house.reception.login("pagi", f"wrong-{n}", HERE).why, range(50))
        )
    assert told.count("wrong") == house.hasher.verified - before == 5


def test_row_68_guesses_fill_the_log_no_faster_than_they_are_allowed(house: House) -> None:
    house.person("pagi")
    for _ in range(100):
        house.reception.login("pagi", "wrong", HERE)
    assert house.log() == [("somebody", "login.refused", "pagi")] * 5


def test_row_68_who_knocks_while_having_to_wait_keeps_no_writer_busy(house: House) -> None:
    house.person("pagi")
    for _ in range(5):
        house.reception.login("pagi", "wrong", HERE)
    told: list[Outcome] = []
    with writing(house.engine), ThreadPoolExecutor(1) as pool:  # somebody else writes meanwhile
        told.append(pool.submit(house.reception.login, "pagi", "wrong", HERE).result(2))
    assert told == [Outcome(None, "wait", 1)]


def test_a_password_typed_into_the_wrong_field_is_written_nowhere(house: House) -> None:
    house.reception.login("my-secret-passphrase", GOOD, HERE)
    with house.engine.connect() as conn:
        for table in log.metadata.sorted_tables:
            assert "my-secret" not in str(conn.execute(select(table)).all())


def test_row_68_a_login_never_takes_over_a_session_that_was_there(house: House) -> None:
    house.person("pagi")
    planted = token_of(house.reception.login("pagi", GOOD, THERE))
    fresh = token_of(house.reception.login("pagi", GOOD, HERE, old_token=planted))
    assert fresh != planted
    assert (house.holds(planted), house.holds(fresh)) == (False, True)


def test_row_68_after_the_logout_the_cookie_is_worth_nothing(house: House) -> None:
    house.person("pagi")
    token = token_of(house.reception.login("pagi", GOOD, HERE))
    house.reception.logout(token, "pagi", HERE.address)
    house.reception.logout(token, "pagi", HERE.address)
    assert not house.holds(token)
    assert house.log()[1:] == [("pagi", "logout", "pagi")]


def test_a_password_kept_by_weaker_settings_is_renewed_at_the_login(house: House) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(GOOD)
    house.person("pagi", password_hash=weak)
    assert house.reception.login("pagi", GOOD, HERE).started
    with house.engine.connect() as conn:
        assert "m=8," in str(conn.scalar(select(account.c.password_hash)))
    assert house.reception.login("pagi", GOOD, HERE).started


@pytest.mark.parametrize("change", [{"disabled_at": NOW}, {"password_hash": "$argon2id$other"}])
def test_what_changed_while_the_password_was_compared_counts(
    house: House, change: dict[str, Any]
) -> None:
    house.person("pagi")

    def meanwhile() -> None:
        with writing(house.engine) as conn:
            conn.execute(update(account).values(**change))

    house.hasher.during = meanwhile
    assert house.reception.login("pagi", GOOD, HERE) == Outcome(None, "wrong")


def test_a_new_password_ends_every_session_and_starts_one(house: House) -> None:
    house.person("pagi")
    old = [token_of(house.reception.login("pagi", GOOD, one)) for one in (HERE, THERE)]
    new = token_of(house.reception.change_password("pagi", GOOD, BETTER, HERE))
    assert [house.holds(one) for one in [*old, new]] == [False, False, True]
    assert house.reception.login("pagi", GOOD, HERE).why == "wrong"
    assert house.reception.login("pagi", BETTER, HERE).started
    assert ("pagi", "people.password", "pagi") in house.log()


def test_a_new_password_needs_the_old_one_and_must_do(house: House) -> None:
    house.person("pagi")
    token = token_of(house.reception.login("pagi", GOOD, HERE))
    assert house.reception.change_password("pagi", "wrong", BETTER, HERE).why == "wrong"
    with pytest.raises(WeakPassword):
        house.reception.change_password("pagi", GOOD, "short", HERE)
    assert house.holds(token)


def test_row_68_guessing_the_old_password_is_slowed_too(house: House) -> None:
    house.person("pagi")
    told = [house.reception.change_password("pagi", "wrong", BETTER, HERE).why for _ in range(6)]
    assert told == ["wrong"] * 5 + ["wait"]


def test_row_73_an_empty_office_offers_the_set_up_and_nothing_else(house: House) -> None:
    """No account, no session, no token: whatever is tried as a login is refused."""
    with house.engine.connect() as conn:
        assert accounts.everybody(conn) == []
        assert conn.scalar(select(func.count()).select_from(login_session)) == 0
    for tried in ("admin", "root", "anjungan", "operator", ""):
        assert house.reception.login(tried, tried, Origin(f"at-{tried}")).why == "wrong"
        assert house.reception.login(tried, "admin", Origin(f"at-{tried}")).why == "wrong"
    with writing(house.engine) as conn:
        link = links.issue_setup(conn, By("command"), NOW)
    started = house.reception.set_up(link.token, "Kepala", "Kepala dinas", GOOD, HERE)
    assert house.holds(started.token)
    assert house.reception.login("kepala", GOOD, HERE).started
    with pytest.raises(links.LinkRefused):
        house.reception.set_up(link.token, "kepala2", "", GOOD, HERE)


def test_a_weak_password_does_not_use_up_a_link(house: House) -> None:
    add_person(house.engine, "pagi")
    with writing(house.engine) as conn:
        link = links.issue(conn, "pagi", By("kepala"), NOW)
    with pytest.raises(WeakPassword):
        house.reception.redeem(link.token, "pagi pagi 1234", HERE)
    assert house.reception.look(link.token) is not None
    assert house.holds(house.reception.redeem(link.token, GOOD, HERE).token)
    assert house.reception.look(link.token) is None
    assert house.log()[-2:] == [("pagi", "people.password", "pagi"), ("pagi", "login", "pagi")]


def test_who_has_no_link_does_not_make_the_office_work(house: House) -> None:
    before = house.hasher.verified
    with pytest.raises(links.LinkRefused):
        house.reception.redeem("x" * 43, GOOD, HERE)
    with pytest.raises(links.LinkRefused):
        house.reception.set_up("x" * 43, "kepala", "", GOOD, HERE)
    assert house.hasher.verified == before


def test_a_forgotten_password_ends_the_waiting_of_its_owner(house: House) -> None:
    house.person("pagi")
    for _ in range(9):
        house.reception.login("pagi", "wrong", HERE)
    with writing(house.engine) as conn:
        link = links.issue(conn, "pagi", By("kepala"), NOW)
    house.reception.redeem(link.token, BETTER, HERE)
    assert house.reception.login("pagi", BETTER, HERE).started


KNOWN = Identity("https://id.example", "user-1")


def test_a_vouched_for_identity_comes_in_once_an_administrator_linked_it(house: House) -> None:
    house.person("pagi")
    assert house.reception.vouched(KNOWN, HERE).why == "wrong"
    with house.engine.connect() as conn:
        told = conn.scalars(select(log.c.detail)).one()
    assert told == {**KNOWN._asdict(), "browser": "here"}
    with writing(house.engine) as conn:
        accounts.link_identity(conn, "pagi", KNOWN, By("kepala"), NOW)
    assert house.holds(token_of(house.reception.vouched(KNOWN, HERE)))
    assert house.reception.vouched(KNOWN._replace(issuer="https://evil"), HERE).why == "wrong"


def test_a_vouched_for_stranger_makes_no_account_and_does_not_end_the_set_up(
    house: House,
) -> None:
    house.reception.vouched(KNOWN, HERE)
    with writing(house.engine) as conn:
        assert accounts.is_empty(conn)
        links.issue_setup(conn, By("command"), NOW)


def test_a_disabled_account_is_not_let_in_by_who_vouches(house: House) -> None:
    house.person("pagi", disabled_at=NOW, issuer=KNOWN.issuer, subject=KNOWN.subject)
    assert house.reception.vouched(KNOWN, HERE).why == "wrong"


def test_long_gone_sessions_are_swept_at_a_login(house: House) -> None:
    house.person("pagi")
    house.reception.login("pagi", GOOD, HERE)
    house.now += 40 * DAY
    house.reception.login("pagi", GOOD, HERE)
    with house.engine.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(login_session)) == 1


def test_who_changes_the_password_closes_links_that_still_lie_about(house: House) -> None:
    house.person("pagi")
    with writing(house.engine) as conn:
        link = links.issue(conn, "pagi", By("admin"), house.now)
    assert house.reception.change_password("pagi", GOOD, BETTER, HERE).started is not None
    assert house.reception.look(link.token) is None


def test_row_68_a_crowded_login_makes_no_guess_free(house: House) -> None:
    house.person("pagi")
    for _ in range(4):
        assert house.reception.login("pagi", "wrong", HERE).why == "wrong"
    with ExitStack() as crowd:
        for _ in range(2 + MOST_WAITING):
            crowd.enter_context(house.passwords._inside)
        assert house.reception.login("pagi", "wrong", HERE).why == "busy"
    house.now += 1000
    assert house.reception.login("pagi", "wrong", HERE).why == "wrong"
    assert house.reception.login("pagi", "wrong", HERE).why == "wait"
