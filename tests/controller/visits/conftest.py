"""A tenant with two districts, as the office's books have it."""

from pathlib import Path

import msgspec
import pytest

from wire.service.tenant import Places, Tenant

STARTER = Path(__file__).parents[3] / "provisioning" / "starter" / "tenants" / "32.73"


@pytest.fixture(scope="session")
def tenant() -> Tenant:
    return msgspec.json.decode((STARTER / "tenant.json").read_bytes(), type=Tenant)


@pytest.fixture(scope="session")
def places() -> Places:
    return msgspec.json.decode((STARTER / "places.json").read_bytes(), type=Places)
