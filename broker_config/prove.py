"""Is the broker closed to those it must be closed to, and open to the others? Asked, not believed.

Owns the cases: what a kiosk may, what it may not, whom the revocation list shuts out. Speaks only
at `probe/<name>/up` and `down`, one level short of what anybody subscribes to. Never changes
anything and never decides what follows from a proof.
"""

import ssl
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from broker_config.speak import NOT_AUTHORIZED, Door, Line
from broker_config.wanted import PROBE, stamp_topic
from wire.topics import ROOT

OFFICE_CLIENT = "_keeper"
MINE, OTHER = (f"{ROOT}/probe/{name}" for name in (PROBE, "_probe-other"))
YES = (0x00, 0x10)  # success; success, but nobody listens
REVOKED = "CERTIFICATE_REVOKED"


class State(Enum):
    PROVEN = "proven"
    OPEN = "open"  # something passed that must not: stop the broker at once
    UNPROVEN = "unproven"  # somebody was shut out who must not be, or the broker is deaf


class Proof(NamedTuple):
    state: State
    why: str = ""


PROVEN = Proof(State.PROVEN)


class Prover:
    """Knocks at both doors with what the authority issued to the keeper."""

    def __init__(
        self, kiosks: tuple[str, int], office: tuple[str, int], issued: Path, within_s: float = 5.0
    ) -> None:
        self._kiosks, self._office = kiosks, office
        self._issued = issued
        self._within_s = within_s

    def let_in(self) -> bool:
        """True as soon as the broker serves kiosks."""
        try:
            self._kiosk().close()
        except OSError:
            return False
        return True

    def in_force(self, stamp: int) -> bool:
        """The broker has read the lists of this stamp."""
        try:
            with self._kiosk() as kiosk:
                return kiosk.publish(stamp_topic(stamp)) in YES
        except OSError:
            return False

    def all(self) -> Proof:
        """Every case. About ten handshakes' worth of work for the broker."""
        return _first_bad(self.writing, self.reading, self.revoked)

    def writing(self) -> Proof:
        """Below its own name a kiosk may write, elsewhere not. Cheap: one connection."""
        try:
            with self._kiosk() as kiosk:
                for topic in (f"{OTHER}/up", f"{OTHER}/down", f"{MINE}/down"):
                    if (code := kiosk.publish(topic)) != NOT_AUTHORIZED:
                        return Proof(State.OPEN, f"a kiosk could write {topic} (0x{code:02x})")
                code = kiosk.publish(f"{MINE}/up")
        except OSError as error:
            return _deaf("a kiosk", error)
        if code not in YES:
            return Proof(
                State.UNPROVEN, f"a kiosk could not write below its own name: 0x{code:02x}"
            )
        return PROVEN

    def reading(self) -> Proof:
        """What the office says reaches whom it is for, and nobody else."""
        try:
            with self._kiosk() as kiosk, self._speaker(OFFICE_CLIENT) as office:
                # Nothing wider: a subscriber hides from other kiosks that nobody listens to them.
                kiosk.subscribe((f"{ROOT}/probe/#", "$SYS/#", f"{MINE}/down"))
                for topic in (f"{OTHER}/down", f"{MINE}/down"):
                    if (code := office.publish(topic)) not in YES:
                        return Proof(State.UNPROVEN, f"the office could not write: 0x{code:02x}")
                while f"{MINE}/down" not in (topics := {topic for topic, _ in kiosk.heard}):
                    kiosk.listen()
        except OSError as error:
            return _deaf("what the office says to a kiosk", error)
        if foreign := topics - {f"{MINE}/down"}:
            return Proof(State.OPEN, f"a kiosk could read {min(foreign)}")
        return PROVEN

    def revoked(self) -> Proof:
        """The revocation list shuts its probe out, and for no other reason."""
        try:
            # TLS 1.2 refuses within the handshake; 1.3 may lose the reason on the way.
            context = self._context("probe-revoked", ssl.TLSVersion.TLSv1_2)
            self._line(self._kiosks, context, "_probe-revoked").close()
        except ssl.SSLError as error:
            if REVOKED in (error.reason or "").upper().replace(" ", "_"):
                return PROVEN
            return _deaf("the revoked probe, but not as revoked", error)
        except OSError as error:
            return _deaf("the revoked probe, but not as revoked", error)
        return Proof(State.OPEN, "a revoked certificate was let in")

    def end(self, kiosks: Iterable[str]) -> list[str]:
        """Ends their connections and sessions; the names for which that could not be shown.

        One client id has one connection: while ours under that name is answered, theirs is gone,
        and with our clean start its session and queue.
        """
        left = []
        for name in kiosks:
            try:
                with self._speaker(name) as taken:
                    taken.ping()
            except OSError:
                left.append(name)
        return left

    def _kiosk(self) -> Line:
        return self._line(self._kiosks, self._context("probe-allowed"), PROBE)

    def _speaker(self, client_id: str) -> Line:
        return self._line(self._office, self._context("office"), client_id)

    def _line(self, where: tuple[str, int], context: ssl.SSLContext, client_id: str) -> Line:
        return Line(Door(*where, context), client_id, self._within_s)

    def _context(self, name: str, most: ssl.TLSVersion | None = None) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self._issued / "server-ca.pem"))
        paths = (self._issued / f"{name}.crt", self._issued / f"{name}.key")
        context.load_cert_chain(*(str(path) for path in paths))
        if most is not None:
            context.maximum_version = most
        return context


def _first_bad(*cases: "object") -> Proof:
    for case in cases:
        proof: Proof = case()  # type: ignore[operator]
        if proof.state is not State.PROVEN:
            return proof
    return PROVEN


def _deaf(who: str, error: OSError) -> Proof:
    return Proof(State.UNPROVEN, f"{who} was turned away: {error}")
