"""A service pack with the tenant that lends it names and a look, ready to be previewed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from controller.store.citizen_tables import tenant as table
from dashboards.console.preview import Subject


def subject_of(conn: Connection, tenant: str, document: Mapping[str, Any]) -> Subject:
    """Without a tenant's documents where the office does not know it."""
    row = conn.execute(select(table).where(table.c.code == tenant)).one_or_none()
    return Subject(document) if row is None else Subject(document, row.document, row.places)
