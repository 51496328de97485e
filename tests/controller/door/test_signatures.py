"""What is signed is what was sent, now, once."""

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from controller.door.refusals import Refused
from controller.door.signatures import Moments, Received, check_digest, claim, verify
from tests.support.door import Warden
from wire import signed

KEY = ec.generate_private_key(ec.SECP256R1())
GIVEN = signed.Parameters(1_790_000_000, "n" * 22, "1a2b")
BODY = b'{"csr":"x"}'


def pem(key: ec.EllipticCurvePrivateKey = KEY) -> str:
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    csr = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    made: str = Warden(None, lambda: 1_790_000_000_000)._signed(csr, "one")["pem"]  # type: ignore[arg-type]
    return made


def received(**lies: object) -> Received:
    base = signed.base("POST", "/v1/renew", "a=%20b", signed.digest(BODY), GIVEN)
    r, s = decode_dss_signature(KEY.sign(base, ec.ECDSA(hashes.SHA256())))
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    headers = signed.headers(GIVEN, signed.digest(BODY), signature)
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Received("POST", b"/v1/renew", b"a=%20b", raw, BODY)._replace(**lies)  # type: ignore[arg-type]


def refused(one: Received) -> str:
    with pytest.raises(Refused) as found:
        verify(claim(one), pem())
    return found.value.code


def test_what_was_signed_is_accepted() -> None:
    one = claim(received())
    assert one.given == GIVEN
    verify(one, pem())


def test_the_handbooks_example_is_what_is_signed() -> None:
    text = (Path(__file__).parents[3] / "docs" / "door.md").read_text()
    given = signed.Parameters(1790000000, "bq3nmr0aVt0kR6Xx4b1wTw", "1a2b3c")
    digest = signed.digest(b'{"csr":"..."}')
    assert signed.base("POST", "/v1/renew", "", digest, given).decode() in text
    assert f"Content-Digest: {digest}\n" in text
    assert f"Signature-Input: {signed.headers(given, digest, b'')['signature-input']}\n" in text


@pytest.mark.parametrize(
    "lie",
    [
        {"method": "PUT"},
        {"path": b"/v1/identity"},
        {"path": b"/v1/rene%77"},
        {"path": b"/v1/renew/"},
        {"query": b"a=+b"},
        {"query": b""},
    ],
)
def test_every_altered_part_is_refused(lie: dict[str, object]) -> None:
    assert refused(received(**lie)) == "signature"


def test_another_body_is_refused_also_with_its_own_digest() -> None:
    assert refused(received(body=BODY + b" ")) == "digest"
    other = (b"content-digest", signed.digest(b"other").encode())
    headers = [other, *received().headers[1:]]
    assert refused(received(body=b"other", headers=headers)) == "signature"


def test_another_key_is_refused() -> None:
    with pytest.raises(Refused):
        verify(claim(received()), pem(ec.generate_private_key(ec.SECP256R1())))


@pytest.mark.parametrize("at", range(3))
def test_a_header_missing_or_sent_twice_is_refused(at: int) -> None:
    headers = list(received().headers)
    assert refused(received(headers=[*headers, headers[at]])) == "signature"
    del headers[at]
    assert refused(received(headers=headers)) == "signature"


@given(at=st.integers(0, 2), place=st.integers(0, 300), byte=st.integers(0, 255))
def test_a_byte_changed_in_any_header_is_refused(at: int, place: int, byte: int) -> None:
    headers = list(received().headers)
    name, value = headers[at]
    place %= len(value)
    changed = value[:place] + bytes([byte]) + value[place + 1 :]
    headers[at] = (name, changed)
    if changed != value:
        assert refused(received(headers=headers)) in ("signature", "digest")


@pytest.mark.parametrize("numbers", [(0, 0), (2**256 - 1, 2**256 - 1), (1, 0)])
def test_numbers_outside_the_curve_are_refused(numbers: tuple[int, int]) -> None:
    raw = b"".join(number.to_bytes(32, "big") for number in numbers)
    headers = signed.headers(GIVEN, signed.digest(BODY), raw)
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    assert refused(received(headers=sent)) == "signature"


class Watch:
    def __init__(self) -> None:
        self.ms = 1_790_000_000_000

    def __call__(self) -> int:
        return self.ms


@pytest.mark.parametrize(("off", "ok"), [(300, True), (301, False), (0, True)])
def test_a_signature_is_of_this_moment(off: int, *, ok: bool) -> None:
    clock = Watch()
    moments = Moments(clock)
    clock.ms += 1_000_000
    for created in (clock.ms // 1000 + off, clock.ms // 1000 - off):
        if ok:
            moments.check(GIVEN._replace(created=created))
        else:
            with pytest.raises(Refused) as found:
                moments.check(GIVEN._replace(created=created))
            assert found.value.code == "clock"


def test_what_was_signed_before_the_start_might_have_been_seen() -> None:
    moments = Moments(Watch())
    with pytest.raises(Refused) as found:
        moments.check(GIVEN._replace(created=GIVEN.created - 1))
    assert found.value.code == "clock"


def test_the_same_number_counts_once_for_each_key() -> None:
    moments = Moments(Watch())
    moments.spend(GIVEN)
    moments.spend(GIVEN._replace(keyid="2b"))
    with pytest.raises(Refused) as found:
        moments.spend(GIVEN._replace(created=GIVEN.created + 1))
    assert found.value.code == "replay"


def test_a_full_memory_refuses_rather_than_forgets_and_recovers() -> None:
    clock = Watch()
    moments = Moments(clock, most=2)
    for nonce in ("a" * 16, "b" * 16):
        moments.spend(GIVEN._replace(nonce=nonce))
    with pytest.raises(Refused) as found:
        moments.spend(GIVEN)
    assert found.value.code == "busy"
    clock.ms += 301_000
    moments.spend(GIVEN)


def test_a_body_that_is_still_to_come_is_compared_later() -> None:
    verify(claim(received(body=None)), pem())
    check_digest(signed.digest(BODY), signed.digest(BODY))
    with pytest.raises(Refused) as found:
        check_digest(signed.digest(BODY), signed.digest(b"another"))
    assert found.value.code == "digest"
