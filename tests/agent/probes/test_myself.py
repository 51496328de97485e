"""The agent looks at itself."""

from agent.probes.myself import MyselfProbe


def test_its_memory_is_told_and_all_is_well() -> None:
    finding = MyselfProbe(lambda: "").observe()
    rss_mb = finding.facts["rss_mb"]
    assert isinstance(rss_mb, float)
    assert rss_mb > 5
    assert (finding.state, finding.why) == ("ok", "")


def test_trouble_is_a_warning_with_the_reason() -> None:
    finding = MyselfProbe(lambda: "the disk refuses").observe()
    assert (finding.state, finding.why) == ("warn", "the disk refuses")
