"""The ceremony as an administrator types it, from the first policy to a person's key in force."""

from pathlib import Path

import pytest

from controller.people import accounts
from controller.people.accounts import New
from controller.people.audit import By
from controller.people.powers import Grant
from controller.store.engine import open_engine, writing
from controller.store.migrate import migrate
from provisioning import operator_key
from provisioning.policy import __main__ as policy
from provisioning.policy import keys, proposal


class Office:
    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.url = f"sqlite:///{folder}/office.db"
        migrate(self.url)

    def type(self, word: str, *words: str) -> tuple[int, str]:
        code = policy.main([word, "--database", self.url, *words])
        told = self._capsys.readouterr()
        return code, told.out + told.err

    def init(self) -> tuple[int, str]:
        where = ("--roots", str(self.folder / "roots"), "--root-count", "2", "--threshold", "2")
        key = str(self.folder / "command.key")
        return self.type("init", "--fleet", "kota-bandung", *where, "--command-key", key)

    def person(self, login: str) -> None:
        engine = open_engine(self.url)
        with writing(engine) as conn:
            accounts.create(conn, New(login, login, (Grant("admin", ""),)), By("test"), 5)
        engine.dispose()


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    return Office(tmp_path, capsys)


def test_before_and_after_the_first_ceremony(office: Office) -> None:
    assert "nothing is commanded" in office.type("show")[1]
    code, said = office.init()
    assert code == 0
    assert "carry them away" in said
    assert "PRIVATE" not in said
    assert "in force already" in office.init()[1]
    assert "policy 1 of fleet kota-bandung" in office.type("show")[1]


def test_a_person_comes_into_force_over_a_file_and_two_roots(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.init()
    office.person("siti")
    mine = office.folder / "siti.pem"
    assert operator_key.main(["make", "--out", str(mine)]) == 0
    public = capsys.readouterr().out.splitlines()[1]
    assert office.type("add-key", "--login", "siti", "--public", public)[0] == 0
    assert "waits: key" in office.type("show")[1]
    out = str(office.folder / "next.policy")
    code, said = office.type("propose", "--admit", "siti", "--out", out)
    assert (code, "+ siti may agree" in said) == (0, True)
    code, said = office.type("store", out)
    assert code == 2
    assert "not enough have signed" in said
    for number in (1, 2):
        root = str(office.folder / "roots" / f"root-{number}.pem")
        assert policy.main(["sign", out, "--root", root, "--yes"]) == 0
    assert "policy 2 is in force" in office.type("store", out)[1]
    assert "siti may agree" in office.type("show")[1]


def test_where_the_roots_are_at_hand_one_line_admits_a_person(office: Office) -> None:
    office.init()
    office.person("siti")
    public = office.folder / "siti.pub"
    public.write_text(keys.public(keys.make(office.folder / "siti.pem")) + "\n")
    office.type("add-key", "--login", "siti", "--public", str(public), "--label", "laptop")
    code, said = office.type("admit", "--roots", str(office.folder / "roots"), "siti")
    assert code == 0
    assert "siti may agree" in said
    assert office.type("admit", "--roots", str(office.folder / "empty"), "budi")[0] == 2


def test_everything_of_a_policy_can_be_proposed(office: Office) -> None:
    office.init()
    out, fresh = office.folder / "next.policy", office.folder / "command-2.key"
    code, said = office.type(
        "propose",
        *("--out", str(out), "--rotate-command-key", str(fresh), "--fleet-wide", "9"),
        *("--raise", "reboot", "sensitive", "--an-hour", "reboot", "2"),
        *("--rule", "sensitive=2,60", "--version", "8"),
    )
    assert code == 0
    assert f"--command-key {fresh}" in said
    made = proposal.load(out).read
    assert made.version == 8
    assert made.keys[0].public == keys.public(keys.read(fresh))
    assert (made.fleet_wide, made.raised, made.an_hour["reboot"]) == (9, {"reboot": "sensitive"}, 2)


@pytest.mark.parametrize(
    "words",
    [
        ("propose", "--out", "x", "--admit", "nobody"),
        ("propose", "--out", "x", "--rule", "nonsense"),
        ("propose", "--out", "x", "--root", "nonsense"),
        ("store", "nothing.policy"),
        ("add-key", "--login", "nobody", "--public", "x"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(office: Office, words: tuple[str, ...]) -> None:
    office.init()
    code, said = office.type(*words)
    assert code == 2
    assert said.startswith("policy: ")
    assert "Traceback" not in said


def test_it_asks_for_a_database(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ANJUNGAN_DATABASE", raising=False)
    assert policy.main(["show"]) == 2
    assert "--database" in capsys.readouterr().err
