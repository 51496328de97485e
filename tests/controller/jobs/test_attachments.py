"""What a kiosk handed in: for those of its place, and each look is written down."""

import pytest
from sqlalchemy import insert

from controller.jobs import attachments
from controller.jobs.refused import Refused
from controller.scope import Outside
from controller.store.command_tables import attachment
from controller.store.engine import writing
from tests.support.jobs import BANDUNG, ELSEWHERE, JobDesk


@pytest.fixture
def command_id(desk: JobDesk) -> str:
    (row,) = desk.commands(desk.ask(desk.wish("screenshot", desk.names(BANDUNG)[0])))
    desk.answer([row], "succeeded", attachment="b" * 64)
    with writing(desk.engine) as conn:
        for sha256 in ("a" * 64, "b" * 64):  # one of an answer that was overtaken
            values = {"command_id": row.id, "sha256": sha256, "type": "image/jpeg", "size": 3}
            conn.execute(insert(attachment).values(**values, body=b"abc", at=desk.now))
    return str(row.command_id)


def look(desk: JobDesk, command_id: str, who: str = "siti") -> attachments.Attachment:
    with writing(desk.engine) as conn:
        return attachments.read(conn, desk.people[who], command_id, desk.now)


def test_the_one_the_answer_names_is_shown_and_the_look_written_down(
    desk: JobDesk, command_id: str
) -> None:
    found = look(desk, command_id)
    assert (found.sha256, found.body, found.type) == ("b" * 64, b"abc", "image/jpeg")
    (row,) = desk.log("attachment")
    assert (row.who, row.subject, row.detail["command"]) == ("siti", found.kiosk, command_id)


def test_row_69_nobody_looks_elsewhere(desk: JobDesk, command_id: str) -> None:
    desk.people["tono"] = desk.person("tono", ("technician", ELSEWHERE))
    with pytest.raises(Outside):
        look(desk, command_id, "tono")
    assert desk.log("attachment") == []


def test_where_nothing_was_handed_in_there_is_nothing(desk: JobDesk) -> None:
    (row,) = desk.commands(desk.ask(desk.wish("screenshot")))
    for unknown in (str(row.command_id), "0" * 32):
        with pytest.raises(Refused) as refused:
            look(desk, unknown)
        assert refused.value.code == "unknown"
