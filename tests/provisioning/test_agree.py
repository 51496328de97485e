"""A person agrees on this machine: to what the text says, to the kiosks it names, with a key."""

import io
from pathlib import Path

import pytest
from sqlalchemy import Engine

from provisioning import agree
from provisioning.authority.files import put
from provisioning.authority.keys import to_pem
from provisioning.terminal import now
from tests.support.jobs import JobDesk
from wire.envelope import Order, Tree, canonical


class Signer:
    """People at the office's own machine, each with a key in a file."""

    def __init__(
        self, engine: Engine, folder: Path, capsys: pytest.CaptureFixture[str], real_ms: int
    ) -> None:
        self.desk = JobDesk(engine, 4)
        self.desk.now = real_ms
        self.url = engine.url.render_as_string(hide_password=False)
        self._folder, self._capsys = folder, capsys
        for who, key in self.desk.ceremony.people.items():
            put(folder / f"{who}.pem", to_pem(key), 0o600)

    def type(
        self, job_id: int, who: str, *more: str, key_of: str = "", answer: str = "yes\n"
    ) -> tuple[int, str]:
        key = str(self._folder / f"{key_of or who}.pem")
        argv = [str(job_id), "--database", self.url, "--as", who, "--key", key, *more]
        code = agree.main(argv, io.StringIO(answer))
        told = self._capsys.readouterr()
        return code, told.out + told.err


@pytest.fixture
def signer(office_engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Signer:
    return Signer(office_engine, tmp_path, capsys, now())


def wipe(signer: Signer) -> tuple[int, str]:
    name = signer.desk.names()[0]
    return signer.desk.ask(signer.desk.wish("wipe", name, valid_s=3600)), name


def test_two_people_agree_after_reading_what_they_agree_to(signer: Signer) -> None:
    job_id, name = wipe(signer)
    code, said = signer.type(job_id, "budi")
    assert code == 0
    for words in (f"wipe kiosk={name}", "cannot be undone", f"exactly these: {name}", "1 of 2"):
        assert words in said
    assert said.index("cannot be undone") < said.index("Type yes") < said.index("1 of 2")
    code, said = signer.type(job_id, "rini", "--yes", answer="")
    assert (code, "2 of 2 agreed" in said) == (0, True)
    assert signer.desk.job(job_id).state == "ready"


def test_without_a_yes_nothing_is_signed(signer: Signer) -> None:
    job_id, _ = wipe(signer)
    for answer in ("", "no\n", "y\n"):
        assert signer.type(job_id, "budi", answer=answer)[0] == 1
    assert signer.desk.job(job_id).state == "waiting"
    assert signer.desk.log("command.agree") == []


def test_row_50_one_person_is_one_and_another_s_key_is_not_theirs(signer: Signer) -> None:
    job_id, _ = wipe(signer)
    assert signer.type(job_id, "budi")[0] == 0
    assert "1 of 2" in signer.type(job_id, "budi")[1]
    code, said = signer.type(job_id, "rini", key_of="budi")
    assert (code, "not a key of yours" in said) == (2, True)
    assert signer.desk.job(job_id).state == "waiting"


def test_row_51_an_office_that_shows_other_kiosks_than_the_order_names_gets_no_signature(
    signer: Signer,
) -> None:
    name, other = signer.desk.names()[:2]
    job_id = signer.desk.ask(signer.desk.wish("clear_queue", name))
    (row,) = signer.desk.commands(job_id)
    signer.desk.change([row], after=row.after + 1)
    code, said = signer.type(job_id, "budi")
    assert (code, "sign nothing" in said) == (2, True)
    assert signer.desk.log("command.agree") == []
    order = canonical(
        Order(
            fleet="kota-bandung", order="a" * 32, kind="noop", kiosks=Tree({name: 5}).root,
            count=1, issued=1, not_before=1, expires=9,
        )
    )  # fmt: skip
    agree.check_kiosks(order, {name: 5})
    for shown in ({}, {other: 5}, {name: 6}, {name: 5, other: 5}):
        with pytest.raises(ValueError, match="sign nothing"):
            agree.check_kiosks(order, shown)


def test_what_is_not_there_is_said_in_one_line(signer: Signer) -> None:
    code, said = signer.type(99, "budi")
    assert (code, said) == (2, "agree: there is no job 99\n")
    code, said = signer.type(99, "budi", key_of="nobody")
    assert (code, said.startswith("agree: ")) == (2, True)
