"""A page on a real IPP printer: it counts only when the printer itself says that it came out."""

from pathlib import Path

from tests.agent.actions.conftest import COMMAND, Bench
from tests.support.cups import RealPrinter
from tests.support.wait import until


def at(bench: Bench, printer: RealPrinter) -> None:
    bench.settings["probes"]["printer"] = {"uri": printer.uri}


def counts(printer: RealPrinter, pages: int) -> None:
    """The virtual printer counts what its job says."""
    (printer._folder / "say").write_text(f"ATTR: job-impressions-completed={pages}\n")


def test_a_page_that_was_counted_is_proof(bench: Bench, real_printer: RealPrinter) -> None:
    at(bench, real_printer)
    counts(real_printer, 1)
    ended = bench.run("test_print")
    assert (ended.state, ended.code) == ("succeeded", "")
    assert ended.facts["impressions"] == 1
    assert (ended.facts["before"], ended.facts["after"]) == ("ok", "ok")
    assert isinstance(ended.facts["job"], int)


def test_the_page_says_kiosk_and_command(bench: Bench, real_printer: RealPrinter) -> None:
    at(bench, real_printer)
    counts(real_printer, 1)
    bench.run("test_print")
    (page,) = Path(real_printer._folder / "spool").rglob("*.pdf")
    content = page.read_bytes()
    assert b"bdg-andir-01" in content
    assert COMMAND.encode() in content


def test_done_without_a_counted_page_is_not_believed(
    bench: Bench, real_printer: RealPrinter
) -> None:
    at(bench, real_printer)
    counts(real_printer, 0)
    ended = bench.run("test_print")
    assert (ended.state, ended.code) == ("failed", "unproven")


def test_without_paper_nothing_is_sent(bench: Bench, real_printer: RealPrinter) -> None:
    at(bench, real_printer)
    real_printer.paper(0, 0)
    ended = bench.run("test_print")
    assert (ended.state, ended.code) == ("failed", "paper")
    assert "job" not in ended.facts


def test_paper_that_runs_out_is_said_and_the_page_is_taken_back(
    bench: Bench, real_printer: RealPrinter
) -> None:
    at(bench, real_printer)
    real_printer.hold_jobs()

    def run_out(said: dict[str, object]) -> None:
        if "progress" in said:
            real_printer.paper(0, 0)

    bench.on_say = run_out
    ended = bench.run("test_print")
    assert (ended.state, ended.code) == ("failed", "paper")
    real_printer.release_jobs()
    real_printer.refill()
    until(real_printer._idle, 15)


def test_a_page_the_printer_gives_up_is_not_printed(
    bench: Bench, real_printer: RealPrinter
) -> None:
    at(bench, real_printer)
    script = real_printer._folder / "job.sh"
    script.write_text("#!/bin/sh\necho 'ERROR: kertas macet' >&2\nexit 1\n")
    ended = bench.run("test_print")
    assert (ended.state, ended.code) == ("failed", "not_printed")
    assert "kertas macet" in ended.why


def test_a_page_that_does_not_come_out_in_time_is_taken_back(
    bench: Bench, real_printer: RealPrinter
) -> None:
    at(bench, real_printer)
    real_printer.hold_jobs()
    ended = bench.run("test_print", until_s=17)
    assert (ended.state, ended.code) == ("failed", "stuck")


def test_a_printer_that_is_gone_is_not_ok(bench: Bench, real_printer: RealPrinter) -> None:
    at(bench, real_printer)
    real_printer.kill()
    assert bench.run("test_print").code == "not_ok"


def test_a_kiosk_without_a_printer_says_so(bench: Bench) -> None:
    assert bench.run("test_print").code == "no_device"
