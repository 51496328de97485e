"""Signed texts: one spelling, one tree, one name; nothing else is taken for them."""

import itertools
import json
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.signing import Ceremony
from wire import codec, envelope
from wire.envelope import (
    Approval,
    Batch,
    Envelope,
    Order,
    Tree,
    approval_message,
    canonical,
    command_id,
    fits,
    is_of,
    key_id,
    order_of,
    orders_message,
    parse,
    policy_message,
    raw,
    text_of,
)
from wire.errors import MalformedMessage
from wire.messages import Orders, Signature
from wire.policy import Policy

KIOSK = "anjungan-andir"
NONCE = "0" * 32
CEREMONY = Ceremony("ani", "budi", "citra")
FULL = CEREMONY.envelope(
    KIOSK,
    "maintenance",
    {"on": True, "why": 'Kembali "segera"\n\\ é'},
    others={"anjungan-cicendo": 7, "anjungan-sukasari": 0},
    approvals={"ani": 1_500, "budi": 1_600},
)
BATCH = Batch(fleet="kota-bandung", kiosk=KIOSK, nonce=NONCE, now=3_000, open=(FULL,))
POLICY = CEREMONY.policy(raised={"reboot": "sensitive"}, an_hour={"reboot": 2})
TEXTS: dict[str, tuple[type[msgspec.Struct], str]] = {
    "order": (Order, FULL.order),
    "batch": (Batch, canonical(BATCH)),
    "policy": (Policy, canonical(POLICY)),
}
every = pytest.mark.parametrize(("type_", "text"), TEXTS.values(), ids=[*TEXTS])

millis = st.integers(0, 2**53)
hex32 = st.text("0123456789abcdef", min_size=32, max_size=32)
words = st.from_regex(r"\A[a-z][a-z0-9_]{0,31}\Z")
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
orders = st.builds(
    Order,
    fleet=st.just("kota-bandung"),
    order=hex32,
    kind=words,
    args=st.dictionaries(words, st.booleans() | st.integers(-(2**53), 2**53) | texts, max_size=4),
    kiosks=hex32.map(lambda half: half * 2),
    count=st.integers(1, 1_000_000),
    issued=millis,
    not_before=millis,
    expires=millis,
)


@given(orders)
def test_what_is_written_is_read_again(order: Order) -> None:
    text = canonical(order)
    assert parse(text, Order) == order
    assert json.loads(text) == json.loads(json.dumps(json.loads(text), sort_keys=True))


def _members(text: str) -> list[str]:
    return [
        f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'), sort_keys=True)}"
        for k, v in json.loads(text).items()
    ]


OTHER: dict[str, Callable[[str], str]] = {
    "a space": lambda text: text.replace(":", ": ", 1),
    "a line feed": lambda text: text + "\n",
    "a byte order mark": lambda text: "\ufeff" + text,
    "another order of the keys": lambda text: "{" + ",".join(reversed(_members(text))) + "}",
    "a key said twice": lambda text: "{" + _members(text)[0] + "," + text[1:],
    "a key said twice at the end": lambda text: text[:-1] + "," + _members(text)[-1] + "}",
    "a key nobody knows": lambda text: text[:-1] + ',"z":1}',
    "an escaped letter": lambda text: text.replace('"fleet"', '"\\u0066leet"', 1),
    "an exponent": lambda text: text.replace('"v":1', '"v":1e0'),
    "a fraction": lambda text: text.replace('"v":1', '"v":1.0'),
    "a plus": lambda text: text.replace('"v":1', '"v":+1'),
    "a leading zero": lambda text: text.replace('"v":1', '"v":01'),
    "a text for a number": lambda text: text.replace('"v":1', '"v":"1"'),
    "NaN": lambda text: text.replace('"v":1', '"v":NaN'),
    "Infinity": lambda text: text.replace('"v":1', '"v":Infinity'),
    "nothing for a number": lambda text: text.replace('"v":1', '"v":null'),
    "another version": lambda text: text.replace('"v":1', '"v":2'),
    "minus nothing": lambda text: text.replace('"v":1', '"v":-0'),
    "64 bits and more": lambda text: text.replace('"v":1', f'"v":{2**64 + 1}'),
    "5,000 digits": lambda text: text.replace('"v":1', f'"v":{"1" * 5_000}'),
    "half a pair": lambda text: text.replace("kota-bandung", "\\ud800"),
    "half a pair, bare": lambda text: text.replace("kota-bandung", "\ud800"),
    "nested deep": lambda text: text.replace('"v":1', '"v":' + "[" * 100_000),
    "an array": lambda text: f"[{text}]",
    "a comment": lambda text: text + "//",
    "cut off": lambda text: text[:-1],
    "empty": lambda text: text[:0],
}


@every
@pytest.mark.parametrize("other", OTHER)
def test_row_52_another_spelling_is_refused(
    type_: type[msgspec.Struct], text: str, other: str
) -> None:
    assert parse(text, type_)
    changed = OTHER[other](text)
    assert changed != text
    with pytest.raises(MalformedMessage):
        parse(changed, type_)


@every
@given(at=st.integers(0), sign=st.characters())
def test_row_52_one_sign_more_is_refused_or_says_another_thing(
    type_: type[msgspec.Struct], text: str, at: int, sign: str
) -> None:
    at %= len(text) + 1
    try:
        assert parse(text[:at] + sign + text[at:], type_) != parse(text, type_)
    except MalformedMessage:
        return


@given(st.binary(max_size=200))
def test_row_52_any_bytes_are_orders_or_refused(payload: bytes) -> None:
    for kind in ("orders", "policy"):
        with pytest.raises(MalformedMessage):
            codec.decode_down(kind, payload)


def holds(said: Orders) -> bool:
    """Whether the office's key has signed exactly this."""
    return CEREMONY_KEY.holds(said.key, said.signature, orders_message(said.signed))


class _Known:
    """The keys of this file's ceremony, by name."""

    def __init__(self, ceremony: Ceremony) -> None:
        keys = [ceremony.office, *ceremony.people.values()]
        self._keys = {key_id(k.public_key().public_bytes_raw()): k.public_key() for k in keys}

    def holds(self, key: str, signature: str, message: bytes) -> bool:
        try:
            self._keys[key].verify(raw(signature), message)
        except Exception:  # noqa: BLE001 - whatever the reason, it does not hold
            return False
        return True


CEREMONY_KEY = _Known(CEREMONY)


def test_row_45_every_bit_of_orders_flipped_is_refused_or_changes_nothing() -> None:
    good = CEREMONY.orders(KIOSK, NONCE, FULL)
    payload = codec.encode(good)
    assert holds(good)
    for at, bit in itertools.product(range(len(payload)), range(8)):
        changed = payload[:at] + bytes([payload[at] ^ 1 << bit]) + payload[at + 1 :]
        try:
            said = codec.decode_down("orders", changed)
        except MalformedMessage:
            continue
        assert isinstance(said, Orders)
        assert said == good or not holds(said), changed[max(0, at - 20) : at + 20]


def test_row_45_every_bit_of_an_approval_flipped_is_refused() -> None:
    good = FULL.approvals[0]
    payload = canonical(good).encode()
    for at, bit in itertools.product(range(len(payload)), range(8)):
        changed = payload[:at] + bytes([payload[at] ^ 1 << bit]) + payload[at + 1 :]
        try:
            said = parse(changed.decode(), Approval)
        except (MalformedMessage, UnicodeDecodeError):
            continue
        assert not CEREMONY_KEY.holds(
            said.key, said.signature, approval_message(FULL.order, said.at)
        )


def test_what_is_signed_for_one_purpose_holds_for_no_other() -> None:
    text = FULL.order
    said = [orders_message(text), policy_message(text), approval_message(text, 1)]
    said += [approval_message(text, 11), approval_message("1" + text, 1)]
    assert len(set(said)) == len(said)
    assert not any(one.startswith(other) for one, other in itertools.permutations(said, 2))


@given(st.integers(0, 2**53), st.text(max_size=9), st.integers(0, 2**53), st.text(max_size=9))
def test_no_two_approvals_are_the_same_bytes(at: int, text: str, at2: int, text2: str) -> None:
    same = approval_message(text, at) == approval_message(text2, at2)
    assert same == ((text, at) == (text2, at2))


def test_a_command_is_named_by_its_order_and_its_kiosk() -> None:
    order = FULL.order
    named = {command_id(o, k) for o in (order, order + " ") for k in (KIOSK, "anjungan-cicendo")}
    assert len(named) == 4
    assert FULL.command == command_id(order, KIOSK)
    assert msgspec.convert(FULL.command, envelope.Hex32)


@pytest.mark.parametrize("count", range(1, 71))
def test_a_tree_proves_each_of_its_kiosks_and_no_other(count: int) -> None:
    after = {f"anjungan-{n:02d}": n * 1_000 for n in range(count)}
    tree = Tree(after)
    proofs = {kiosk: tree.proof(kiosk) for kiosk in after}
    assert len(set(proofs.values())) == count
    for kiosk, proof in proofs.items():
        assert fits(count, proof)
        assert is_of(tree.root, kiosk, after[kiosk], proof)
        assert not is_of(tree.root, kiosk, after[kiosk] + 1, proof)
        assert not is_of(tree.root, "anjungan-99", after[kiosk], proof)
        assert not any(is_of(tree.root, kiosk, after[kiosk], one) for one in doctored(proof))


def doctored(proof: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Every way from nearby: a step dropped, doubled, turned, changed, two exchanged."""
    found = [proof[:n] + proof[n + 1 :] for n in range(len(proof))]
    found += [(*proof[:n], one, *proof[n:]) for n, one in enumerate(proof)]
    turned = {"l": "r", "r": "l"}
    found += [
        (*proof[:n], turned[one[0]] + one[1:], *proof[n + 1 :]) for n, one in enumerate(proof)
    ]
    found += [(*proof[:n], f"{one[:-1]}{'01'[one[-1] == '0']}", *proof[n + 1 :]) for n, one in
              enumerate(proof)]  # fmt: skip
    return [*found, proof[::-1], (*proof, "l" + "0" * 64)] if len(proof) > 1 else found


@pytest.mark.parametrize("count", [*range(1, 34), 63, 64, 65, 1_000])
def test_a_tree_of_so_many_has_exactly_so_many_ways(count: int) -> None:
    depth = (count - 1).bit_length()
    if depth > 6:
        ways = {tuple(s[0] for s in Tree(dict.fromkeys(map(str, range(count)), 0)).proof(str(n)))
                for n in range(count)}  # fmt: skip
        assert len(ways) == count
        return
    ways = {w for n in range(depth + 2) for w in itertools.product("lr", repeat=n)}
    assert sum(fits(count, tuple(step + "0" * 64 for step in way)) for way in ways) == count


def test_row_51_a_tree_with_more_kiosks_than_its_order_says_proves_no_more_than_that() -> None:
    after = {f"anjungan-{n:03d}": 0 for n in range(200)}
    tree = Tree(after)
    for count in (1, 2, 25, 128, 199):
        assert sum(fits(count, tree.proof(kiosk)) for kiosk in after) <= count


def test_a_node_is_not_taken_for_a_leaf_nor_a_leaf_for_a_node() -> None:
    after = {"anjungan-andir": 1, "anjungan-cicendo": 2}
    tree = Tree(after)
    left, right = (tree.proof(kiosk)[0][1:] for kiosk in reversed([*after]))
    # Whoever could name a kiosk as the bytes below a node would prove the node as a leaf.
    joined = bytes.fromhex(left + right).decode("latin-1")
    assert not is_of(tree.root, joined, 0, ())
    assert not any(is_of(tree.root, name, 1, ()) for name in (*after, "", left, right))
    with pytest.raises(KeyError):
        tree.proof("anjungan-sukasari")
    with pytest.raises(ValueError, match="needs a kiosk"):
        Tree({})


@pytest.mark.parametrize("size", [32, 64])
@given(data=st.data())
def test_a_key_and_a_signature_have_one_spelling(size: int, data: st.DataObject) -> None:
    value = data.draw(st.binary(min_size=size, max_size=size))
    text, type_ = text_of(value), envelope.Public if size == 32 else Signature
    assert raw(msgspec.convert(text, type_)) == value
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/":
        last = len(text.rstrip("=")) - 1
        other = text[:last] + letter + text[last + 1 :]
        try:
            assert raw(msgspec.convert(other, type_)) != value or other == text
        except msgspec.ValidationError:
            continue


@pytest.mark.parametrize("text", ["", "=", "AAA", "A\n==", "é", "A" * 43 + "!"])
def test_what_is_no_base64_is_malformed(text: str) -> None:
    if text:
        with pytest.raises(MalformedMessage):
            raw(text)


def test_the_fullest_batch_fits_into_a_message() -> None:
    others = {f"anjungan-{n:05d}": 2**52 for n in range(3_000)}
    people = Ceremony(*(f"petugas-{n}" for n in range(8)))
    full: Envelope = people.envelope(
        KIOSK,
        "maintenance",
        {"on": True, "why": "é" * 120},
        number=2**53,
        others=others,
        issued=2**53,
        not_before=2**53,
        expires=2**53,
        approvals=dict.fromkeys(people.people, 2**53),
    )
    said = people.orders(KIOSK, NONCE, *[full] * envelope.MOST_OPEN, now=2**53)
    assert codec.decode_down("orders", codec.encode(said)) == said


def test_the_order_in_an_envelope_is_read_or_malformed() -> None:
    assert order_of(FULL).kind == "maintenance"
    with pytest.raises(MalformedMessage):
        order_of(msgspec.structs.replace(FULL, order=FULL.order + " "))
