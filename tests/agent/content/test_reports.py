"""Reports that wait for the agent."""

from pathlib import Path

from agent.content.reports import Report, Reports

REPORT = Report(
    bundle="layanan", seq=2, attempt=1, state="installed", now=2, began=1, ended=2, facts={"a": 1}
)


def test_a_report_is_read_as_it_was_written(tmp_path: Path) -> None:
    reports = Reports(tmp_path / "reports")
    assert (reports.newest, reports.numbers()) == (0, [])
    reports.write(12, REPORT)
    reports.write(3, REPORT)
    assert (reports.newest, reports.numbers()) == (12, [3, 12])
    assert reports.read(12) == REPORT


def test_what_is_no_report_is_none(tmp_path: Path) -> None:
    reports = Reports(tmp_path)
    (tmp_path / "4.json").write_text("[]")
    (tmp_path / "x.json").write_text("{}")
    assert reports.numbers() == [4]
    assert reports.read(4) is None
    assert reports.read(5) is None
