"""`anjungan releases keys` finds who serves a word."""

import pytest

from provisioning.release import keys


def test_every_word_has_a_line_and_a_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        keys.main(["--help"])
    said = capsys.readouterr().out
    assert all(what in said for _, what in keys.WORDS.values())
    for word in keys.WORDS:
        with pytest.raises(SystemExit) as ended:
            keys.main([word, "--help"])
        assert ended.value.code == 0


def test_an_unknown_word_is_refused() -> None:
    with pytest.raises(SystemExit) as ended:
        keys.main(["burn"])
    assert ended.value.code == 2
