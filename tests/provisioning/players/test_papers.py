"""Load kiosks show papers of their own."""

import ssl
from pathlib import Path

import pytest

from tests.support.papers import write_papers


def test_each_kiosk_has_its_own_and_checks_the_office(tmp_path: Path) -> None:
    context = write_papers(tmp_path, ["load-00001"]).context("load-00001")
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname


def test_who_has_no_papers_is_told(tmp_path: Path) -> None:
    papers = write_papers(tmp_path, ["load-00001"])
    with pytest.raises(OSError, match="No such file"):
        papers.context("load-00002")
