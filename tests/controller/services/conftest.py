"""An office that knows both tenants and what is shipped for them, and one pack to try things on."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, Engine

from controller.services.adopt import adopt_tenants
from controller.store.engine import open_engine, writing
from controller.store.migrate import migrate
from tests.support.showcase_services import STARTER, tree
from wire.service.tenant import Tenant

CODE = "KEC-SKTM"
FILES = tree()
PACK = json.loads((STARTER / f"tenants/32.73/services/{CODE}.json").read_bytes())


@pytest.fixture
def pack() -> dict[str, Any]:
    """A whole document, free to be spoilt."""
    return deepcopy(PACK)


@pytest.fixture
def books(database: str) -> Iterator[Engine]:
    """On each database: both tenants, no pack."""
    migrate(database)
    engine = open_engine(database)
    with writing(engine) as conn:
        adopt_tenants(conn, FILES, 1)
    yield engine
    engine.dispose()


@pytest.fixture
def conn(books: Engine) -> Iterator[Connection]:
    with writing(books) as open_:
        yield open_


@pytest.fixture(scope="session")
def bandung() -> Tenant:
    """Kota Bandung."""
    return msgspec.json.decode(FILES["tenants/32.73/tenant.json"], type=Tenant)
