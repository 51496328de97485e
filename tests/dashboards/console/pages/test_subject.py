"""A pack is previewed with its tenant's names, where the office knows that tenant."""

from dashboards.console.pages.subject import subject_of
from tests.dashboards.console.conftest import Fleet
from tests.support.showcase_services import tell_services


def test_a_known_tenant_lends_its_documents(fleet: Fleet) -> None:
    told = tell_services(fleet.engine)
    with fleet.engine.connect() as conn:
        found = subject_of(conn, "32.73", told.draft.document)
        assert found.tenant is not None
        assert found.tenant["code"] == "32.73"
        assert found.places is not None
        assert subject_of(conn, "11.11", {}).tenant is None
