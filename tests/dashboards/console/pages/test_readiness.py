"""Whether the office can command at all."""

from controller import policies
from controller.people.audit import By
from controller.store.engine import writing
from dashboards.console.pages.readiness import readiness
from tests.dashboards.console.conftest import Fleet
from tests.support.showcase import NOW
from tests.support.signing import Ceremony


def test_an_office_without_a_policy_or_without_a_key_says_which(fleet: Fleet) -> None:
    made = Ceremony()
    keyless = made.signed_policy(made.policy(1, keys=()))
    with writing(fleet.engine) as conn:
        assert readiness(conn) == "no_policy"
        policies.store(conn, keyless, By("setup"), NOW)
        assert readiness(conn) == "no_key"
        policies.store(conn, made.signed_policy(made.policy(2)), By("setup"), NOW)
        assert readiness(conn) == ""
