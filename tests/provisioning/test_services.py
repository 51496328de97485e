"""`anjungan services`: a clerk's file from the command line to a release that waits."""

import json
from pathlib import Path

import pytest

from controller.people.audit import By
from controller.people.powers import EVERYWHERE
from controller.services import drafts, read
from controller.services.adopt import adopt_tenants
from provisioning import services
from tests.support.people import add_person
from tests.support.press import Press, press
from tests.support.showcase_services import STARTER, tree

__all__ = ["press"]
CODE = "KEC-SKTM"
PACK = STARTER / f"tenants/32.73/services/{CODE}.json"
TENANT = STARTER / "tenants/32.73/tenant.json"


@pytest.fixture
def office(press: Press, monkeypatch: pytest.MonkeyPatch) -> Press:
    monkeypatch.setenv("ANJUNGAN_DATABASE", press.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("ANJUNGAN_RELEASES", str(press.releases.path))
    with press.writing() as conn:
        adopt_tenants(conn, tree(), press.now)
    add_person(press.engine, "siti", ("officer", "32.73"))
    add_person(press.engine, "kepala", ("admin", ""))
    return press


def test_a_shipped_pack_is_sound_without_a_database(capsys: pytest.CaptureFixture[str]) -> None:
    assert services.main(["check", str(PACK), "--tenant-file", str(TENANT)]) == 0
    assert "sound" in capsys.readouterr().out


def test_a_clerk_reads_what_is_wrong_and_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoilt = tmp_path / "a.json"
    spoilt.write_text(json.dumps({**json.loads(PACK.read_text()), "code": "salah"}))
    assert services.main(["check", str(spoilt), "--database", ""]) == 2
    assert "code: Tulis huruf besar" in capsys.readouterr().out
    assert services.main(["check", str(tmp_path / "missing.json")]) == 2


def test_a_clerk_reads_that_it_does_not_go_with_the_other_services(
    office: Press, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queue = {"modes": ["info", "apply", "queue"], "queue": {"letter": "Q"}}
    first = json.loads(PACK.read_text()) | queue
    second = first | {"code": "DUK-DUA", "agency": "disdukcapil"}
    with office.writing() as conn:
        made = drafts.begin(conn, first, By("siti"), office.now)
        drafts.submit(conn, made.id, By("siti"), office.now)
    file = tmp_path / "dua.json"
    file.write_text(json.dumps(second))
    for word in (["check"], ["import", "--as", "siti"]):
        assert services.main([*word, str(file)]) == 2
        assert "queue.letter: Huruf antrian Q" in capsys.readouterr().out


def test_a_file_goes_in_and_comes_out_and_is_published(
    office: Press, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert services.main(["import", str(PACK), "--as", "siti"]) == 0
    book = tmp_path / "sktm.xlsx"
    assert services.main(["export", CODE, "--out", str(book)]) == 0
    assert services.main(["check", str(book)]) == 0
    with office.writing() as conn:
        (line,) = read.lines(conn, EVERYWHERE)
        drafts.submit(conn, line.newest.id, By("siti"), office.now)
    with office.writing() as conn:
        drafts.approve(conn, line.newest.id, By("lain"), office.now)
    send = ["publish", "--as", "kepala", "--note", "Baru"]
    assert services.main(send) == 2
    assert "first tree" in capsys.readouterr().err
    office.publish({"content.json": b"{}"}, "layanan")
    assert services.main(send) == 0
    assert "waits for 2 signatures" in capsys.readouterr().out


@pytest.mark.usefixtures("office")
def test_what_somebody_may_not_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = STARTER / "tenants/32.04/services" / PACK.name
    assert services.main(["import", str(other), "--as", "siti"]) == 2
    assert services.main(["publish", "--as", "siti", "--note", "x"]) == 2
    assert services.main(["export", "TAK-ADA", "--out", str(tmp_path / "a.json")]) == 2
    assert services.main(["export", CODE, "--out", str(tmp_path / "a.doc")]) == 2
    said = capsys.readouterr().err
    assert "service.publish" in said
