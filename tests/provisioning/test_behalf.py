"""The command line acts with the powers of somebody who exists."""

import pytest
from sqlalchemy import Engine

from controller.people import accounts
from controller.people.accounts import New
from controller.people.audit import By
from controller.people.powers import Grant
from controller.store.engine import writing
from provisioning.behalf import NobodyThere, doer


def test_a_login_acts_with_its_own_powers_and_from_this_machine(office_engine: Engine) -> None:
    with writing(office_engine) as conn:
        accounts.create(conn, New("siti", "Siti", (Grant("technician", "32.73"),)), By("t"), 5)
    with office_engine.connect() as conn:
        by = doer(conn, "Siti ")
    assert by.person.login == "siti"
    assert by.person.scope("command.routine").districts == ("32.73",)
    assert not by.person.may("command.destructive")
    assert by.address.startswith("console of ")


def test_who_is_not_there_or_out_acts_no_more(office_engine: Engine) -> None:
    with writing(office_engine) as conn:
        accounts.create(conn, New("siti"), By("t"), 5)
        accounts.disable(conn, "siti", By("t"), 6)
    with office_engine.connect() as conn:
        for login, why in (("siti", "was disabled"), ("budi", "does not exist"), ("", "not exist")):
            with pytest.raises(NobodyThere, match=why):
                doer(conn, login)
