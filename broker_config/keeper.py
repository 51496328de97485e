"""Keeps a broker with identities: closed to those the lists name, stopped rather than open to all.

Owns what follows from what. New lists come by the exchange; what cannot be believed never reaches
the broker, what cannot be proven is not reported as done. Mosquitto goes on without lists it
cannot read: so every reload is proven, and who breaks a list behind our back finds the broker
stopped. Never signs, never decides who is denied.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from broker_config import papers, wanted
from broker_config.exchange import Exchange, Note
from broker_config.in_force import InForce
from broker_config.papers import BadPapers, Papers
from broker_config.prove import Proof, Prover, State
from broker_config.saving import Saving
from broker_config.serving import Serving, Stopped
from broker_config.wanted import BadLists, Lists, Measure

CHEAP_S = 2.0  # between two proofs that a kiosk cannot write elsewhere
FULL_S = 60.0  # between two proofs of everything: each leaves a line in the broker's log
PAPERS_S = 1.0  # between two looks at the certificates


class Keeper:
    """`step` does what is due and soon returns. `say` gets what a person should know."""

    def __init__(
        self,
        *,
        issued: Path,
        exchange: Exchange,
        in_force: InForce,
        serving: Serving,
        prover: Prover,
        say: Callable[[str], None],
        saving: Saving | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.stopped = "it waits for the first lists of the warden"  # empty: it runs
        self._issued = issued
        self._exchange = exchange
        self._in_force = in_force
        self._serving = serving
        self._prover = prover
        self._say = say
        self._saving = saving or Saving()
        self._now = now
        self._clock = clock
        self._seen = -1
        self._lists: Lists | None = None
        self._papers: Papers | None = None
        self._marks: object = None
        self._doubt = ""  # what could not be proven at the last proof
        self._proven_pid = 0
        self._last: dict[str, float] = {}

    def step(self) -> None:
        try:
            if note := self._exchange.newest(self._seen):
                self._take(note)
            elif not self.stopped:
                self._watch()
        except Stopped as why:
            self._halt(str(why))
        except OSError as error:
            self._doubt_aloud(f"{error}: the administrator must see to the disk")

    def close(self) -> None:
        """Saves and ends the broker."""
        self._serving.child.stop()

    def _take(self, note: Note) -> None:
        self._seen = note.stamp
        try:
            found = papers.read(self._issued, self._now())
            lists = self._checked(note, found)
            self._in_force.put(found, lists)
        except (BadLists, BadPapers, OSError) as error:
            stays = self.stopped or "what was in force stays"
            self._answer(f"{error}; {stays}")
            return
        self._papers, self._lists = found, lists
        self._enforce(lists)
        self._prove(self._prover.all, "with the new lists")
        left = self._prover.end(lists.drop)
        self._in_force.remember(lists)
        gone = f"not shown to be gone: {', '.join(left)}" if left else ""
        self._answer("; ".join(why for why in (self._doubt, gone) if why))

    def _checked(self, note: Note, found: Papers) -> Lists:
        floor = self._in_force.floor()
        measure = Measure(
            device_ca=found.device_ca,
            allowed=found.allowed,
            revoked=found.revoked,
            number=floor.number,
            stamp=floor.stamp,
        )
        said = wanted.parse(note.raw)
        if said.stamp != note.stamp:
            raise BadLists(f"the file of stamp {note.stamp} says {said.stamp}: see to the warden")
        return wanted.check(said, measure, self._now())

    def _enforce(self, lists: Lists) -> None:
        if self.stopped or not self._serving.child.running:
            self._serving.start()
            self.stopped = ""
            self._say(f"broker: it runs, pid {self._serving.child.pid}")
        else:
            self._serving.reload(lists.stamp)

    def _watch(self) -> None:
        child = self._serving.child
        if said := child.check():
            self._say(said)
            self._put_again()  # it starts with our files, whatever happened to them
        if not child.running:
            return
        if child.pid != self._proven_pid:
            self._after_a_start()
        elif self._in_force.changed_by_others():
            self._restore()
        elif self._due("save", self._saving.every_s(self._serving.saved_bytes())):
            self._serving.save()
        elif self._due("full", FULL_S):
            self._prove(self._prover.all, "at a routine proof")
            self._warn()
        elif self._due("cheap", CHEAP_S):
            self._prove(self._prover.writing, "at a routine proof")
        elif self._due("papers", PAPERS_S):
            self._renew()

    def _after_a_start(self) -> None:
        if self._prover.let_in():  # else it is not ready yet, or dies and `check` says so
            self._serving.look_at_sockets()
            self._prove(self._prover.all, "after a start")

    def _restore(self) -> None:
        """Proven first: had it read what somebody put there, it would be open."""
        self._prove(self._prover.all, "after somebody else changed its files")
        self._put_again()
        self._say("broker: somebody changed its files; put back. The administrator must find who")
        if self._lists:
            self._serving.reload(self._lists.stamp)
        self._prove(self._prover.all, "after its files were put back")

    def _renew(self) -> None:
        """New certificates are put in use once they are whole and fit together."""
        marks = papers.marks(self._issued)
        if marks == self._marks or self._papers is None:
            return
        self._marks = marks
        try:
            found = papers.read(self._issued, self._now())
        except BadPapers as error:
            self._say(f"broker: {error}; the certificates before stay in use")
            return
        old, self._papers = self._papers, found
        if old.shown == found.shown:
            return
        self._put_again()
        # A reload reads certificates and the kiosks' authority anew, but not the office's.
        if old.shown["server-ca.pem"] != found.shown["server-ca.pem"]:
            self._serving.start()
        elif self._lists:
            self._serving.hang_up()
        self._say("broker: new certificates are in use")
        self._prove(self._prover.all, "with the new certificates")

    def _prove(self, case: Callable[[], Proof], when: str) -> None:
        """Raises Stopped if something passed that must not."""
        proof = case()
        if proof.state is State.OPEN:
            raise Stopped(
                f"{proof.why} {when}. The administrator must look at who can write its files; it "
                "starts again with the warden's next lists"
            )
        self._proven_pid = self._serving.child.pid
        self._doubt_aloud(f"{proof.why} {when}" if proof.state is State.UNPROVEN else "")

    def _halt(self, why: str) -> None:
        self._serving.stop()
        self.stopped = f"the broker is stopped: {why}"
        self._say(self.stopped)
        self._answer(self.stopped)

    def _doubt_aloud(self, why: str) -> None:
        if why and why != self._doubt:
            self._say(f"broker: not proven: {why}")
        self._doubt = why

    def _warn(self) -> None:
        """A list that is not signed anew shuts everybody out in the end: said in time."""
        if self._lists and self._lists.past_half(self._now()):
            self._answer(self._doubt)
        if self._papers and (days := (self._papers.until - self._now()).days) < papers.FEW_DAYS:
            self._say(f"broker: a certificate of its own ends in {days} days: is the warden away?")

    def _put_again(self) -> None:
        if self._papers and self._lists:
            self._in_force.put(self._papers, self._lists)

    def _answer(self, why: str) -> None:
        """`why` empty: all is well."""
        ok, lists = not why, self._lists
        if ok and lists and lists.past_half(self._now()):
            why = (
                f"the revocation list ends {lists.until:%Y-%m-%d %H:%M} UTC and is past half of "
                "its life: is the warden away?"
            )
        if why:
            self._say(f"broker: lists {self._seen}: {why}")
        self._exchange.answer(
            self._seen,
            ok=ok,
            why=why,
            at=int(self._now().timestamp() * 1000),
            crl_number=lists.number if lists else self._remembered(),
        )

    def _remembered(self) -> int:
        """The number of the list before our time: a restored authority must go above it."""
        try:
            return self._in_force.floor().number
        except BadLists:
            return 0

    def _due(self, what: str, every_s: float) -> bool:
        now = self._clock()
        if now < self._last.get(what, 0.0) + every_s:
            return False
        self._last[what] = now
        return True
