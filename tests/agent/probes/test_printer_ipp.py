"""The document printer's probe, against a real ippeveprinter and against the simulated one."""

import socket
import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.base import Finding
from agent.probes.ipp import Group, Reply
from agent.probes.printer_ipp import MEANS, IppPrinter, codes_of, read, strip
from provisioning.players.devices.ipp_printer import IppDevice
from tests.support.cups import RealPrinter
from tests.support.wait import until
from wire.faults import CATALOGUE

Printer = RealPrinter | IppDevice


@pytest.fixture(params=["real_printer", "ipp_device"])
def printer(request: pytest.FixtureRequest) -> Printer:
    made: Printer = request.getfixturevalue(request.param)
    return made


@pytest.fixture
def look(printer: Printer) -> Callable[[], Finding]:
    return IppPrinter(printer.uri, timeout_s=20).observe


Look = Callable[[], Finding]


def test_a_printer_that_is_well_is_ok_with_its_levels(printer: Printer, look: Look) -> None:
    printer.refill()
    finding = look()
    assert (finding.state, finding.codes, finding.why) == ("ok", (), "")
    assert finding.facts["printer_state"] == "idle"
    assert finding.facts["accepting"] is True
    assert finding.facts["paper_percent"] == 100
    assert finding.facts["toner_percent"] == 75
    assert finding.facts["jobs"] == 0
    assert finding.facts["name"] == "Acme Kiosk"


def test_an_empty_tray_is_told_while_idle_and_clears_after_the_refill(
    printer: Printer, look: Look
) -> None:
    printer.paper(0)
    finding = look()
    assert (finding.state, finding.codes) == ("fail", ("printer.paper_out",))
    assert finding.facts["paper_percent"] == 0
    printer.refill()
    assert look().state == "ok"


def test_few_sheets_are_a_warning(printer: Printer, look: Look) -> None:
    printer.paper(5)
    finding = look()
    assert (finding.state, finding.codes) == ("warn", ("printer.paper_low",))
    assert finding.facts["paper_percent"] == 2


@pytest.mark.parametrize(("percent", "code"), [(5, "toner_low"), (0, "toner_empty")])
def test_toner_is_told(printer: Printer, look: Look, percent: int, code: str) -> None:
    printer.toner(percent)
    finding = look()
    assert finding.codes == (f"printer.{code}",)
    assert finding.facts["toner_percent"] == percent


def test_a_filling_waste_box_is_told(printer: Printer, look: Look) -> None:
    printer.toner(75, waste=96)
    assert look().codes == ("printer.waste_full",)


@pytest.mark.parametrize(
    ("reason", "code"), [("media-jam", "paper_jam"), ("cover-open", "cover_open")]
)
def test_a_jam_or_an_open_cover_stays_until_it_is_cleared(
    printer: Printer, look: Look, reason: str, code: str
) -> None:
    printer.says(f"+{reason}")
    finding = look()
    assert (finding.state, finding.codes) == ("fail", (f"printer.{code}",))
    assert finding.facts["reasons"] == reason
    printer.says(f"-{reason}")
    assert look().state == "ok"


def test_a_printer_that_hangs_is_unreachable_for_lack_of_an_answer(
    printer: Printer, look: Look
) -> None:
    printer.freeze()
    finding = IppPrinter(printer.uri, timeout_s=0.3).observe()
    printer.thaw()
    assert finding.codes == ("printer.unreachable",)
    assert "does not answer" in finding.why
    assert look().state == "ok"


def test_a_printer_that_is_gone_is_unreachable_and_refuses(printer: Printer, look: Look) -> None:
    printer.kill()
    finding = look()
    assert (finding.state, finding.codes) == ("fail", ("printer.unreachable",))
    assert "refused" in finding.why


def test_a_wrong_path_is_unknown_and_not_a_broken_printer(printer: Printer) -> None:
    finding = IppPrinter(printer.uri.replace("/ipp/print", "/nothing")).observe()
    assert finding.state == "unknown"
    assert finding.codes == ()


def test_a_job_that_waits_for_paper_is_told_by_the_real_printer(real_printer: RealPrinter) -> None:
    real_printer.paper(0, 0)
    real_printer.print_page(wait=False)
    look = IppPrinter(real_printer.uri, timeout_s=20).observe
    until(lambda: look().facts["printer_state"] == "processing", 20)
    assert look().codes == ("printer.paper_out",)


def test_an_old_printer_is_asked_in_its_own_version() -> None:
    versions = []
    refusal = b"\1\1\5\3\0\0\0\1\3"
    body = b"\1\1\0\0\0\0\0\1\4\x23\0\x0dprinter-state\0\4\0\0\0\3\3"
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for answer in (refusal, body, body):
                with server.accept()[0] as client:
                    versions.append(tuple(client.recv(9_000).partition(b"\r\n\r\n")[2][:2]))
                    client.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        probe = IppPrinter(f"ipp://127.0.0.1:{server.getsockname()[1]}/ipp/print")
        assert [probe.observe().state, probe.observe().state] == ["ok", "ok"]
        thread.join(5)
    assert versions == [(2, 0), (1, 1), (1, 1)]


def test_every_code_a_reason_can_mean_is_in_the_catalogue() -> None:
    assert set(MEANS.values()) <= set(CATALOGUE)


@pytest.mark.parametrize("suffix", ["", "-report", "-warning", "-error"])
def test_the_suffix_of_a_reason_does_not_change_its_meaning(suffix: str) -> None:
    assert codes_of([f"media-empty{suffix}"]) == ["printer.paper_out"]
    assert strip(f"media-empty{suffix}") == "media-empty"


def test_an_unheard_of_reason_counts_only_as_an_error() -> None:
    assert codes_of(["com.acme.sleeping", "com.acme.polishing-warning"]) == []
    assert codes_of(["com.acme.on-fire-error"]) == ["printer.error"]


def test_the_worse_word_stands_alone() -> None:
    assert codes_of(["media-low-report", "media-empty-report"]) == ["printer.paper_out"]


def test_a_stopped_printer_without_a_reason_is_still_stopped() -> None:
    group: Group = {"printer-state": [5], "printer-state-reasons": ["none"]}
    assert read(Reply(0, [(4, group)])).codes == ("printer.stopped",)


@given(
    st.integers(0, 0x7FFF),
    st.dictionaries(
        st.sampled_from(
            [
                "printer-state",
                "printer-state-reasons",
                "queued-job-count",
                "printer-is-accepting-jobs",
                "printer-make-and-model",
            ]
        ),
        st.lists(
            st.one_of(st.integers(), st.booleans(), st.text(), st.binary()), min_size=1, max_size=3
        ),
    ),
)
def test_any_attributes_give_a_finding(status: int, group: Group) -> None:
    finding = read(Reply(status, [(4, group)]))
    assert finding.state in {"ok", "warn", "fail", "unknown"}
    assert all(not isinstance(fact, bytes) for fact in finding.facts.values())
