"""One question on the screen: what stands in it, and what must not."""

from portal import asking
from portal.asking import Asked
from portal.forms import Application, Tried
from portal.summary import Reader
from tests.support.filling import NIK, ask
from tests.support.offered import catalogue, pack
from wire.service.document import Field, Words

NAME = Field(name="nama", kind="text", label=Words(id="Nama"))
SECRET = Field(name="nik", kind="nik", label=Words(id="NIK"), secret=True)
READER = Reader("id", ask().t, catalogue())


def on_screen(one: Field, tried: Tried, sent: dict[str, list[str]] | None, **had: str) -> Asked:
    application = Application(pack("KEC-SKTM-01"), answers=dict(had))
    return asking.field(application, one, tried, sent, READER)


def test_a_question_that_is_looked_at_holds_what_was_answered() -> None:
    assert on_screen(NAME, Tried(), None, nama="Warga").typed == ["Warga"]
    assert on_screen(NAME, Tried(), None).typed == []


def test_a_question_that_was_sent_holds_what_was_typed_even_when_it_is_wrong() -> None:
    shown = on_screen(NAME, Tried({"nama": "too_long"}), {"nama": ["xxx"]}, nama="Warga")
    assert shown.typed == ["xxx"]
    assert shown.problem


def test_a_secret_is_not_put_back_but_shown_as_its_mask() -> None:
    shown = on_screen(SECRET, Tried(), None, nik=NIK)
    assert (list(shown.typed), shown.kept) == ([], "3273••••••••0009")


def test_a_secret_that_looks_wrong_is_shown_to_be_looked_at() -> None:
    for tried in (Tried({"nik": "required"}), Tried({}, {"nik": ()})):
        shown = on_screen(SECRET, tried, {"nik": [NIK]}, nik=NIK)
        assert (list(shown.typed), shown.kept) == ([NIK], "")


def test_a_date_stands_in_three_parts_however_it_came() -> None:
    day = Field(name="d", kind="date", label=Words(id="Tanggal"))
    for typed in (["2026-02-01"], ["01", "02", "2026"]):
        shown = Asked(day, typed)
        assert [shown.part(at) for at in range(3)] == ["01", "02", "2026"]
    assert [Asked(day, ["apa"]).part(at) for at in range(3)] == ["apa", "", ""]


def test_a_lone_choice_that_must_be_made_is_made_by_one_touch() -> None:
    choice = Field(name="c", kind="choice", label=Words(id="C"))
    assert Asked(choice, []).one_touch
    assert not Asked(NAME, []).one_touch
    free = Field(name="c", kind="choice", label=Words(id="C"), required=False)
    assert not Asked(free, []).one_touch


def test_the_kiosks_own_kecamatan_stands_first() -> None:
    names = [one.name for one in asking.districts(READER, "32.73.05")]
    assert names == ["Andir", "Coblong"]
    assert [one.name for one in asking.districts(READER, "32.73.02")] == ["Coblong", "Andir"]
