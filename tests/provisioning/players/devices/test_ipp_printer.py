"""The simulated document printer, asked by CUPS's own tool. (The probe meets it elsewhere.)"""

import subprocess
from pathlib import Path

from provisioning.players.devices.ipp_printer import IppDevice

ASK = """{{ OPERATION {operation}
 GROUP operation-attributes-tag
 ATTR charset attributes-charset utf-8
 ATTR naturalLanguage attributes-natural-language en
 ATTR uri printer-uri $uri }}
"""


def ipptool(folder: Path, uri: str, operation: str = "Get-Printer-Attributes") -> str:
    (folder / "ask.test").write_text(ASK.format(operation=operation))
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
