"""Routes about what happens before the screen: citizens who want an officer, and notices.

Asks controller.assist and controller.notices; decides nothing. Whoever takes a call on or writes a
notice does so in their own districts.
"""

from typing import Annotated, Any

from fastapi import Path
from pydantic import Field

from controller.api.gate import Gate
from controller.api.job_models import Given, Nothing
from controller.api.models import Millis, Model
from controller.api.office_door import OfficeDoor
from controller.api.problems import documented
from controller.api.routes import By, Here, Routes
from controller.assist import books as assist
from controller.jobs.refused import Refused
from controller.notices import books as notices
from controller.notices.books import Typed, Written
from controller.notices.given import whose_are
from controller.services.said import Unreadable
from wire.citizen import MOST_NOTICE

CallId = Annotated[int, Path(ge=1, le=2**53, description="Number of a call")]
NoticeId = Annotated[int, Path(ge=1, le=2**53, description="Number of a notice")]
Text = Annotated[str, Field(max_length=MOST_NOTICE)]
Moment = Annotated[int, Field(ge=0, le=2**53)]
PlaceCode = Annotated[str, Field(pattern=r"^[0-9]{2}(\.[0-9]{1,4}){1,2}$", examples=["32.73.01"])]


class CallRow(Model):
    id: int
    kiosk: str
    site_code: str
    site_name: str
    page: str = Field(description="First word of the page's address: never what was typed")
    at: Millis


class GivenNotice(Given):
    id: Annotated[str, Field(min_length=1, max_length=MOST_NOTICE, description="In Indonesian")]
    su: Text = ""
    en: Text = ""
    places: list[PlaceCode] = Field(min_length=1, max_length=100, description="Of one government")
    starts: Moment
    ends: Moment


class NoticeRow(Model):
    id: int
    tenant: str
    places: list[str]
    text: str = Field(description="In Indonesian")
    su: str
    en: str
    starts: Millis
    ends: Millis
    by: str


class Made(Model):
    id: int


class AtKioskRoutes:
    def __init__(self, door: OfficeDoor, gate: Gate) -> None:
        self._door = door
        routes = Routes(gate, prefix="/api/v1", tags=["at kiosks"])
        self.router, add = routes.router, routes.add
        come: dict[str, Any] = {"needs": assist.POWER}
        add("/calls", self.calls, response_model=list[CallRow], **come)
        add("/calls/{call_id}/take", self.take, status_code=204, methods=["POST"],
            responses=documented(404, 409, 422), **come)  # fmt: skip
        write: dict[str, Any] = {"needs": notices.POWER}
        add("/notices", self.notices, response_model=list[NoticeRow], **write)
        add("/notices", self.write, status_code=201, methods=["POST"], response_model=Made,
            responses=documented(404, 409, 422), **write)  # fmt: skip
        add("/notices/{notice_id}/end", self.end, status_code=204, methods=["POST"],
            responses=documented(404, 409, 422), **write)  # fmt: skip

    def calls(self, here: Here) -> Any:
        """Citizens who wait for an officer now, longest first."""
        with self._door.reading() as conn:
            return assist.standing(conn, here, self._door.clock())

    def take(self, by: By, call_id: CallId, _: Nothing | None = None) -> None:
        """You go there; the kiosk says so within seconds. 409 when somebody else does."""
        with self._door.ringing() as conn:
            assist.take(conn, call_id, by, self._door.clock())

    def notices(self, here: Here) -> list[NoticeRow]:
        """Those that are not over."""
        with self._door.reading() as conn:
            return [_row(one) for one in notices.shown(conn, here, self._door.clock())]

    def write(self, by: By, given: GivenNotice) -> Made:
        """Kiosks with a line show it within five minutes."""
        with self._door.writing() as conn:
            typed = Typed(given.places, given.id, given.su, given.en, given.starts, given.ends)
            its = whose_are(conn, given.places)
            try:
                return Made(id=notices.write(conn, typed, its, by, self._door.clock()))
            except Unreadable as error:
                said = "; ".join(one.en for one in error.complaints)
                raise Refused("arguments", said) from None

    def end(self, by: By, notice_id: NoticeId, _: Nothing | None = None) -> None:
        """Ends it before its time; kiosks with a line stop showing it within five minutes."""
        with self._door.writing() as conn:
            notices.end(conn, notice_id, by, self._door.clock())


def _row(one: Written) -> NoticeRow:
    words, notice = one.notice.words, one.notice
    return NoticeRow(
        id=one.id, tenant=one.tenant, places=list(one.places), text=words.id, su=words.su,
        en=words.en, starts=notice.starts, ends=notice.ends, by=one.by,
    )  # fmt: skip
