"""Whatever people, guessers and administrators do in whatever order: who is in is who may be."""

from typing import Any

from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import StaticPool, create_engine, event

from controller.people import accounts, audit, links, sessions
from controller.people.audit import By
from controller.people.passwords import Passwords
from controller.people.reception import Reception
from controller.people.sessions import LIFETIME, Origin
from controller.store import engine as store
from controller.store.engine import writing
from controller.store.tables import metadata
from tests.support.people import NOW

LOGINS = ("pagi", "siang", "malam")
PLACES = ("192.0.2.1", "198.51.100.2")
WORDS = ("kopi tubruk jam tujuh", "teh tawar jam delapan", "susu jahe jam sembilan")
MINUTE = 60_000

login_s = st.sampled_from(LOGINS)
place_s = st.sampled_from(PLACES)
word_s = st.sampled_from(WORDS)


class People(RuleBasedStateMachine):
    """The model: each account's password and standing, each session's last sign and end."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.engine = create_engine("sqlite://", poolclass=StaticPool)
        event.listen(self.engine, "connect", store._prepare_sqlite)
        event.listen(self.engine, "begin", store._begin_sqlite)
        metadata.create_all(self.engine)
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        self.reception = Reception(self.engine, lambda: self.now, Passwords(hasher))
        self.word: dict[str, str] = {}
        self.open: set[str] = set()
        self.sessions: dict[str, list[Any]] = {}  # token -> [login, seen, ends, ended]
        self.links: dict[str, list[Any]] = {}  # token -> [login, expires, used]
        self.used = 0
        with writing(self.engine) as conn:
            for login in LOGINS:
                accounts.create(conn, accounts.New(login), By("command"), NOW)
                self.open.add(login)

    def teardown(self) -> None:
        self.engine.dispose()

    def came_in(self, login: str, token: str) -> None:
        self.sessions[token] = [login, self.now, self.now + LIFETIME.most, False]

    def end_sessions_of(self, login: str) -> None:
        for one in self.sessions.values():
            one[3] = one[3] or one[0] == login

    @rule(minutes=st.sampled_from([1, 5, 45, 61, 300]))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @rule(login=login_s, word=word_s, place=place_s)
    def somebody_logs_in(self, login: str, word: str, place: str) -> None:
        outcome = self.reception.login(login, word, Origin(place))
        may = login in self.open and self.word.get(login) == word
        if outcome.why == "wait":
            assert outcome.retry_after_s > 0
            return
        assert (outcome.started is not None) == may
        if outcome.started:
            self.came_in(login, outcome.started.token)

    @rule(login=login_s, old=word_s, new=word_s, place=place_s)
    def somebody_changes_a_password(self, login: str, old: str, new: str, place: str) -> None:
        outcome = self.reception.change_password(login, old, new, Origin(place))
        if outcome.started is None:
            return
        assert login in self.open
        assert self.word.get(login) == old
        self.word[login] = new
        self.end_sessions_of(login)
        self.came_in(login, outcome.started.token)

    @rule(login=login_s)
    def an_administrator_sends_a_link(self, login: str) -> None:
        with writing(self.engine) as conn:
            made = links.issue(conn, login, By("kepala"), self.now)
        for one in self.links.values():
            one[1] = min(one[1], self.now) if one[0] == login else one[1]
        self.links[made.token] = [login, made.expires_at, False]

    @precondition(lambda self: self.links)
    @rule(data=st.data(), word=word_s)
    def a_link_is_opened(self, data: st.DataObject, word: str) -> None:
        token = data.draw(st.sampled_from(list(self.links)))
        login, expires, used = self.links[token]
        good = not used and expires > self.now and login in self.open
        try:
            started = self.reception.redeem(token, word, Origin(PLACES[0]))
        except links.LinkRefused:
            assert not good
            return
        assert good
        self.links[token][2] = True
        self.word[login] = word
        self.end_sessions_of(login)
        self.came_in(login, started.token)

    @precondition(lambda self: self.sessions)
    @rule(data=st.data())
    def somebody_is_heard_of(self, data: st.DataObject) -> None:
        token = data.draw(st.sampled_from(list(self.sessions)))
        if self.holds(token):
            with writing(self.engine) as conn:
                sessions.touch(conn, token, self.now)
            self.sessions[token][1] = self.now

    @precondition(lambda self: self.sessions)
    @rule(data=st.data())
    def somebody_logs_out(self, data: st.DataObject) -> None:
        token = data.draw(st.sampled_from(list(self.sessions)))
        self.reception.logout(token, self.sessions[token][0], PLACES[0])
        self.sessions[token][3] = True

    @rule(login=login_s)
    def an_administrator_disables(self, login: str) -> None:
        with writing(self.engine) as conn:
            accounts.disable(conn, login, By("kepala"), self.now)
        self.open.discard(login)
        self.end_sessions_of(login)

    @rule(login=login_s)
    def an_administrator_enables(self, login: str) -> None:
        with writing(self.engine) as conn:
            accounts.enable(conn, login, By("kepala"), self.now)
        self.open.add(login)

    def holds(self, token: str) -> bool:
        login, seen, ends, ended = self.sessions[token]
        alive = ends > self.now and seen + LIFETIME.idle > self.now
        return alive and not ended and login in self.open

    @invariant()
    def exactly_the_sessions_hold_that_may(self) -> None:
        with self.engine.connect() as conn:
            for token, one in self.sessions.items():
                found = sessions.find(conn, token, self.now)
                assert (found is not None) == self.holds(token)
                assert found is None or found.person.login == one[0]

    @invariant()
    def exactly_the_links_open_that_may(self) -> None:
        with self.engine.connect() as conn:
            for token, (login, expires, used) in self.links.items():
                good = not used and expires > self.now and login in self.open
                assert (links.look(conn, token, self.now) is not None) == good

    @invariant()
    def the_log_is_sound(self) -> None:
        with self.engine.connect() as conn:
            assert audit.verify(conn).ok


TestPeople = People.TestCase
TestPeople.settings = settings(
    max_examples=30,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
