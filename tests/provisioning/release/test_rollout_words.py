"""A rollout in words that nobody's kiosk can bend."""

from sqlalchemy import Engine

from provisioning.release import rollout_words
from tests.support.rollouts import RolloutDesk


def test_what_it_means_is_said_before_it_is_asked_for(engine: Engine) -> None:
    desk = RolloutDesk(engine, kiosks=4, sites=1)
    said = "\n".join(rollout_words.spoken(desk.request(), desk.dry()))
    assert "layanan-2 on 4 kiosks, 4 of them online; 4 have 1" in said
    assert "800000 bytes in all" in said or "bytes in all, costs" in said


def test_what_kiosks_said_moves_nobodys_terminal(engine: Engine) -> None:
    desk = RolloutDesk(engine, kiosks=3, sites=1)
    found = desk.shown(desk.ask())
    bent = found._replace(row=found.row._replace(state_why="\x1b[2J" + "x" * 500))
    said = "".join(rollout_words.whole(bent))
    assert "\x1b" not in said
    assert len(said) < 2_000
