"""Home as text: six tiles, in the language of whoever looks."""

from pathlib import Path

from tests.support.offered import MONDAY, offering
from tests.support.visitor import Visitor
from wire.citizen import Notice, Sync
from wire.local import Local
from wire.service.document import Words


def test_home_has_six_tiles_and_begins_no_sitting(tmp_path: Path) -> None:
    with offering(tmp_path) as portal:
        visitor = Visitor(portal)
        page = visitor.get("/")
        assert page.count("data-state=") == 6
        assert visitor.cookie == ""
        assert portal.desk.screen.sitting is None


def test_a_language_is_chosen_and_kept_until_the_end(tmp_path: Path) -> None:
    with offering(tmp_path) as portal:
        visitor = Visitor(portal)
        assert visitor.post("/bahasa/en", to="/") == "/"
        assert 'lang="en"' in visitor.get("/")
        assert 'lang="id"' in Visitor(portal).get("/")


def test_the_offices_notices_are_shown_from_their_time_to_their_end_as_text(tmp_path: Path) -> None:
    now = [MONDAY]
    said = Notice(words=Words("<b>Awas</b> tutup", en="Beware"), starts=MONDAY + 5, ends=MONDAY + 9)
    sync = Sync(at=MONDAY - 9_000_000, notices=(said,))
    with offering(tmp_path, clock=lambda: now[0], sync=lambda: sync) as portal:
        visitor = Visitor(portal)
        assert "Awas" not in visitor.get("/")
        now[0] += 5
        assert visitor.get("/").count("&lt;b&gt;Awas&lt;/b&gt; tutup") == 2
        visitor.post("/bahasa/en", to="/")
        assert "Beware" in visitor.get("/")
        now[0] += 4
        assert "Beware" not in visitor.get("/")


def test_a_wrong_clock_neither_hides_a_notice_nor_keeps_one_that_is_over(tmp_path: Path) -> None:
    now, local = [0], [Local(at=0, online=True, online_since=0)]
    said = Notice(words=Words("Awas"), starts=MONDAY, ends=MONDAY + 9)
    sync = [Sync(at=MONDAY, notices=(said,))]
    with offering(
        tmp_path, clock=lambda: now[0], local=lambda: local[0], sync=lambda: sync[0]
    ) as p:
        visitor = Visitor(p)
        for wrong in (0, MONDAY * 2):
            now[0] = wrong
            assert "Awas" in visitor.get("/")
        local[0] = Local(at=0, online=False, online_since=0)
        assert "Awas" not in visitor.get("/"), "nobody says that the clock is wrong"
        now[0] = 0
        assert "Awas" in visitor.get("/")
        sync[0] = Sync(at=MONDAY + 9, notices=(said,))
        assert "Awas" not in visitor.get("/")
