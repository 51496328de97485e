"""The way from this kiosk to its office, step by step: route, names, broker, door, time.

Each step is tried whatever became of the others and says its milliseconds. It fails with the code
of the first step that is broken, because the later ones follow from it.
"""

import socket
import time
from typing import TYPE_CHECKING, Final, NamedTuple

from agent.actions.base import Context, Failed, Outcome, done
from agent.actions.office import Away, Office
from agent.identity import trust
from agent.identity.asker import address_of
from agent.probes.base import Facts
from agent.probes.network import default_route

if TYPE_CHECKING:
    from collections.abc import Callable

STEP_S: Final = 8.0
TIME_OFF_MOST_MS: Final = 120_000


class Place(NamedTuple):
    """`ca` is the file to check it against, empty for no TLS."""

    host: str
    port: int
    ca: str


def do(context: Context) -> Outcome:
    facts: Facts = {}
    broken: dict[str, str] = {}
    broker, door = _places(context)
    steps: list[tuple[str, Callable[[], Facts]]] = [
        ("route", lambda: _route(context)),
        ("name", lambda: _names([place.host for place in (broker, door) if place])),
        ("broker", lambda: _reach(broker, "broker")),
    ]
    if door is not None:
        steps += [("door", lambda: _reach(door, "door")), ("time", lambda: _time(context))]
    for number, (name, step) in enumerate(steps):
        context.stop.check()
        context.progress(100 * number // len(steps), name)
        try:
            facts |= {f"{name}_ok": True, **step()}
        except (Failed, Away, OSError) as error:
            facts |= {f"{name}_ok": False, **getattr(error, "facts", {})}
            broken[name] = str(error) or type(error).__name__
    if broken:
        why = "; ".join(f"{name}: {said}" for name, said in broken.items())
        raise Failed(next(iter(broken)), why, facts)
    return done(facts)


def _places(context: Context) -> tuple[Place, Place | None]:
    config = context.config
    broker = Place(config.broker.host, config.broker.port, config.broker.ca)
    if config.door is None:
        return broker, None
    authority = context.state_dir / "identity" / "current" / "server-ca.pem"
    return broker, Place(*address_of(config.door.url), str(authority))


def _route(context: Context) -> Facts:
    try:
        route = default_route((context.root / "proc/net/route").read_text("ascii"))
    except OSError:
        route = None
    if route is None and not _local(context):
        raise Failed("route", "no default route: cable, router or modem")
    return {
        "gateway": route.gateway if route else "",
        "interface": route.interface if route else "",
    }


def _local(context: Context) -> bool:
    """A demonstration's office is on this machine: no route leads there and none is needed."""
    return context.config.broker.host in ("127.0.0.1", "::1", "localhost")


def _names(hosts: list[str]) -> Facts:
    began = time.monotonic()
    for host in hosts:
        try:
            socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except OSError as error:
            raise Failed("name", f"{host} is not known: name service or router") from error
    return {"name_ms": _ms(began)}


def _reach(place: Place, name: str) -> Facts:
    began = time.monotonic()
    with socket.create_connection((place.host, place.port), STEP_S) as line:
        facts: Facts = {f"{name}_tcp_ms": _ms(began)}
        if not place.ca:
            return facts
        began = time.monotonic()
        try:
            context = trust.verified(cafile=place.ca)
            with context.wrap_socket(line, server_hostname=place.host):
                return {**facts, f"{name}_tls_ms": _ms(began)}
        except OSError as error:
            raise Failed("tls", f"{place.host} is not trusted: {error}", facts) from error


def _time(context: Context) -> Facts:
    began = time.monotonic()
    off_ms = Office(context.config, context.stop).time_off_ms()
    facts: Facts = {"time_ms": _ms(began), "time_off_ms": off_ms}
    if abs(off_ms) > TIME_OFF_MOST_MS:
        raise Failed("time", f"the kiosk's clock is {abs(off_ms) // 1000} s off", facts)
    return facts


def _ms(began: float) -> float:
    return round(1000 * (time.monotonic() - began), 1)
