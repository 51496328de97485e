"""What follows from each kind of message, without a database."""

import json

from controller import dispatch
from controller.dispatch import OLD_MEMORY
from controller.hear import REBIRTH_MS, Heard, Moment, hear, hear_malformed
from controller.known import Known
from tests.support.office import PROBES, START, Teller, seen
from tests.support.signing import Ceremony
from tests.support.wisher import Wisher
from wire.messages import Up
from wire.wants import Want

DAY = 86_400_000


class Ear:
    """One kiosk as the office has it in mind."""

    def __init__(self) -> None:
        self.known = Known(1, "kiosk-1", 0)
        self.now = START

    def hear(self, *messages: Up, late: bool = False, stored: int = 0) -> Heard:
        for message in messages:
            draft = self.known.draft()
            heard = hear(draft, message, Moment(self.now, late, stored))
            self.known = draft
        return heard


def test_a_birth_brings_a_kiosk_online_and_is_answered() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1")
    heard = ear.hear(kiosk.birth())
    assert (heard.outcome, heard.ack, heard.rebirth) == ("accepted", True, "")
    assert ear.known.presence == ("online", START, "birth")
    assert [row["subject"] for row in heard.effects.flips] == ["presence"]


def test_facts_are_taken_in_their_order_and_once() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1")
    ear.hear(kiosk.birth())
    for fact, outcome, upto in [
        (1, "accepted", 1), (3, "fact_hole", 1), (2, "accepted", 2), (1, "fact_again", 2),
        (3, "accepted", 3),
    ]:  # fmt: skip
        heard = ear.hear(kiosk.flip(seen(state="fail"), fact=fact))
        assert ear.known.thread is not None
        assert (heard.outcome, heard.ack) == (outcome, True)
        assert ear.known.thread.fact_upto == upto
        assert len([r for r in heard.effects.flips if r["fact"]]) == (outcome == "accepted")


def test_a_duplicate_changes_nothing_but_its_fact_is_acknowledged_again() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1")
    ear.hear(kiosk.birth())
    flip = kiosk.flip(seen(state="fail"))
    ear.hear(flip)
    before = ear.known
    heard = ear.hear(flip)
    assert (heard.outcome, heard.ack) == ("duplicate", True)
    assert not heard.effects.flips
    assert ear.known.thread is before.thread


def test_a_gap_is_counted_and_a_rebirth_asked_once_in_a_while() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1")
    ear.hear(kiosk.birth())
    kiosk.seq += 3
    heard = ear.hear(kiosk.present())
    assert (heard.missing, heard.rebirth) == (3, "gap")
    assert "kiosk.messages_lost" in ear.known.faults
    kiosk.seq += 1
    assert ear.hear(kiosk.present()).rebirth == ""
    ear.now += REBIRTH_MS
    kiosk.seq += 1
    assert ear.hear(kiosk.present()).rebirth == "gap"


def test_a_kiosk_nobody_knows_the_birth_of_is_asked_for_it() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1")
    kiosk.births = 4
    heard = ear.hear(kiosk.well())
    assert (heard.outcome, heard.rebirth) == ("unborn", "no birth")
    assert ear.known.presence.state == "never"
    kiosk.seq = 5
    assert ear.hear(kiosk.birth(again=True)).outcome == "accepted"
    assert ear.hear(kiosk.well()).outcome == "accepted"


def test_an_old_will_says_nothing_about_now() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1")
    old = (kiosk.birth(), kiosk.death())
    ear.hear(old[0], kiosk.birth())
    assert ear.hear(old[1]).outcome == "stale_will"
    assert ear.known.presence.state == "online"
    assert ear.hear(kiosk.death()).outcome == "accepted"
    assert ear.known.presence[0::2] == ("offline", "will")
    assert ear.known.faults["kiosk.offline"].state == "open"


def test_a_flip_out_of_the_past_is_history_and_not_news() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1")
    ear.hear(kiosk.birth(), kiosk.reading(seen("printer", "ok", at=START)))
    old = seen("printer", "fail", "printer.paper_out", at=START - 60_000)
    heard = ear.hear(kiosk.flip(old))
    assert heard.effects.flips[0]["at"] == START - 60_000
    assert ear.known.latest["printer"].state == "ok"
    assert "printer.paper_out" not in ear.known.faults


def test_a_flip_sent_again_does_not_reopen_what_has_cleared() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1")
    broken = seen("printer", "fail", "printer.paper_out", at=START)
    ear.hear(kiosk.birth(), kiosk.reading(broken))
    assert ear.known.faults["printer.paper_out"].state == "open"
    well = seen("printer", "ok", at=START + 60_000)
    kiosk.now = ear.now = START + 61_000
    ear.hear(kiosk.reading(well))
    kiosk.now = ear.now = START + 3_600_000
    heard = ear.hear(kiosk.birth(), kiosk.flip(broken), kiosk.flip(well, old="fail"))
    assert not [row for row in heard.effects.flips if row["subject"].startswith("fault:")]
    assert ear.known.latest["printer"].state == "ok"
    assert "open" not in {one.state for one in ear.known.faults.values()}


def test_flips_from_before_the_kiosks_clock_was_put_back_are_history() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1", skew=74 * 365 * DAY)
    ear.hear(kiosk.birth(), kiosk.reading(seen("printer", at=kiosk.at)))
    fell = seen("printer", "fail", "printer.paper_out", at=kiosk.at + 1000)
    kiosk.skew = 0
    rose = seen("printer", "ok", at=START + 2000)
    kiosk.now = ear.now = START + 3000
    ear.hear(kiosk.birth(), kiosk.reading(rose), kiosk.flip(fell), kiosk.flip(rose, old="fail"))
    assert ear.known.thread is not None
    assert ear.known.thread.fact_upto == 2
    assert ear.known.latest["printer"].state == "ok"
    assert "printer.paper_out" not in ear.known.faults


def test_the_will_of_a_connection_whose_birth_was_lost_counts() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1")
    ear.hear(kiosk.birth())
    kiosk.birth()  # refused, or lost with a broker
    assert ear.hear(kiosk.death()).outcome == "accepted"
    assert ear.known.presence.state == "offline"
    ear.hear(kiosk.present())
    assert ear.known.presence.state == "online"


def test_offline_is_raised_once_and_clears_with_any_word_of_the_kiosk() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1")
    ear.hear(kiosk.birth())
    turns = [t for _ in range(3) for t in ear.hear(kiosk.death()).effects.turns]
    assert [(turn.code, turn.opened) for turn in turns] == [("kiosk.offline", True)]
    heard = ear.hear(kiosk.present())
    assert [(turn.code, turn.opened) for turn in heard.effects.turns] == [("kiosk.offline", False)]
    ear.hear(kiosk.death(planned=True))
    assert ear.known.presence[0::2] == ("offline", "farewell")
    ear.hear(kiosk.birth())
    assert "kiosk.offline" not in ear.known.faults


def test_who_was_never_born_raises_no_alarm() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1")
    for message in (kiosk.death(), kiosk.present(), kiosk.flip(seen(state="fail"))):
        ear.hear(message)
    assert ear.known.presence.state == ear.known.status.state == "never"
    assert ear.known.faults == {}


def test_a_kiosk_put_back_to_an_older_copy_is_told_how_far_it_had_come() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1")
    kiosk.births = 40
    ear.hear(kiosk.birth(), kiosk.flip(seen()))
    kiosk.births = 10
    old = kiosk.birth()
    heard = ear.hear(old)
    assert (heard.outcome, heard.rebirth) == ("stale", OLD_MEMORY)
    assert ear.hear(old).rebirth == ""
    told = json.loads(dispatch.rebirth(ear.known, heard.rebirth).payload)
    assert (told["birth"], told["upto"]) == (41, 1)


def test_unknown_evidence_neither_opens_nor_clears() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1")
    ear.hear(kiosk.birth(), kiosk.reading(seen("printer", "fail", "printer.paper_out")))
    assert ear.known.faults["printer.paper_out"].state == "open"
    ear.hear(kiosk.reading(seen("printer", "unknown")))
    assert ear.known.faults["printer.paper_out"].state == "open"
    ear.hear(kiosk.reading(seen("printer", "unknown", "printer.cover_open")))
    assert "printer.cover_open" not in ear.known.faults


def test_a_probe_that_is_no_more_takes_its_faults_along() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1")
    ear.hear(kiosk.birth(), kiosk.reading(seen("printer", "fail", "printer.paper_out")))
    ear.hear(kiosk.birth(probes=("screen",)))
    assert "printer" not in ear.known.latest
    standing = ear.known.faults.get("printer.paper_out")
    assert standing is None or standing.state == "clearing"


def test_a_fault_of_a_probe_that_is_no_more_clears_although_its_last_word_is_gone() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1")
    ear.hear(kiosk.birth(), kiosk.reading(seen("printer", "fail", "printer.paper_out")))
    del ear.known.latest["printer"]
    ear.hear(kiosk.birth(probes=("screen",)))
    standing = ear.known.faults.get("printer.paper_out")
    assert standing is None or (standing.state, standing.why) == ("clearing", "probe removed")


def test_a_failing_probe_that_is_removed_fails_no_more() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1")
    failing = seen("printer", "unknown", why="the probe failed: OSError")
    ear.hear(kiosk.birth(), kiosk.reading(failing))
    assert "kiosk.probe_failing" in ear.known.faults
    ear.hear(kiosk.birth(probes=("screen",)), kiosk.reading(seen("screen"), full=True))
    standing = ear.known.faults.get("kiosk.probe_failing")
    assert standing is None or standing.state == "clearing"


def test_a_clock_in_another_age_is_a_fault_and_hurts_nothing_else() -> None:
    for skew in (-START + 1000, 74 * 365 * DAY):  # 1970 and 2099
        ear, kiosk = Ear(), Teller("kiosk-1", skew=skew)
        ear.hear(kiosk.birth(), kiosk.reading(seen("screen", at=kiosk.at - 500)))
        assert ear.known.faults["kiosk.clock_wrong"].state == "open"
        assert ear.known.latest["screen"].observed_at == START - 500


def test_a_message_that_waited_for_us_does_not_prove_a_slow_clock() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1", skew=-600_000)
    ear.hear(kiosk.birth(), late=True)
    assert "kiosk.clock_wrong" not in ear.known.faults
    ear.hear(kiosk.present())
    assert "kiosk.clock_wrong" in ear.known.faults


def test_facts_that_will_never_come_are_counted_as_lost() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1")
    ear.hear(kiosk.birth(), kiosk.flip(seen()))
    ear.hear(kiosk.birth(oldest=5))
    assert ear.known.thread is not None
    assert ear.known.thread.fact_upto == 4
    assert ear.known.faults["kiosk.facts_lost"].evidence == {"missing": 3}


def test_an_epoch_seen_before_goes_on_where_it_was() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1", epoch="0" * 16)
    ear.hear(kiosk.birth(oldest=3), stored=7)
    assert ear.known.thread is not None
    assert ear.known.thread.fact_upto == 7
    assert "kiosk.facts_lost" not in ear.known.faults


def test_five_connections_in_ten_minutes_are_flapping() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1")
    for number in range(5):
        assert "kiosk.flapping" not in ear.known.faults, number
        ear.hear(kiosk.birth())
        ear.now += 60_000
    assert ear.known.faults["kiosk.flapping"].state == "clearing"


def test_three_starts_of_the_machine_in_an_hour_are_too_many() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1")
    for number in range(4):
        assert "kiosk.restarting" not in ear.known.faults, number
        ear.hear(kiosk.birth(boot_id=f"boot {number}"))
        ear.now += 600_000
    assert "kiosk.restarting" in ear.known.faults


def test_malformed_messages_are_a_fault_of_the_known_kiosk() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1")
    ear.hear(kiosk.birth())
    draft = ear.known.draft()
    effects = hear_malformed(draft, "not_json", "<script>", START)
    assert [turn.code for turn in effects.turns] == ["kiosk.malformed"]
    assert draft.faults["kiosk.malformed"].evidence["reason"] == "not_json"


def test_a_full_picture_makes_every_service_available() -> None:
    ear, kiosk = Ear(), Teller("kiosk-1")
    heard = ear.hear(kiosk.birth(), kiosk.well(*PROBES))
    assert {one.answer for one in ear.known.verdicts.values()} == {"yes"}
    assert [r["subject"] for r in heard.effects.flips] == [
        "verdict:inform", "verdict:apply", "verdict:complain", "verdict:watch",
    ]  # fmt: skip


def test_row_42_two_live_copies_are_quarantined_with_a_fault() -> None:
    ear, ours = Ear(), Teller("kiosk-1")
    ear.hear(ours.birth(boot_id="ours"))
    copy = Teller("kiosk-1")
    copy.births = ours.births
    ear.hear(copy.birth(boot_id="copy"))
    heard = ear.hear(ours.birth(boot_id="ours"))
    assert list(heard.effects.quarantines) == [1]
    assert ear.known.faults["kiosk.cloned"].state == "open"
    assert ear.known.status.why == "kiosk.cloned"


def test_a_cloned_kiosk_that_was_let_in_again_is_well() -> None:
    ear, ours, copy = Ear(), Teller("kiosk-1"), Teller("kiosk-1")
    ear.hear(ours.birth(boot_id="ours"), copy.birth(boot_id="copy"), ours.birth(boot_id="ours"))
    ear.now += 1000
    ear.hear(ours.birth(boot_id="ours"))
    assert "kiosk.cloned" in ear.known.faults  # too early: the broker may not have heard yet
    ear.now += 600_000
    ear.hear(ours.birth(boot_id="ours"))
    assert "kiosk.cloned" not in ear.known.faults


def test_a_number_given_twice_is_a_fault_and_a_number_brought_twice_is_not() -> None:
    ear, ours = Ear(), Teller("kiosk-1")
    old, new = ours.birth(boot_id="one"), ours.birth(boot_id="two")
    ear.hear(old, new, old, new)
    assert "kiosk.restored" not in ear.known.faults
    copy = Teller("kiosk-1")
    copy.births = ours.births - 1
    ear.now += REBIRTH_MS
    heard = ear.hear(copy.birth(boot_id="three"))
    assert (heard.outcome, heard.rebirth) == ("duplicate", OLD_MEMORY)
    assert "kiosk.restored" in ear.known.faults


def test_an_install_is_a_fact_and_its_progress_is_none() -> None:
    ear, kiosk = Ear(), Wisher("kiosk-1", Ceremony("adi").policy())
    (birth,) = kiosk.born()
    assert [word.message for word in ear.hear(birth).effects.releases] == [birth]
    want = Want(bundle="layanan", seq=7, number=1)
    heard = ear.hear(kiosk.fetching(want))
    assert (heard.ack, heard.effects.flips, len(heard.effects.releases)) == (False, [], 1)
    install = kiosk.install("layanan", 7)
    heard = ear.hear(install)
    assert heard.ack
    (row,) = heard.effects.flips
    assert (row["subject"], row["new"], row["fact"]) == ("install", "installed", 1)
    assert heard.effects.releases[0].fact is row


def test_an_install_said_again_is_acknowledged_and_stored_no_more() -> None:
    ear, kiosk = Ear(), Wisher("kiosk-1", Ceremony("adi").policy())
    ear.hear(*kiosk.born())
    first = kiosk.install("layanan", 7)
    ear.hear(first)
    again = ear.hear(*kiosk.again())
    assert (again.outcome, again.ack, again.effects.releases) == ("fact_again", True, [])
    twice = ear.hear(first)  # by a broker that says things twice
    assert (twice.outcome, twice.ack, twice.effects.flips) == ("duplicate", True, [])
