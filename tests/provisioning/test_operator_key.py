"""A person's key: made once, for its owner alone, its public half shown."""

from pathlib import Path

import pytest

from provisioning import operator_key
from provisioning.policy import keys


def test_a_key_is_made_and_shown_by_its_public_half(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine.pem"
    assert operator_key.main(["make", "--out", str(mine)]) == 0
    said = capsys.readouterr().out
    public = keys.public(keys.read(mine))
    assert said == f"key {keys.id_of(public)}\n{public}\n"
    assert operator_key.main(["show", str(mine)]) == 0
    assert capsys.readouterr().out == said


def test_a_key_is_not_replaced_and_one_that_others_read_is_not_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine.pem"
    operator_key.main(["make", "--out", str(mine)])
    assert operator_key.main(["make", "--out", str(mine)]) == 2
    mine.chmod(0o644)
    assert operator_key.main(["show", str(mine)]) == 2
    assert "open to others" in capsys.readouterr().err
