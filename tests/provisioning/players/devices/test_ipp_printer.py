"""The simulated document printer, asked by CUPS's own tool. (The probe meets it elsewhere.)"""

import subprocess
from pathlib import Path

import pytest

from provisioning.players.devices.ipp_printer import IppDevice
from tests.support.wait import until

ASK = """{{ OPERATION {operation}
 GROUP operation-attributes-tag
 ATTR charset attributes-charset utf-8
 ATTR naturalLanguage attributes-natural-language en
 ATTR uri printer-uri $uri }}
"""


PRINT = """{{ OPERATION Print-Job
 GROUP operation-attributes-tag
 ATTR charset attributes-charset utf-8
 ATTR naturalLanguage attributes-natural-language en
 ATTR uri printer-uri $uri
 ATTR name job-name uji
 ATTR mimeMediaType document-format text/plain
 FILE {file} }}
"""
JOB = """{{ OPERATION {operation}
 GROUP operation-attributes-tag
 ATTR charset attributes-charset utf-8
 ATTR naturalLanguage attributes-natural-language en
 ATTR uri printer-uri $uri
 ATTR integer job-id {number} }}
"""


def ipptool(folder: Path, uri: str, operation: str = "Get-Printer-Attributes") -> str:
    return tell(folder, uri, ASK.format(operation=operation))


def print_one(folder: Path, uri: str) -> str:
    (folder / "page.txt").write_text("halaman uji")
    return tell(folder, uri, PRINT.format(file=folder / "page.txt"))


def tell(folder: Path, uri: str, what: str) -> str:
    (folder / "ask.test").write_text(what)
    done = subprocess.run(
        ["ipptool", "-tv", uri, str(folder / "ask.test")],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    return done.stdout


def test_cups_reads_the_device(ipp_device: IppDevice, tmp_path: Path) -> None:
    ipp_device.paper(5)
    ipp_device.says("+media-jam")
    told = ipptool(tmp_path, ipp_device.uri)
    assert "printer-state (enum) = idle" in told
    assert "media-jam-report,media-low-report" in told
    assert "maxcapacity=250;level=5;" in told


def test_cups_reads_the_queue_and_its_jobs(ipp_device: IppDevice, tmp_path: Path) -> None:
    ipp_device.enqueue(30)
    ipp_device.enqueue(10)
    ipp_device.queue_paused = True
    told = ipptool(tmp_path, ipp_device.queue_uri)
    assert "printer-state (enum) = stopped" in told
    assert "queued-job-count (integer) = 2" in told
    jobs = ipptool(tmp_path, ipp_device.queue_uri, "Get-Jobs")
    assert jobs.count("job-state (enum) = pending") == 2
    ipp_device.finish_jobs()
    assert "job-state" not in ipptool(tmp_path, ipp_device.queue_uri, "Get-Jobs")


def test_while_a_job_waits_reasons_are_warnings(ipp_device: IppDevice) -> None:
    ipp_device.paper(0)
    assert ipp_device.reasons() == ["media-empty-report"]
    ipp_device.enqueue()
    assert ipp_device.reasons() == ["media-empty-warning"]


def test_what_it_does_not_know_is_refused_in_ipp(ipp_device: IppDevice, tmp_path: Path) -> None:
    assert "client-error-not-found" in ipptool(tmp_path, ipp_device.uri + "/other")
    refused = ipptool(tmp_path, ipp_device.uri, "Pause-Printer")
    assert "server-error-operation-not-supported" in refused


@pytest.mark.parametrize("where", ["uri", "queue_uri"])
def test_a_page_is_printed_and_counted(ipp_device: IppDevice, tmp_path: Path, where: str) -> None:
    uri = getattr(ipp_device, where)
    assert "job-id (integer) = 1" in print_one(tmp_path, uri)
    ask = JOB.format(operation="Get-Job-Attributes", number=1)
    until(lambda: "job-state (enum) = completed" in tell(tmp_path, uri, ask), 20)
    told = tell(tmp_path, uri, ask)
    assert "job-impressions-completed (integer) = 1" in told
    assert "job-name (nameWithoutLanguage) = uji" in told
    assert (ipp_device.printed, ipp_device.sheets) == (1, 249)


def test_without_paper_the_job_waits_and_can_be_cancelled(
    ipp_device: IppDevice, tmp_path: Path
) -> None:
    ipp_device.paper(0)
    print_one(tmp_path, ipp_device.uri)
    assert "job-state (enum) = processing" in ipptool(tmp_path, ipp_device.uri, "Get-Jobs")
    tell(tmp_path, ipp_device.uri, JOB.format(operation="Cancel-Job", number=1))
    assert "job-id" not in ipptool(tmp_path, ipp_device.uri, "Get-Jobs")
    assert ipp_device.printed == 0


def test_the_queue_is_purged_paused_and_resumed(ipp_device: IppDevice, tmp_path: Path) -> None:
    ipp_device.enqueue(600)
    ipp_device.queue_message = "The printer may not exist or is unavailable at this time."
    ipptool(tmp_path, ipp_device.queue_uri, "Pause-Printer")
    assert ipp_device.queue_paused
    ipptool(tmp_path, ipp_device.queue_uri, "Purge-Jobs")
    ipptool(tmp_path, ipp_device.queue_uri, "Resume-Printer")
    assert (ipp_device.queue_paused, ipp_device.queue_message) == (False, "")
    assert "job-id" not in ipptool(tmp_path, ipp_device.queue_uri, "Get-Jobs")


def test_it_shows_itself_when_asked(ipp_device: IppDevice, tmp_path: Path) -> None:
    assert "successful-ok" in ipptool(tmp_path, ipp_device.uri, "Identify-Printer")
    assert ipp_device.identified == 1
