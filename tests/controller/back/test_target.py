"""Only what the registrar's own folder names is sent anywhere, and never in clear."""

from pathlib import Path

import pytest

from controller.back import target
from controller.back.target import Target
from controller.registrar.keys import BadKeys
from provisioning import back
from tests.support.registrar import Registry


def a_target(where: str, kind: str = "webhook") -> Target:
    return Target(tenant="32.73", name="dinas", kind=kind, where=where)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "where",
    [
        "http://dinas.example/masuk",
        "https://",
        "ftp://dinas.example/",
        "https://petugas:sandi@dinas.example/",
        "https://dinas.example/#x",
        "/masuk",
    ],
)
def test_what_would_leave_the_machine_in_clear_or_hold_a_password_is_refused(where: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        target.check(a_target(where))


@pytest.mark.parametrize("where", ["https://dinas.example/masuk?a=1", "http://127.0.0.1:80/x"])
def test_https_will_do_and_plain_on_this_machine_alone(where: str) -> None:
    target.check(a_target(where))


def test_a_folder_is_named_from_the_root_on() -> None:
    target.check(a_target("/srv/arsip", "folder"))
    with pytest.raises(ValueError, match="from the root"):
        target.check(a_target("arsip", "folder"))


def test_a_file_that_others_may_read_or_that_is_broken_is_believed_by_nobody(
    registry: Registry,
) -> None:
    keys = registry.folder / "keys"
    assert target.load(keys).targets == ()
    assert target.signer(keys) is None
    back.allow(keys, a_target("https://dinas.example/"))
    path = keys / target.FOLDER / target.TARGETS
    path.chmod(0o644)
    with pytest.raises(BadKeys):
        target.load(keys)
    for text in (b"{", PLAIN):
        _write(path, text)
        with pytest.raises(BadKeys):
            target.load(keys)


PLAIN = (
    b'{"targets":[{"tenant":"32.73","name":"x","kind":"webhook","where":"http://dinas.example/"}]}'
)


def _write(path: Path, text: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(text)
