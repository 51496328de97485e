"""Routes about rollouts: the dry run, asking, the list, one of them, its kiosks, its course.

Asks controller.rollouts; decides nothing. A change rings the bell after its commit.
"""

from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import Field

from controller.api import rollout_models as models
from controller.api.gate import Gate
from controller.api.job_models import GivenReason, GivenToken, Nothing
from controller.api.models import PageOf
from controller.api.office_door import OfficeDoor
from controller.api.params import Name, Paging, Text
from controller.api.problems import documented
from controller.api.routes import By, Here, Routes
from controller.rollouts import agree, ask, dry, read, steer

RolloutId = Annotated[int, Path(ge=1, le=2**62, description="Number of a rollout")]


class RolloutParams(Paging):
    state: list[Text] = Field(default=[], description="Any of these", max_length=20)
    bundle: Text = ""

    def query(self) -> read.RolloutQuery:
        states = tuple(self.state)
        return read.RolloutQuery(
            states=states, bundle=self.bundle, page=self.page, size=self.size
        )  # fmt: skip


class ShareParams(Paging):
    state: list[Text] = Field(default=[], description="Any of these", max_length=20)
    phase: int = Field(default=0, ge=0, le=20, description="0: any")
    search: Text = Field(default="", description="Part of the name of the kiosk or its site")

    def query(self) -> read.ShareQuery:
        return read.ShareQuery(
            states=tuple(self.state),
            phase=self.phase,
            search=self.search,
            page=self.page,
            size=self.size,
        )


AskRollouts = Annotated[RolloutParams, Query()]
AskShares = Annotated[ShareParams, Query()]


class RolloutRoutes:
    def __init__(self, door: OfficeDoor, gate: Gate) -> None:
        self._door = door
        routes = Routes(gate, prefix="/api/v1", tags=["rollouts"])
        self.router = routes.router
        at, add = "/rollouts/{rollout_id}", routes.add
        see: dict[str, Any] = {"needs": "release.see", "responses": documented(404, 422)}
        add("/rollouts", self.rollouts, response_model=PageOf[models.Rollout], **see)
        add(at, self.rollout, response_model=models.RolloutDetail, **see)
        add(f"{at}/kiosks", self.shares, response_model=PageOf[models.Share], **see)
        of = "/kiosks/{name}/releases"
        add(of, self.releases_of_kiosk, response_model=list[models.KioskRelease], **see)
        do: dict[str, Any] = {"methods": ["POST"], "responses": documented(404, 409, 422)}
        ask_ = do | {"needs": "rollout.ask"}
        add("/rollouts/dry-run", self.dry_run, response_model=models.DryRun, **ask_)
        ask_ |= {"response_model": models.MadeRollout, "status_code": 201}
        add("/rollouts", self.ask_rollout, **ask_)
        add(f"{at}/retry", self.retry_rollout, **ask_)
        word = do | {"needs": "rollout.agree"}
        add(f"{at}/approvals", self.agree_to_rollout, response_model=models.AgreedRollout, **word)
        add(f"{at}/refuse", self.refuse_rollout, status_code=204, **word)
        steer_ = do | {"needs": "rollout.steer", "status_code": 204}
        add(f"{at}/pause", self.pause_rollout, **steer_)
        add(f"{at}/resume", self.resume_rollout, **steer_)
        add(f"{at}/abort", self.abort_rollout, **steer_)
        add(f"{at}/back", self.take_rollout_back, **steer_)

    def dry_run(self, by: By, rollout: models.GivenDryRun) -> Any:
        """What asking would mean: kiosks, phases, bytes, time, cost. Changes nothing."""
        with self._door.reading() as conn:
            now = self._door.clock()
            return dry.dry_run(conn, by, rollout.request(), now, rollout.line())

    def ask_rollout(self, by: By, rollout: models.GivenRollout) -> Any:
        """Bring a release to kiosks. Repeat it with its token: it makes one rollout, not two."""
        with self._door.ringing() as conn:
            return {"id": ask.ask(conn, by, rollout.request(), self._door.clock())}

    def rollouts(self, here: Here, query: AskRollouts) -> Any:
        """One page, newest first."""
        with self._door.reading() as conn:
            return read.rollouts(conn, here, query.query())

    def rollout(self, here: Here, rollout_id: RolloutId) -> Any:
        """One rollout: phases, what is compared, every decision with its reason and numbers."""
        with self._door.reading() as conn:
            return read.rollout(conn, here, rollout_id, self._door.clock())

    def shares(self, here: Here, rollout_id: RolloutId, query: AskShares) -> Any:
        """One page of its kiosks, by phase, what needs people first."""
        with self._door.reading() as conn:
            return read.shares(conn, here, rollout_id, query.query(), self._door.clock())

    def releases_of_kiosk(self, here: Here, name: Name) -> Any:
        """What the kiosk shall have, what it has, how far it is, by bundle."""
        with self._door.reading() as conn:
            return read.of_kiosk(conn, here, name)

    def agree_to_rollout(self, by: By, rollout_id: RolloutId, _: Nothing | None = None) -> Any:
        """Agree, as a second person. A person counts once."""
        with self._door.ringing() as conn:
            return agree.agree(conn, by, rollout_id, self._door.clock())

    def refuse_rollout(self, by: By, rollout_id: RolloutId, reason: GivenReason) -> None:
        """Nobody may agree to it any more."""
        with self._door.ringing() as conn:
            agree.refuse(conn, by, rollout_id, reason.why, self._door.clock())

    def pause_rollout(self, by: By, rollout_id: RolloutId, _: Nothing | None = None) -> None:
        """No phase opens. Kiosks that were told go on."""
        with self._door.ringing() as conn:
            steer.pause(conn, by, rollout_id, self._door.clock())

    def resume_rollout(self, by: By, rollout_id: RolloutId, _: Nothing | None = None) -> None:
        """Go on; of a held one: in spite of what held it so far."""
        with self._door.ringing() as conn:
            steer.resume(conn, by, rollout_id, self._door.clock())

    def abort_rollout(self, by: By, rollout_id: RolloutId, _: Nothing | None = None) -> None:
        """Nobody more gets it; who has it keeps it."""
        with self._door.ringing() as conn:
            steer.abort(conn, by, rollout_id, self._door.clock())

    def take_rollout_back(self, by: By, rollout_id: RolloutId, reason: GivenReason) -> None:
        """Whoever got it goes back to what it had before."""
        with self._door.ringing() as conn:
            steer.back(conn, by, rollout_id, reason.why, self._door.clock())

    def retry_rollout(self, by: By, rollout_id: RolloutId, given: GivenToken | None = None) -> Any:
        """Once more for kiosks that failed or went back by themselves."""
        token = given.token if given is not None else ""
        with self._door.ringing() as conn:
            return {"id": steer.retry(conn, by, rollout_id, token, self._door.clock())}
