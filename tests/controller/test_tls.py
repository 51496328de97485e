"""A pair is taken up whole; half of one leaves the old one in use."""

import socket
import ssl
import threading
from pathlib import Path

import pytest
import trustme

from controller.tls import Shown


class Office:
    """A certificate on disk, a context that shows it, and whoever shakes hands with it."""

    def __init__(self, folder: Path) -> None:
        self.cert, self.key = folder / "x.crt", folder / "x.key"
        self.said: list[str] = []
        self._authority = trustme.CA()
        self.write(*self.issue())
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.cert, self.key)
        self.shown = Shown(self.context, self.cert, self.key, self.said.append)

    def issue(self) -> tuple[bytes, bytes]:
        made = self._authority.issue_cert("localhost")
        return b"".join(one.bytes() for one in made.cert_chain_pems), made.private_key_pem.bytes()

    def write(self, cert: bytes, key: bytes) -> None:
        self.cert.write_bytes(cert)
        self.key.write_bytes(key)

    def serial(self) -> str:
        """Of the certificate a stranger is shown."""
        trusting = ssl.create_default_context()
        self._authority.configure_trust(trusting)
        ours, theirs = socket.socketpair()
        with ours, theirs:
            serving = threading.Thread(target=self._serve, args=(ours,))
            serving.start()
            with trusting.wrap_socket(theirs, server_hostname="localhost") as line:
                found = line.getpeercert() or {}
            serving.join(20)
        return str(found["serialNumber"])

    def _serve(self, line: socket.socket) -> None:
        self.context.wrap_socket(line, server_side=True).close()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_nothing_is_done_while_nothing_changed(office: Office) -> None:
    assert not office.shown.renew()
    assert office.said == []


def test_a_renewed_pair_is_shown_to_the_next_who_comes(office: Office) -> None:
    first = office.serial()
    office.write(*office.issue())
    assert office.shown.renew()
    assert office.serial() != first
    assert not office.shown.renew()


def test_half_of_a_new_pair_turns_nobody_away(office: Office) -> None:
    first, (cert, key) = office.serial(), office.issue()
    office.cert.write_bytes(cert)
    assert not office.shown.renew()
    assert "cannot be used" in office.said[0]
    assert office.serial() == first
    office.key.write_bytes(key)
    assert office.shown.renew()
    assert office.serial() != first


@pytest.mark.parametrize("content", [b"", b"half", b"\x00" * 5000])
def test_what_is_no_pair_changes_nothing(office: Office, content: bytes) -> None:
    first = office.serial()
    office.write(content, content)
    assert not office.shown.renew()
    assert office.serial() == first


def test_a_file_that_went_away_changes_nothing(office: Office) -> None:
    first = office.serial()
    office.key.unlink()
    assert not office.shown.renew()
    assert office.serial() == first
