"""Whether a service pack makes sense: what its shape alone cannot say. Pure; never mends anything.

Each problem names the place in the document, a stable code and one sentence in both languages of
the console, to the clerk who wrote it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from wire.service.document import Service
from wire.service.tenant import Films, Places, Tenant


class Problem(NamedTuple):
    """`path` as in "fields[2].when"; `id` and `en`: one sentence each."""

    path: str
    code: str
    id: str
    en: str


def problems(service: Service, tenant: Tenant) -> tuple[Problem, ...]:
    """(): it may be published."""
    raise NotImplementedError


def together(
    services: Sequence[Service], tenant: Tenant, places: Places, films: Films
) -> tuple[Problem, ...]:
    """What is wrong between documents of one tenant: codes, letters, regions, videos, agencies."""
    raise NotImplementedError
