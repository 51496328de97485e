"""IPP that changes something, at a real printer and at an odd one."""

import pytest

from agent.actions import ipp_ask, leaf
from agent.actions.base import Failed
from agent.probes.ipp import Uri
from tests.support.cups import RealPrinter
from tests.support.wait import until


def test_a_job_is_printed_followed_and_named(real_printer: RealPrinter) -> None:
    uri = Uri.parse(real_printer.uri)
    number = ipp_ask.print_job(uri, "test", "text/plain", leaf.text(["x"]), 10)
    until(lambda: ipp_ask.job(uri, number).ended, 15)
    assert ipp_ask.job(uri, number).state == 9


def test_a_job_can_be_taken_back(real_printer: RealPrinter) -> None:
    uri = Uri.parse(real_printer.uri)
    real_printer.hold_jobs()
    number = ipp_ask.print_job(uri, "test", "application/pdf", leaf.pdf(["x"]), 10)
    ipp_ask.cancel(uri, number)
    real_printer.release_jobs()
    until(lambda: ipp_ask.job(uri, number).state == 7, 15)


def test_a_printer_that_cannot_is_named_with_what_it_cannot(real_printer: RealPrinter) -> None:
    with pytest.raises(Failed, match="will not resume"):
        ipp_ask.ask(Uri.parse(real_printer.uri), ipp_ask.RESUME_PRINTER)


def test_what_is_no_printer_is_said() -> None:
    with pytest.raises(OSError, match="refused"):
        ipp_ask.job(Uri("127.0.0.1", 9, "/ipp/print"), 1)


def test_the_jobs_number_stands_right_after_the_printers_address() -> None:
    made = ipp_ask.request(ipp_ask.CANCEL_JOB, "ipp://p/ipp", [(0x21, "job-id", 7)])
    assert made.index(b"printer-uri") < made.index(b"job-id") < made.index(b"requesting-user-name")
