"""What a first release is made of: laid out by one line, and known to the books."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from controller.store.citizen_tables import pack, tenant
from provisioning import registrar_keys
from provisioning.terminal import now
from tests.provisioning.release.conftest import Type


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    registrar_keys.begin(tmp_path / "registrar", now())
    return tmp_path / "registrar" / "keys.json"


def count(engine: Engine) -> tuple[int | None, int | None]:
    with engine.connect() as conn:
        tables = (tenant, pack)
        governments, packs = (conn.scalar(select(func.count()).select_from(t)) for t in tables)
        return governments, packs


def test_the_content_is_laid_out_and_can_be_published(
    typed: Type, engine: Engine, keys: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "first"
    code, said = typed("content", str(folder), "--keys", str(keys), "--as", "siti")
    assert (code, count(engine)) == (0, (2, 48))
    assert f"then: anjungan publish {folder} --bundle layanan" in said
    assert (folder / "keys.json").is_file()
    code, said = typed("publish", str(folder), "--bundle", "layanan", "--dry-run")
    assert (code, "can be published" in said, "warning" in said) == (0, True, False)


def test_a_folder_that_is_there_is_never_written_over(
    typed: Type, engine: Engine, keys: Path, tmp_path: Path
) -> None:
    code, said = typed("content", str(tmp_path), "--keys", str(keys), "--as", "siti")
    assert code == 2
    assert "exists" in said
    assert count(engine) == (0, 0)


def test_who_makes_no_releases_and_keys_that_are_none_are_refused(
    typed: Type, engine: Engine, keys: Path, tmp_path: Path
) -> None:
    folder = str(tmp_path / "first")
    assert typed("content", folder, "--keys", str(keys), "--as", "budi")[0] == 2
    keys.write_text("{}")
    code, said = typed("content", folder, "--keys", str(keys), "--as", "siti")
    assert (code, "keys.json" in said) == (2, True)
    assert not Path(folder).exists()
    assert count(engine) == (0, 0)
