"""Paths of a document in a clerk's words, and what may be done with a pack."""

import pytest

from controller.services.differences import Difference
from dashboards.console.pages import service
from dashboards.console.texts import load

TEXTS = load()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("fields[nik].label.su", "Isian nik · Pertanyaan · Sunda"),
        ("fields[2].name", "Isian 3 · Nama"),
        ("standard.duration.working_days", "Waktu · Hari kerja"),
        ("standard", "Standar pelayanan"),
        ("steps[verifying].days", "Alur verifying · Hari kerja"),
        ("isian, baris 3, name", "isian, baris 3, name"),
        ("entah.apa", "entah · apa"),
        ("", ""),
    ],
)
def test_a_path_is_said_in_words(path: str, said: str) -> None:
    assert service.where_of(path, TEXTS["id"]) == said


def test_a_long_text_is_cut() -> None:
    made = service.changed(Difference("name.id", "changed", "x" * 900, "y"), TEXTS["en"])
    assert (len(made.before), made.after) == (400, "y")
