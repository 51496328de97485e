"""The office's own file numbers: counted by pattern, typed by officers, never twice."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from controller.inbox import filing, moves
from controller.inbox.filing import LEAP, follows, serial_in
from controller.inbox.moves import Asked
from controller.jobs.refused import Refused
from controller.people.audit import Filter
from controller.people.audit import read as read_log
from controller.people.powers import EVERYWHERE
from controller.store.citizen_tables import pack
from controller.store.engine import writing
from tests.support.inbox_desk import ANTAPANI, COBLONG, DAY, SOREANG, InboxDesk
from wire.service import template
from wire.service.days import Date


def processed(desk: InboxDesk, district: str = COBLONG, typed: str = "") -> str:
    number = desk.submit(district)
    by = desk.soreang if district == SOREANG else None
    return desk.move(number, "process", by, file_number=typed).file_number


def proposed(desk: InboxDesk, number: int) -> str:
    with desk.engine.connect() as conn:
        return filing.proposal(conn, desk.row(number), "processing", desk.now)


def pattern(desk: InboxDesk, text: str) -> None:
    """Of KEC-SKTM, in every revision there is."""
    with writing(desk.engine) as conn:
        for row in conn.execute(
            select(pack.c.id, pack.c.document).where(pack.c.code == "KEC-SKTM")
        ):
            document = row.document | {"number": text}
            conn.execute(update(pack).where(pack.c.id == row.id).values(document=document))


def test_an_application_gets_the_next_number_of_its_place_and_year(desk: InboxDesk) -> None:
    assert processed(desk) == "0001/KEC-SKTM/32.73.02/2026"
    assert processed(desk) == "0002/KEC-SKTM/32.73.02/2026"
    assert processed(desk, ANTAPANI) == "0001/KEC-SKTM/32.73.20/2026"
    assert processed(desk, SOREANG) == "0001/KEC-SKTM/32.04.37/2026"
    desk.now += 40 * DAY
    assert processed(desk) == "0001/KEC-SKTM/32.73.02/2027"


def test_a_count_starts_again_with_what_its_pattern_names(desk: InboxDesk) -> None:
    pattern(desk, "{urut}/{bulan}")
    assert [processed(desk), processed(desk, ANTAPANI)] == ["1/11", "2/11"]
    desk.now += 10 * DAY
    assert processed(desk) == "1/12"
    pattern(desk, "K-{urut:3}")
    assert [processed(desk), processed(desk)] == ["K-001", "K-002"]


def test_the_year_is_that_of_the_tenants_own_clock(desk: InboxDesk) -> None:
    desk.now = 1_798_736_400_000  # 31 December 2026, 17.00 UTC: midnight in Bandung
    assert processed(desk).endswith("/2027")
    desk.now -= 1
    assert processed(desk).endswith("/2026")


def test_neither_spaces_nor_small_letters_make_another_number(desk: InboxDesk) -> None:
    assert processed(desk, typed="470/12 /KEC/2026") == "470/12 /KEC/2026"
    for same in ("470/12/KEC/2026", "470 / 12/kec/2026"):
        with pytest.raises(Refused) as error:
            processed(desk, typed=same)
        assert error.value.code == "taken"


def test_a_number_is_kept_through_all_that_follows(desk: InboxDesk) -> None:
    number = desk.submit()
    for event in ("verify", "process", "finish", "reopen", "finish", "hand_over"):
        moved = desk.move(number, event, why="alasan")
    assert moved.file_number == "0001/KEC-SKTM/32.73.02/2026"
    assert desk.move(desk.submit(), "verify").file_number == ""


def test_one_that_is_finished_at_once_is_filed_and_a_rejected_one_is_not(desk: InboxDesk) -> None:
    done, never = desk.submit(), desk.submit()
    desk.move(done, "verify")
    assert desk.move(done, "finish").file_number.startswith("0001/")
    assert desk.move(never, "reject", why="bukan di sini").file_number == ""


def test_a_complaint_gets_no_number_unless_somebody_types_one(desk: InboxDesk) -> None:
    one, two = desk.complain(), desk.complain()
    assert desk.move(one, "process").file_number == ""
    assert desk.move(two, "process", file_number="12/ADUAN").file_number == "12/ADUAN"


@pytest.mark.parametrize("text", ["", "tanpa urutan", "{urut}{salah}", "{urut}" + "x" * 75])
def test_without_a_pattern_that_will_do_nothing_is_given(desk: InboxDesk, text: str) -> None:
    pattern(desk, text)
    assert processed(desk) == ""


def test_the_page_proposes_what_would_be_given_and_takes_nothing(desk: InboxDesk) -> None:
    number = desk.submit()
    assert proposed(desk, number) == proposed(desk, number) == "0001/KEC-SKTM/32.73.02/2026"
    assert desk.move(number, "process").file_number == "0001/KEC-SKTM/32.73.02/2026"
    assert proposed(desk, number) == ""


def test_a_typed_number_that_another_record_has_is_refused(desk: InboxDesk) -> None:
    used, other = processed(desk), desk.submit()
    before = desk.row(other)
    with pytest.raises(Refused, match="has the file number") as error:
        desk.move(other, "process", file_number=f" {used} ")
    assert error.value.code == "taken"
    assert desk.row(other) == before
    assert processed(desk, SOREANG, typed=used) == used, "another government's register"


def test_a_typed_number_may_be_said_again_of_its_own_record(desk: InboxDesk) -> None:
    number = desk.submit()
    desk.move(number, "process", file_number="475/KEC/2026")
    assert desk.move(number, "finish", file_number="475/KEC/2026").file_number == "475/KEC/2026"
    assert desk.move(number, "reopen", why="salah ketik", file_number="476").file_number == "476"


def test_the_count_goes_on_behind_a_register_that_was_begun_on_paper(desk: InboxDesk) -> None:
    processed(desk, typed="0412/KEC-SKTM/32.73.02/2026")
    assert processed(desk) == "0413/KEC-SKTM/32.73.02/2026"
    processed(desk, typed="0415/KEC-SKTM/32.73.02/2026")
    assert processed(desk) == "0416/KEC-SKTM/32.73.02/2026", "0414 stays a gap"
    processed(desk, typed="0414/KEC-SKTM/32.73.02/2026")
    assert processed(desk) == "0417/KEC-SKTM/32.73.02/2026"


def test_a_slip_of_the_hand_does_not_take_the_count_with_it(desk: InboxDesk) -> None:
    processed(desk)
    processed(desk, typed="41300/KEC-SKTM/32.73.02/2026")
    assert processed(desk) == "0002/KEC-SKTM/32.73.02/2026"


def test_what_was_typed_before_anybody_counted_is_passed_over(desk: InboxDesk) -> None:
    for serial in ("0001", "0002"):
        desk.set(desk.submit(), file_number=f"{serial}/KEC-SKTM/32.73.02/2026")
    assert processed(desk) == "0003/KEC-SKTM/32.73.02/2026"


def test_each_of_many_gets_its_own_and_one_that_is_late_uses_none_up(desk: InboxDesk) -> None:
    ids = [desk.submit() for _ in range(4)]
    desk.move(ids[1], "verify")
    asked = [Asked(number, 1, "process") for number in ids]
    with writing(desk.engine) as conn:
        outcomes = moves.move_many(conn, desk.loket, asked, desk.now)
    assert [one.code for one in outcomes] == ["", "state", "", ""]
    assert [desk.row(number).file_number[:4] for number in ids] == ["0001", "", "0002", "0003"]


def test_of_officers_at_once_in_any_order_each_gets_another_number(desk: InboxDesk) -> None:
    places = (COBLONG, ANTAPANI)
    ids = [desk.submit(places[n % 2]) for n in range(16)]
    hands = [ids[:6], ids[5::-1], ids[6:11], ids[10:5:-1], *([one] for one in ids[11:])]
    barrier, failures = threading.Barrier(len(hands)), list[Exception]()

    def works(hand: list[int]) -> None:
        barrier.wait(30)
        try:
            with writing(desk.engine) as conn:
                moves.move_many(conn, desk.loket, [Asked(n, 1, "process") for n in hand], desk.now)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            failures.append(error)

    threads = [threading.Thread(target=works, args=(hand,)) for hand in hands]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert failures == []
    given_ = sorted(desk.row(number).file_number for number in ids)
    wanted = [f"{n:04d}/KEC-SKTM/{place}/2026" for n in range(1, 9) for place in places]
    assert given_ == wanted


def test_the_log_says_which_number_was_given(desk: InboxDesk) -> None:
    number = processed(desk)
    with desk.engine.connect() as conn:
        (row,) = read_log(conn, EVERYWHERE, Filter(what="inbox.process")).rows
    assert row.detail["file_number"] == number


@given(st.sampled_from(["{urut}", "{urut:4}/{kode}/{kec}", "A{urut}B{urut:3}", "{tahun}.{urut:6}"]),
       st.integers(1, 999_999))  # fmt: skip
def test_a_number_is_found_again_in_its_series(text: str, serial: int) -> None:
    day = Date(2026, 11, 22)
    series = template.series(text, code="K", place="32.73.05", day=day)
    number = template.file_number(text, code="K", place="32.73.05", day=day, serial=serial)
    padded = text == "A{urut}B{urut:3}" and serial < 100  # one count, written in two ways
    assert serial_in(series, number) == (None if padded else serial)


@given(st.text(max_size=40))
def test_any_text_is_of_a_series_or_is_not(text: str) -> None:
    assert serial_in("{urut}/2026", text) is None or text.endswith("/2026")


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_count_never_goes_back_and_never_leaps(last: int, typed: int) -> None:
    now = follows(last, typed)
    assert now >= last
    assert now in (last, typed)
    assert not last or now <= last + LEAP
