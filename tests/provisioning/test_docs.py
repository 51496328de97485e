"""The generated documents: what lies in docs/ is what the code says today."""

from pathlib import Path

import pytest

from provisioning import docs

FOLDER = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", docs.documents())
def test_the_document_is_fresh(name: str) -> None:
    said = (FOLDER / name).read_text(encoding="utf-8")
    assert said == docs.documents()[name], "run: python -m provisioning.docs"


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    docs.write(tmp_path)
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    docs.write(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first
    assert set(first) == set(docs.documents())
