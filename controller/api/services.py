"""Routes about service packs: the list, one of them, checking, writing, reviewing, publishing.

Asks controller.services; decides nothing. Whoever writes or reviews must have the power in the
whole tenant: what a service says is said in all its districts.
"""

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import Path, Query
from sqlalchemy import Connection

from controller import bell
from controller.api import service_models as models
from controller.api.gate import Gate
from controller.api.job_models import Nothing
from controller.api.office_door import OfficeDoor
from controller.api.problems import documented
from controller.api.routes import By, Here, Routes
from controller.deeds import Doer
from controller.jobs.refused import Refused
from controller.people import audit
from controller.releases.folder import Releases
from controller.scope import Outside
from controller.services import beside, drafts, publish, read
from controller.services.shapes import Line, Pack

PackId = Annotated[int, Path(ge=1, le=2**53, description="Number of a service pack")]
Tenant = Annotated[str, Query(max_length=16, description="Of this government alone")]
EDIT: Final = "service.edit"
REVIEW: Final = "service.review"
PUBLISH: Final = "service.publish"


class ServiceRoutes:
    """`folder`: where releases lie, None where nothing is published from here."""

    def __init__(self, door: OfficeDoor, gate: Gate, folder: Releases | None) -> None:
        self._door, self._given = door, folder
        routes = Routes(gate, prefix="/api/v1", tags=["services"])
        self.router = routes.router
        at, add = "/services/{pack_id}", routes.add
        see: dict[str, Any] = {"needs": "service.see", "responses": documented(404, 422)}
        add("/services", self.services, response_model=list[models.Line], **see)
        add(at, self.service, response_model=models.Pack, **see)
        refusals = documented(404, 409, 422)
        write: dict[str, Any] = {"methods": ["POST"], "responses": refusals}
        pack = write | {"response_model": models.Pack}
        add("/services/check", self.check_service, needs="service.see",
            response_model=models.Examined, **write)  # fmt: skip
        add("/services", self.begin_service, needs=EDIT, status_code=201, **pack)
        add(f"{at}/save", self.save_service, needs=EDIT, **pack)
        add(f"{at}/submit", self.submit_service, needs=EDIT, **pack)
        add(f"{at}/drop", self.drop_service, needs=EDIT, **pack)
        add(f"{at}/approve", self.approve_service, needs=REVIEW, **pack)
        add(f"{at}/return", self.return_service, needs=REVIEW, **pack)
        add(f"{at}/retire", self.retire_service, needs=PUBLISH, **pack)
        add("/services/publish", self.publish_services, needs=PUBLISH,
            response_model=models.Publication, **write)  # fmt: skip

    def services(self, here: Here, tenant: Tenant = "") -> list[Line]:
        """Every service: what citizens see of it, and what is being written."""
        with self._door.reading() as conn:
            return read.lines(conn, here, tenant)

    def service(self, here: Here, pack_id: PackId) -> Pack:
        """One revision of a service pack."""
        with self._door.reading() as conn:
            return read.seen(conn, pack_id, here)

    def check_service(self, given: models.GivenDocument) -> Any:
        """Whether a document makes sense. Nothing is kept."""
        with self._door.reading() as conn:
            found = beside.examined(conn, given.document)
        told = [one._asdict() for one in found.complaints]
        return {"sound": found.sound, "complaints": told}

    def begin_service(self, by: By, given: models.GivenDocument) -> Pack:
        """A draft: of a new service, or the next revision of a known one."""
        tenant = str(given.document.get("tenant", ""))[:16]
        if tenant and not by.person.may(EDIT, tenant):
            raise Outside("service", tenant)
        with self._door.writing() as conn:
            return drafts.begin(conn, given.document, _by(by), self._door.clock())

    def save_service(self, by: By, pack_id: PackId, given: models.GivenSave) -> Pack:
        """The draft says this now."""

        def act(conn: Connection, one: Pack, who: audit.By, now: int) -> Pack:
            return drafts.save(conn, one.id, given.version, given.document, who, now)

        return self._act(by, pack_id, EDIT, act)

    def submit_service(self, by: By, pack_id: PackId, _: Nothing | None = None) -> Pack:
        """To be looked at by a second person."""
        return self._act(by, pack_id, EDIT, _of(drafts.submit))

    def drop_service(self, by: By, pack_id: PackId, _: Nothing | None = None) -> Pack:
        """A draft is given up."""
        return self._act(by, pack_id, EDIT, _of(drafts.drop))

    def approve_service(self, by: By, pack_id: PackId, _: Nothing | None = None) -> Pack:
        """By another person than who wrote or sent it."""
        return self._act(by, pack_id, REVIEW, _of(drafts.approve))

    def return_service(self, by: By, pack_id: PackId, given: models.GivenReturn) -> Pack:
        """To whoever wrote it, with what is to be changed."""

        def act(conn: Connection, one: Pack, who: audit.By, now: int) -> Pack:
            return drafts.send_back(conn, one.id, given.why, who, now)

        return self._act(by, pack_id, REVIEW, act)

    def retire_service(self, by: By, pack_id: PackId, _: Nothing | None = None) -> Pack:
        """Offered no more from the next publication on."""
        return self._act(by, pack_id, PUBLISH, _of(drafts.retire))

    def publish_services(self, by: By, given: models.GivenPublication) -> Any:
        """Approved ones into the next release of the screens, which people then sign."""
        if self._given is None:
            raise Refused("no_folder", "the office was not told where releases lie: --releases DIR")
        with self._door.reading() as conn:
            for number in given.packs:
                _check(by, PUBLISH, read.find(conn, number))
        engine, now = self._door.engine, self._door.clock()
        done = publish.publish(engine, self._given, given.packs, given.note, _by(by), now)
        bell.ring(engine)
        its = done.finished
        told = {"release_id": done.release_id, "seq": done.seq, "signing_id": its.signing_id}
        return {**told, "missing": its.missing, "problems": list(its.problems)}

    def _act(
        self,
        by: Doer,
        pack_id: int,
        power: str,
        act: Callable[[Connection, Pack, audit.By, int], Pack],
    ) -> Pack:
        with self._door.writing() as conn:
            one = read.find(conn, pack_id)
            _check(by, power, one)
            return act(conn, one, _by(by), self._door.clock())


def _of(
    move: Callable[[Connection, int, audit.By, int], Pack],
) -> Callable[[Connection, Pack, audit.By, int], Pack]:
    return lambda conn, one, who, now: move(conn, one.id, who, now)


def _check(by: Doer, power: str, one: Pack) -> None:
    if not by.person.may(power, one.tenant):
        raise Outside(f"service {one.code}", one.tenant)


def _by(doer: Doer) -> audit.By:
    return audit.By(doer.person.login, doer.address)
