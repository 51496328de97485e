"""Real brokers on private ports: Mosquitto, the loopback fallback, and one that forgives nothing.

`mosquitto`, `fallback_broker`, `strict_broker`: one each, running; `any_broker`: the test runs
on all three; `mosquitto_tls`: with a second door that shows a certificate of its own authority;
`identity_broker`: the office's, where kiosks and office show certificates (see `identity.py`).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest
import trustme

from broker_config.plan import as_owner, choose, prepare
from broker_config.settings import Settings, TlsListener
from tests.support.identity import IdentityBroker
from tests.support.ports import free_port
from tests.support.strict import StrictBroker

if TYPE_CHECKING:
    from broker_config.child import Child


class AnyBroker(Protocol):
    """What every broker of the tests can do. `pid` is 0 while it is down (strict: always)."""

    kind: str
    host: str
    port: int

    @property
    def pid(self) -> int: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def kill9(self) -> None: ...
    def restart(self) -> None: ...


class ProgramBroker:
    """A broker program under our own configuration; port and state survive stop and kill."""

    def __init__(self, settings: Settings, *, only_fallback: bool = False) -> None:
        self.settings = as_owner(settings)
        self.host, self.port = settings.bind, settings.port
        self.kind = "fallback" if only_fallback else "mosquitto"
        self.log = settings.state / "broker.log"
        self._plan = choose(self.settings, only_fallback=only_fallback)
        assert self._plan.program == self.kind, "these tests need mosquitto: apt install mosquitto"
        self._child: Child | None = None
        self.ready: Callable[[], bool] | None = None  # where a plain knock gets no answer

    @property
    def pid(self) -> int:
        return self._child.pid if self._child else 0

    def add(self, line: str) -> None:
        """One more option in the file it will read."""
        self._plan = replace(self._plan, text=f"{self._plan.text}{line}\n")

    def start(self) -> None:
        self._child = prepare(self._plan, self.settings, self.log, self.ready)
        self._child.start()
        self._child.wait_ready()

    def stop(self) -> None:
        """SIGTERM: Mosquitto saves what it holds."""
        if self._child is not None:
            self._child.stop()

    def kill9(self) -> None:
        if self._child is not None:
            self._child.kill9()

    def restart(self) -> None:
        self.stop()
        self.start()


class TlsBroker(ProgramBroker):
    """`ca` is the file a client trusts; `tls_port` the door that shows a certificate."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        assert settings.tls is not None
        self.tls_port, self.ca = settings.tls.port, settings.tls.ca


def a_mosquitto(state: Path, **settings: Any) -> ProgramBroker:
    """A Mosquitto of your own settings, not yet started."""
    return ProgramBroker(Settings(port=free_port(), state=state / "mosquitto", **settings))


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[ProgramBroker]:
    yield from _running(a_mosquitto(tmp_path))


@pytest.fixture
def fallback_broker(tmp_path: Path) -> Iterator[ProgramBroker]:
    settings = Settings(port=free_port(), state=tmp_path / "fallback")
    yield from _running(ProgramBroker(settings, only_fallback=True))


@pytest.fixture
def strict_broker() -> Iterator[StrictBroker]:
    broker = StrictBroker()
    broker.start()
    yield broker
    broker.stop()


def a_tls_mosquitto(folder: Path) -> TlsBroker:
    """One with a second door behind a server certificate of a throw-away authority."""
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1", "localhost")
    files = {name: folder / f"{name}.pem" for name in ("ca", "cert", "key")}
    authority.cert_pem.write_to_path(files["ca"])
    certificate.private_key_pem.write_to_path(files["key"])
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(files["cert"], append=True)
    tls = TlsListener(port=free_port(), **files)
    return TlsBroker(Settings(port=free_port(), state=folder / "mosquitto", tls=tls))


@pytest.fixture
def mosquitto_tls(tmp_path: Path) -> Iterator[TlsBroker]:
    broker = a_tls_mosquitto(tmp_path)
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def identity_broker(tmp_path: Path) -> Iterator[IdentityBroker]:
    broker = IdentityBroker(tmp_path / "identities")
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture(params=["mosquitto", "fallback_broker", "strict_broker"])
def any_broker(request: pytest.FixtureRequest) -> AnyBroker:
    broker: AnyBroker = request.getfixturevalue(request.param)
    return broker


def _running(broker: ProgramBroker) -> Iterator[ProgramBroker]:
    broker.start()
    yield broker
    broker.stop()
