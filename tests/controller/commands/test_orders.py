"""What leaves the office holds before a kiosk's checks, and a key is only used when it is one."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from controller.commands import orders
from controller.commands.orders import Signer, UnusableKey, signer_of
from controller.commands.plan import Kiosk
from tests.support.signing import FLEET, Ceremony, public_of, verify
from tests.support.taker import heard, key_file
from wire.envelope import Batch, orders_message, parse, raw
from wire.messages import Desired, NewPolicy, Orders
from wire.wants import Want, Wants, Window, wants_message

KIOSK = Kiosk(1, "kiosk-1", 9, "a" * 32, 1, 0, listens=True)


def test_a_batch_is_signed_and_addressed() -> None:
    keys = Ceremony()
    envelope = keys.envelope("kiosk-1")
    out = Signer(keys.office).orders(FLEET, KIOSK, [envelope], 5_000)
    message = heard(out.topic, out.payload)
    assert isinstance(message, Orders)
    signature = raw(message.signature)
    assert verify(public_of(keys.office), signature, orders_message(message.signed))
    batch = parse(message.signed, Batch)
    assert (batch.kiosk, batch.nonce, batch.now) == ("kiosk-1", "a" * 32, 5_000)
    assert batch.open == (envelope,)
    assert (out.partition, out.qos) == (9, 1)


def test_what_is_desired_is_signed_apart_from_orders() -> None:
    keys = Ceremony()
    window = Window(since=1320, until=300)
    want = Want(bundle="layanan", seq=7, number=4_000, windows=(window,))
    out = Signer(keys.office).desired(FLEET, KIOSK, [want], 5_000, "https://releases.example")
    message = heard(out.topic, out.payload)
    assert isinstance(message, Desired)
    signature = raw(message.signature)
    assert verify(public_of(keys.office), signature, wants_message(message.signed))
    assert not verify(public_of(keys.office), signature, orders_message(message.signed))
    said = parse(message.signed, Wants)
    assert (said.kiosk, said.nonce, said.now, said.url) == (
        "kiosk-1", "a" * 32, 5_000, "https://releases.example",
    )  # fmt: skip
    assert said.wants == (want,)
    assert (out.partition, out.qos) == (9, 1)


def test_the_most_that_can_be_desired_fits_into_a_message() -> None:
    windows = tuple(Window(since=n, until=n + 1) for n in range(1400, 1408))
    wants = [
        Want(bundle=f"b{n:030d}", seq=2**31, number=2**53, not_before=2**53, windows=windows)
        for n in range(16)
    ]
    out = Signer(Ceremony().office).desired(FLEET, KIOSK, wants, 2**53, "https://" + "x" * 292)
    assert isinstance(heard(out.topic, out.payload), Desired)


def test_what_is_said_to_fit_does_fit_into_a_message() -> None:
    keys = Ceremony()
    args: dict[str, bool | int | str] = {"on": True, "why": '"\\' * 60}
    many = [keys.envelope("kiosk-1", "maintenance", args) for _ in range(8)]
    out = Signer(keys.office).orders(FLEET, KIOSK, many, 5_000)
    room = sum(map(orders.size, many))
    assert room <= len(out.payload) < room + 1_000


def test_a_policy_travels_with_its_signatures() -> None:
    signed = Ceremony().signed_policy()
    out = orders.new_policy(KIOSK, signed)
    message = heard(out.topic, out.payload)
    assert message == NewPolicy(policy=signed.policy, signatures=signed.signatures)


def test_a_key_is_read_from_its_file(tmp_path: Path) -> None:
    keys = Ceremony()
    assert signer_of(key_file(keys, tmp_path)).id == Signer(keys.office).id


def test_a_file_that_holds_no_such_key_says_so(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    with pytest.raises(UnusableKey, match="cannot be used"):
        signer_of(path)
    path.write_bytes(b"nonsense")
    path.chmod(0o600)
    with pytest.raises(UnusableKey, match="cannot be used"):
        signer_of(path)
    other = generate_private_key(SECP256R1())
    path.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(UnusableKey, match="another kind"):
        signer_of(path)
    key_file(keys := Ceremony(), tmp_path).chmod(0o604)
    assert keys
    with pytest.raises(UnusableKey, match="chmod 600"):
        signer_of(tmp_path / "command.pem")
