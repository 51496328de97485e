"""The door, composed: one application of its own, without cookies, pages or people.

Owns the routes of wire/door.py. Trusts nothing that TLS or a proxy says about the caller: who it
is follows from a token or a signature alone. Its answers are JSON; refusals are wire.door.Refusal.
"""

import base64
import binascii
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec
from sqlalchemy import Connection, Engine
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from controller import policies
from controller.door.addresses import Network, client
from controller.door.allowance import Allowance
from controller.door.bulk import TIME_S, Bulk
from controller.door.caller import Callers
from controller.door.desk import Desk
from controller.door.files import Files
from controller.door.first_root import newest_root
from controller.door.of_citizens import OfCitizens
from controller.door.refusals import Refused, answer, denied, json
from controller.door.signatures import Moments, Received
from controller.door.signing import Outcome, Signing
from controller.door.wall import MOST_AT_ONCE, Wall
from controller.identity import csr
from controller.identity.life import renew
from controller.identity.redeem import UNKNOWN, Asked, Denied, is_known, redeem
from controller.people.audit import Entry, append
from wire import door
from wire.envelope import canonical

T = TypeVar("T", bound=msgspec.Struct)


class Settings(NamedTuple):
    """`authority` is the server authority in PEM; `wait_s` the longest wait for the warden.

    `bulk_s` is the longest a kiosk may take to hand in something or to measure its line. `releases`
    is the folder of releases, None where there are none; `registrar` its socket file, None where
    nobody opens what citizens hand in, and `registrar_s` the longest wait for it.
    """

    authority: str
    broker: door.BrokerPlace
    proxies: tuple[Network, ...] = ()
    wait_s: float = 10.0
    most_at_once: int = MOST_AT_ONCE
    bulk_s: float = TIME_S
    releases: Path | None = None
    registrar: Path | None = None
    registrar_s: float = 2.0


def create_door(
    engine: Engine,
    clock: Callable[[], int],
    settings: Settings,
    allowance: Allowance | None = None,
) -> Starlette:
    """The application; it ends `engine` with itself. `clock` gives milliseconds since 1970."""
    one = Door(Desk(engine), clock, settings, allowance or Allowance())

    async def refused(_request: Request, error: Exception) -> Response:
        return answer(_meaning(error), clock())

    app = Starlette(
        routes=[
            Route(door.AUTHORITY_PATH, one.authority, methods=["GET"]),
            Route(door.TIME_PATH, one.time, methods=["GET"]),
            Route(door.ENROL_PATH, one.enrol, methods=["POST"]),
            Route(door.RENEW_PATH, one.renew, methods=["POST"]),
            Route(door.IDENTITY_PATH, one.identity, methods=["GET"]),
            Route(door.POLICY_PATH, one.policy, methods=["GET"]),
            *one.bulk,
            *one.citizens,
            *one.files,
        ],
        exception_handlers={Refused: refused, HTTPException: refused, Exception: refused},
        lifespan=one.lifespan,
    )
    app.router.redirect_slashes = False
    app.add_middleware(Wall, clock=clock, most_at_once=settings.most_at_once)
    return app


class Door:
    def __init__(
        self, desk: Desk, clock: Callable[[], int], settings: Settings, allowance: Allowance
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._settings = settings
        self._allowance = allowance
        self._callers = Callers(desk, Moments(clock), allowance)
        self._signing = Signing(desk)
        bulk = Bulk(desk, self._callers, allowance, clock, time_s=settings.bulk_s)
        self.bulk = [
            Route(door.ATTACHMENT_PATH, bulk.attach, methods=["POST"]),
            Route(door.SPEED_PATH, bulk.down, methods=["GET"]),
            Route(door.SPEED_PATH, bulk.up, methods=["POST"]),
        ]
        self._of_citizens = OfCitizens(
            desk,
            bulk,
            allowance,
            clock,
            address=self._address,
            registrar=settings.registrar,
            wait_s=settings.registrar_s,
        )
        self.citizens = self._of_citizens.routes
        self.files: list[Route] = []
        if settings.releases is not None:
            give = Files(settings.releases, self._address).give
            self.files = [Route(f"{door.RELEASES_PATH}/{{path:path}}", give, methods=["GET"])]

    @asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        yield
        await self._signing.end()
        self._of_citizens.close()
        self._desk.close()

    async def authority(self, _request: Request) -> Response:
        return json(door.Authority(self._settings.authority))

    async def time(self, _request: Request) -> Response:
        return json(door.Clock(self._clock()))

    async def enrol(self, request: Request) -> Response:
        wish, address = _parsed(await request.body(), door.Enrol), self._address(request)
        asked_for = _csr(wish.csr)
        token = _token(wish.token)
        known = await self._desk.read(lambda conn: is_known(conn, token))
        counted = f"code {hashlib.sha256(token).hexdigest()}" if known else address
        self._allowance.check(counted)
        done = await self._redeemed(token, asked_for, address) if known else UNKNOWN
        if isinstance(done, Denied):
            await self._failed(done, counted, address)
            raise denied(done)
        return await self._granted(done)

    async def renew(self, request: Request) -> Response:
        received = await _received(request)
        now = self._clock()
        caller = await self._callers.identify(received, now)
        asked_for = _csr(_parsed(await request.body(), door.Renew).csr)
        address = self._address(request)

        def wish(conn: Connection) -> Asked | Denied:
            return renew(conn, caller.certificate_id, asked_for, address, now)

        done = await self._desk.write(wish)
        if isinstance(done, Denied):
            raise denied(done)
        return await self._granted(done)

    async def identity(self, request: Request) -> Response:
        now = self._clock()
        caller = await self._callers.identify(await _received(request), now)
        return json(
            door.Standing(
                kiosk=caller.kiosk,
                state=caller.state,
                certificate=caller.certificate,
                serial=caller.serial,
                not_after=caller.not_after,
                now=now,
            )
        )

    async def policy(self, request: Request) -> Response:
        await self._callers.identify(await _received(request), self._clock())
        return json(door.InForce(await self._policy(), self._root()))

    async def _policy(self) -> str:
        """The text of the newest SignedPolicy, empty where no ceremony was held."""
        found = await self._desk.read(policies.newest)
        return "" if found is None else canonical(found.signed)

    def _root(self) -> str:
        return newest_root(self._settings.releases)

    async def _redeemed(self, token: bytes, asked_for: csr.Request, address: str) -> Asked | Denied:
        now = self._clock()
        return await self._desk.write(lambda conn: redeem(conn, token, asked_for, address, now))

    async def _granted(self, asked: Asked) -> Response:
        signed = await self._signing.outcome(asked.certificate_id, self._settings.wait_s)
        if signed is None:
            raise Refused("signing", "not signed yet: send the same request again", 2)
        if signed.state in ("issued", "current"):
            return json(self._grant(asked.kiosk, signed, await self._policy()))
        if signed.state == "refused":
            raise Refused("refused", f"the office did not sign it: {signed.why}")
        raise Refused("revoked", f"the certificate is {signed.state}: {signed.why}")

    def _grant(self, kiosk: str, signed: Outcome, policy: str) -> door.Granted:
        return door.Granted(
            kiosk=kiosk,
            certificate=_copy(signed),
            serial=signed.serial,
            authority=self._settings.authority,
            broker=self._settings.broker,
            not_before=signed.not_before,
            not_after=signed.not_after,
            now=self._clock(),
            policy=policy,
            root=self._root(),
        )

    async def _failed(self, done: Denied, counted: str, address: str) -> None:
        """A refusal counts; the one too many is written down, the thousand after it are not."""
        if self._allowance.failed(counted):
            entry = Entry("door", "door.locked_out", address=address, detail={"code": done.code})
            await self._desk.write(lambda conn: append(conn, entry, self._clock()))

    def _address(self, request: Request) -> str:
        peer = request.client.host if request.client else None
        forwarded = request.headers.getlist("x-forwarded-for")
        return client(peer, forwarded, self._settings.proxies)


def _copy(signed: Outcome) -> str:
    """Raises Refused `key_used` where the office knows of a certificate and has no copy of it.

    So it is after a database was restored, if the warden's record is from before it kept copies.
    """
    if signed.pem is None:
        raise Refused("key_used", "the office has no copy of this certificate: make a new key")
    return signed.pem


async def _received(request: Request) -> Received:
    scope = request.scope
    return Received(
        method=request.method,
        path=scope["raw_path"],
        query=scope["query_string"],
        headers=scope["headers"],
        body=await request.body(),
    )


def _parsed(body: bytes, shape: type[T]) -> T:
    """Raises Refused `malformed`."""
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Refused("malformed", f"not the JSON of {shape.__name__}: {error}"[:200]) from None


def _csr(pem: str) -> csr.Request:
    """Raises Refused `csr`."""
    try:
        return csr.read(pem)
    except csr.BadRequest as error:
        raise Refused("csr", str(error)) from None


def _token(text: str) -> bytes:
    """Raises Refused `malformed`."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Refused("malformed", "token: not base64url without padding") from None


def _meaning(error: Exception) -> Refused:
    if isinstance(error, Refused):
        return error
    if isinstance(error, HTTPException):
        if error.status_code == 405:
            return Refused("method", "this path takes another method")
        if error.status_code == 404:
            return Refused("not_found", "the door has no such path")
        return Refused("malformed", str(error.detail)[:200])
    return Refused("internal", "the office made a mistake; its log says which")
