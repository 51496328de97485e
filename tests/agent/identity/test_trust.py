"""Whom a kiosk trusts: one authority and one name, whatever its clock says."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import trustme

from agent.identity import trust

NOW = datetime.now(UTC)
Shake = Callable[[trustme.LeafCert, Any], tuple[int, int]]


@pytest.fixture
def shake() -> Iterator[Shake]:
    """Shakes hands with somebody who shows this certificate; the dates it shows."""
    with ExitStack() as stack:

        def shake(shown: trustme.LeafCert, context: Any) -> tuple[int, int]:
            server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            shown.configure_cert(server)
            near, far = socket.socketpair()
            thread = threading.Thread(target=_serve, args=(server, far))
            thread.start()
            stack.callback(thread.join)
            stack.callback(near.close)
            with context.wrap_socket(near, server_hostname="127.0.0.1") as sock:
                return trust.dates(sock)

        yield shake


def _serve(server: ssl.SSLContext, far: socket.socket) -> None:
    try:
        server.wrap_socket(far, server_side=True).close()
    except OSError:
        far.close()


@pytest.fixture
def office() -> trustme.CA:
    return trustme.CA()


def pem(authority: trustme.CA) -> str:
    return authority.cert_pem.bytes().decode()


def test_the_office_is_trusted_by_its_authority_and_name(office: trustme.CA, shake: Shake) -> None:
    shown = office.issue_cert("127.0.0.1")
    begins, ends = shake(shown, trust.verified(authority=pem(office)))
    assert begins < NOW.timestamp() * 1000 < ends


@pytest.mark.parametrize("dates", [True, False])
def test_row_32_another_authority_is_refused(
    office: trustme.CA, shake: Shake, *, dates: bool
) -> None:
    shown = trustme.CA().issue_cert("127.0.0.1")
    with pytest.raises(ssl.SSLCertVerificationError):
        shake(shown, trust.verified(authority=pem(office), dates=dates))


@pytest.mark.parametrize("dates", [True, False])
def test_row_32_another_name_of_our_authority_is_refused(
    office: trustme.CA, shake: Shake, *, dates: bool
) -> None:
    shown = office.issue_cert("console.example")
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        shake(shown, trust.verified(authority=pem(office), dates=dates))


def test_an_ended_certificate_is_refused_unless_dates_are_left_out(
    office: trustme.CA, shake: Shake
) -> None:
    days = [NOW - timedelta(days=ago) for ago in (9, 8)]
    shown = office.issue_cert("127.0.0.1", not_before=days[0], not_after=days[1])
    with pytest.raises(ssl.SSLCertVerificationError) as refused:
        shake(shown, trust.verified(authority=pem(office)))
    assert refused.value.verify_code == trust.HAS_EXPIRED
    _, ends = shake(shown, trust.verified(authority=pem(office), dates=False))
    assert ends < NOW.timestamp() * 1000


def test_who_trusts_nobody_yet_checks_nothing(shake: Shake) -> None:
    context = trust.unverified()
    with pytest.raises(KeyError):  # an unverified certificate is not even read
        shake(trustme.CA().issue_cert("elsewhere.example"), context)


@pytest.mark.parametrize("dates", [True, False])
def test_the_world_s_own_authorities_are_not_ours(office: trustme.CA, *, dates: bool) -> None:
    context = trust.verified(authority=pem(office), dates=dates)
    assert len(context.get_ca_certs()) == 1
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
