"""Open311 GeoReport v2 in JSON: other programs hand in complaints and ask how they stand.

Asks controller.open311 and, to hand in, the registrar; decides nothing. Every address needs a
token of an account whose role is `channel`. What differs from GeoReport stands in docs/open311.md.
"""

from typing import Annotated, Any, Final, Protocol

from fastapi import HTTPException, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from controller.api.gate import Gate
from controller.api.office_door import OfficeDoor
from controller.api.params import Text
from controller.api.problems import documented
from controller.api.routes import By, Here, Routes
from controller.open311 import codes, given, read
from controller.open311.given import NotGiven
from controller.open311.read import MOST, Wanted
from controller.people.powers import Scope
from controller.registrar.client import CannotOpen
from controller.registrar.protocol import HandIn, Taken, tail_of
from controller.words import BadQuestion
from wire.service.tenant import Places

POWER: Final = "open311.use"
SEALED: Final = "Isi laporan hanya dapat dibuka petugas yang berwenang."
KIOSKS: Final = "Status dapat dicek di anjungan dengan empat angka terakhir nomor telepon pelapor."
HERE: Final = "Tanpa nomor telepon, status tidak dapat dicek di anjungan; tanyakan di kanal ini."
MOST_FORM: Final = 100  # fields
Short = Annotated[str, Field(max_length=2_000)]
Code = Annotated[str, Path(max_length=64)]
Tenant = Annotated[str, Query(max_length=16)]


class RequestsParams(BaseModel):
    model_config = ConfigDict(extra="forbid")

    jurisdiction_id: Text = ""
    service_request_id: Short = Field(default="", description="Several by commas")
    service_code: Short = Field(default="", description="Several by commas")
    status: Text = Field(default="", description="open or closed")
    start_date: Text = Field(default="", examples=["2026-11-01T00:00:00+07:00"])
    end_date: Text = ""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    page_size: Annotated[int, Field(ge=1, le=MOST)] = MOST

    def wanted(self) -> Wanted:
        """Raises BadQuestion."""
        if self.status not in ("", *codes.STATUSES):
            raise BadQuestion("status", self.status, list(codes.STATUSES))
        return Wanted(
            _list(self.service_request_id),
            _pairs(self.service_code),
            self.status,
            _moment("start_date", self.start_date),
            _moment("end_date", self.end_date),
            self.page,
            self.page_size,
        )


AskRequests = Annotated[RequestsParams, Query()]


class HandsIn(Protocol):
    """controller/registrar/client.py Registrar. Blocks, raises CannotOpen."""

    def hand_in(self, given: HandIn) -> Taken: ...


class Open311Routes:
    """`registrar` None: this office runs none, and nothing can be handed in."""

    def __init__(self, door: OfficeDoor, gate: Gate, registrar: HandsIn | None) -> None:
        self._door, self._registrar = door, registrar
        routes = Routes(gate, prefix="/api/open311/v2", tags=["open311"])
        self.router = routes.router
        some: dict[str, Any] = {"needs": POWER, "responses": documented(404, 422)}
        routes.add("/services.json", self.open311_services, **some)
        routes.add("/services/{service_code}.json", self.open311_service, **some)
        routes.add("/requests.json", self.open311_requests, **some)
        routes.add("/requests/{number}.json", self.open311_request, **some)
        routes.add("/tokens/{number}.json", self.open311_token, **some)
        some["responses"] = documented(403, 404, 422, 503)
        routes.add("/requests.json", self.open311_hand_in, methods=["POST"], **some)

    def open311_services(self, here: Here, jurisdiction_id: Tenant = "") -> Any:
        """What may be complained of, in every government this program may speak to."""
        with self._door.reading() as conn:
            found = read.governments(conn, here)
        return [
            codes.service(one.code, category)
            for one in found
            if jurisdiction_id in ("", one.code)
            for category in one.categories
        ]

    def open311_service(self, here: Here, service_code: Code) -> Any:
        """What is asked besides: the place, and the kind of complaint."""
        with self._door.reading() as conn:
            found = [one for one in read.governments(conn, here)
                     for each in one.categories
                     if codes.code_of(one.code, each.code) == service_code]  # fmt: skip
            places = read.places(conn, found[0].code) if found else None
        if places is None:
            raise HTTPException(404, "no such service_code")
        return codes.definition(service_code, [(one.code, one.name) for one in places.districts])

    def open311_requests(self, here: Here, query: AskRequests) -> Any:
        """Complaints by their public fields: of 90 days, at most 1,000 a page."""
        return self._found(here, query.wanted())

    def open311_request(self, here: Here, number: Code) -> Any:
        """One, by its receipt number."""
        found = self._found(here, Wanted((number.upper(),)))
        if not found:
            raise HTTPException(404, "no such service_request_id")
        return found

    def open311_token(self, here: Here, number: Code) -> Any:
        """A kiosk's receipt number is a token until its record has arrived, then its own id."""
        if not self._found(here, Wanted((number.upper(),))):
            raise HTTPException(404, "it has not arrived yet, or there is no such token")
        return [{"token": number.upper(), "service_request_id": number.upper()}]

    async def open311_hand_in(self, by: By, request: Request) -> Any:
        """A citizen's complaint: sealed by the registrar before it is answered."""
        form = await request.form(max_files=0, max_fields=MOST_FORM)
        texts = {name: value for name, value in form.items() if isinstance(value, str)}
        return await run_in_threadpool(self._hand_in, by.person.account, texts)

    def _hand_in(self, account: int, form: dict[str, str]) -> Any:
        if self._registrar is None:
            raise HTTPException(503, "this office runs no registrar: ask its administrator")
        try:
            asked = given.read(form, account, self._places(given.tenant_of(form)))
            taken = self._registrar.hand_in(asked)
        except NotGiven as error:
            raise HTTPException(422, f"{error.field}: {error}") from None
        except CannotOpen as error:
            status = {"away": 503, "denied": 403}.get(error.code, 422)
            raise HTTPException(status, error.why) from None
        notice = f"Simpan nomor ini. {KIOSKS if tail_of(asked.phone) else HERE} {SEALED}"
        return [{"service_request_id": taken.number, "service_notice": notice, "account_id": None}]

    def _places(self, tenant: str) -> Places:
        """Raises NotGiven."""
        with self._door.reading() as conn:
            found = read.places(conn, tenant)
        if found is None:
            raise NotGiven("service_code", "no such service_code")
        return found

    def _found(self, here: Scope, wanted: Wanted) -> list[dict[str, Any]]:
        with self._door.reading() as conn:
            return read.requests(conn, here, wanted, self._door.clock())


def _list(text: str) -> tuple[str, ...]:
    return tuple(one.strip().upper() for one in text.split(",") if one.strip())[:100]


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    try:
        return tuple(codes.read_code(one.strip()) for one in text.split(",") if one.strip())[:100]
    except ValueError:
        raise BadQuestion("service_code", text[:64], ["a code of GET services"]) from None


def _moment(name: str, text: str) -> int | None:
    try:
        return read.read_iso(text) if text else None
    except (ValueError, OverflowError):
        raise BadQuestion(name, text[:64], ["2026-11-22T14:00:00+07:00"]) from None
