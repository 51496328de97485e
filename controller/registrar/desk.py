"""Who answers which question of controller/registrar/protocol.py: one visible table.

Turns what cannot be done into words; decides nothing.
"""

from collections.abc import Callable, Mapping
from hmac import compare_digest
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from controller.registrar import protocol
from controller.registrar.brake import Brake
from controller.registrar.channel import Channel
from controller.registrar.clerk import Clerk
from controller.registrar.client import CannotOpen
from controller.registrar.held import Ring
from controller.registrar.opener import Opener
from controller.registrar.protocol import Ask, Said
from controller.registrar.seals import photo_info
from controller.registrar.tries import Tries
from controller.store.citizen_tables import record, submission
from controller.store.failures import meaning, reason
from controller.store.tables import kiosk
from wire.submission import pad


class Desk:
    """`wall` gives milliseconds since 1970; `brake` of programs' accounts. For many threads."""

    def __init__(
        self,
        engine: Engine,
        ring: Ring,
        clerk: Clerk,
        opener: Opener,
        wall: Callable[[], int],
        *,
        tries: Tries,
        brake: Brake | None = None,
    ) -> None:
        self._engine, self._ring, self._wall, self._tries = engine, ring, wall, tries
        self._clerk, self._opener = clerk, opener
        self._channel = Channel(clerk, wall, brake)
        self._served: Mapping[type[Ask], Callable[[Any], Said]] = {
            protocol.Open: self._open,
            protocol.Photos: self._photos,
            protocol.SealNote: self._seal_note,
            protocol.OpenNotes: self._notes,
            protocol.Judge: self._judge,
            protocol.Tail: self._tail,
            protocol.SealPhoto: self._seal_photo,
            protocol.HandIn: self._hand_in,
            protocol.Ping: lambda _: protocol.Known(yes=True),
        }

    def answer(self, ask: Ask) -> Said:
        """Raises nothing that is the database's or the asker's fault."""
        try:
            return self._served[type(ask)](ask)
        except CannotOpen as refused:
            return protocol.Refused(code=refused.code, why=refused.why)
        except SQLAlchemyError as error:
            if meaning(error) == "blame":
                raise
            why = f"the office's database is away, nothing was opened: {reason(error)}"
            return protocol.Refused(code="away", why=why)

    def answer_door(self, ask: Ask) -> Said:
        """As `answer`, for who must not have anything opened, whoever they say they are."""
        if isinstance(ask, protocol.AT_DOOR):
            return self.answer(ask)
        why = "nothing is opened at the door's socket: find out who asks there"
        return protocol.Refused(code="denied", why=why)

    def _open(self, ask: protocol.Open) -> Said:
        content = self._opener.open(ask.submission, ask.account, ask.what)
        return protocol.Opened(content=content)

    def _photos(self, ask: protocol.Photos) -> Said:
        return protocol.Pictures(jpegs=self._opener.photos(ask.submission, ask.account))

    def _seal_note(self, ask: protocol.SealNote) -> Said:
        sealed, key = self._opener.seal_note(ask.submission, ask.account, ask.text)
        return protocol.SealedNote(sealed=sealed, key=key)

    def _notes(self, ask: protocol.OpenNotes) -> Said:
        return protocol.Notes(texts=self._opener.notes(ask.submission, ask.account))

    def _judge(self, ask: protocol.Judge) -> Said:
        return protocol.Judged(ack=self._clerk.judge(ask.record))

    def _tail(self, ask: protocol.Tail) -> Said:
        query = select(submission.c.tail, record.c.sha256)
        query = query.join_from(submission, record, record.c.id == submission.c.record_id)
        query = query.outerjoin(kiosk, kiosk.c.id == submission.c.kiosk_id)
        name = func.coalesce(kiosk.c.name, protocol.CHANNEL)
        same = (name == ask.kiosk, submission.c.number == ask.number)
        with self._engine.connect() as conn:
            row = conn.execute(query.where(*same)).first()
        kept, sha256 = ("", "") if row is None else row
        said = self._ring().tail_of(ask.kiosk, ask.number, sha256, ask.tail)
        if not kept:  # nothing to be found out, so nothing is counted
            return protocol.Known(yes=compare_digest(said, kept))
        yes = self._tries.right(ask.kiosk, ask.number, lambda: compare_digest(said, kept))
        return protocol.Known(yes=yes)

    def _hand_in(self, ask: protocol.HandIn) -> Said:
        return protocol.Taken(**self._channel.take(ask)._asdict())

    def _seal_photo(self, ask: protocol.SealPhoto) -> Said:
        info = photo_info(ask.ticket)
        sealed, key = self._ring().seal(pad(ask.jpeg), info, self._wall())
        return protocol.SealedNote(sealed=sealed, key=key)
