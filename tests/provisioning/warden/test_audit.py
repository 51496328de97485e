"""Row 70 as an administrator asks it: edited, deleted, cut off, put back from a backup."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from controller.store.engine import writing
from provisioning.authority.files import make_folder
from provisioning.warden.audit import main
from provisioning.warden.auditor import Auditor
from provisioning.warden.checkpoints import Marks, key_of
from tests.support.authority import NOW
from tests.support.warden import Books


class Office:
    def __init__(self, url: str, folder: Path) -> None:
        self.books, self.folder = Books(url), folder / "authority"
        make_folder(self.folder / "issued")
        self.file = Path(url.removeprefix("sqlite:///"))
        self.marks = self.folder / "audit" / "checkpoints.jsonl"
        self.auditor = Auditor(Marks(self.marks, key_of(self.folder, None)), lambda _said: None)

    def act(self, times: int) -> None:
        """So many rows, and a mark."""
        for number in range(times):
            self.books.note(f"act.{number}")
        with self.books.engine.connect() as conn:
            self.auditor.step(conn, NOW)

    def tamper(self, statement: str) -> None:
        with writing(self.books.engine) as conn:
            for trigger in ("audit_no_update", "audit_no_delete"):
                conn.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))
            conn.execute(text(statement))

    def verify(self) -> int:
        self.books.engine.dispose()
        return main(["verify", "--database", self.books.url, "--authority", str(self.folder)])


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Office:
    found = Office(sqlite_url, tmp_path)
    found.act(6)
    found.act(6)
    return found


def test_a_sound_log_is_said_to_be_sound(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert office.verify() == 0
    assert "12 rows follow one another, and all 2 marks hold" in capsys.readouterr().out


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET who = 'nobody' WHERE n = 3",
        "UPDATE audit SET at = at + 1 WHERE n = 12",
        "DELETE FROM audit WHERE n = 3",
        "DELETE FROM audit WHERE n > 9",
        "DELETE FROM audit",
    ],
)
def test_row_70_what_was_changed_is_found(office: Office, statement: str) -> None:
    office.tamper(statement)
    assert office.verify() == 1


def test_row_70_a_database_of_an_older_backup_is_found(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with writing(office.books.engine) as conn:
        conn.execute(text("SELECT 1"))
    office.books.engine.dispose()
    backup = tmp_path / "backup.db"
    shutil.copy(office.file, backup)
    office.act(5)
    office.books.engine.dispose()
    for leftover in office.file.parent.glob(f"{office.file.name}-*"):
        leftover.unlink()
    shutil.copy(backup, office.file)
    assert office.verify() == 1
    said = capsys.readouterr().out
    assert "row 17 is gone: the log was cut, or an older one put back" in said
    office.books.note("act.after")
    for number in range(9):
        office.books.note(f"act.after.{number}")  # grown beyond what was signed for: no better
    assert office.verify() == 1


def test_row_70_a_whole_new_chain_is_found(office: Office) -> None:
    office.tamper("DELETE FROM audit")
    for number in range(20):
        office.books.note(f"invented.{number}")
    assert office.verify() == 1


def test_without_marks_it_does_not_say_that_all_is_well(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.marks.unlink()
    assert office.verify() == 2
    assert "--checkpoints" in capsys.readouterr().out


def test_a_key_that_is_none_is_refused(office: Office) -> None:
    (office.folder / "issued" / "audit.pem").write_text("garbage")
    assert office.verify() == 2
