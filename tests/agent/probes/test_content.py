"""What a kiosk says of its releases, as its child found it."""

from pathlib import Path

import pytest

from agent.content import status
from agent.content.status import Installing, Status
from agent.probes.content import ContentProbe
from agent.stamp import stamp


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "status.json"


def installing(state: str, bundle: str = "layanan") -> Installing:
    return Installing(bundle=bundle, seq=4, attempt=1, state=state)


def test_a_kiosk_to_which_nothing_was_sent_is_well(path: Path) -> None:
    finding = ContentProbe(path).observe()
    assert (finding.state, finding.facts, finding.codes) == ("ok", {}, ())


def test_what_is_in_use_and_what_is_under_way_are_facts(path: Path) -> None:
    said = Status(
        releases={"layanan": 3, "agent": 1},
        installs=[installing("downloading"), installing("installed", "agent")],
        facts={"bytes_day": 5},
    )
    status.write(path, said)
    finding = ContentProbe(path).observe()
    assert finding.facts == {
        "bytes_day": 5,
        "agent": 1,
        "layanan": 3,
        "under_way": "layanan 4: downloading",
    }
    assert stamp("content", finding, 0, 0.0).state == "ok"


@pytest.mark.parametrize(
    ("code", "state"),
    [("content.damaged", "fail"), ("content.failing", "warn"), ("content.budget", "ok")],
)
def test_what_the_child_found_wrong_is_a_fault(path: Path, code: str, state: str) -> None:
    status.write(path, Status(codes=[code], why="no room"))
    finding = ContentProbe(path).observe()
    assert (finding.state, finding.codes, finding.why) == (state, (code,), "no room")


def test_a_code_of_another_device_is_not_the_child_s_to_say(path: Path) -> None:
    status.write(path, Status(codes=["screen.dark"], why="dark"))
    finding = ContentProbe(path).observe()
    assert (finding.state, finding.codes, finding.why) == ("ok", (), "")


@pytest.mark.parametrize("content", [b"", b"{", b'{"codes":3}'])
def test_a_damaged_status_is_none(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert ContentProbe(path).observe().facts == {}
