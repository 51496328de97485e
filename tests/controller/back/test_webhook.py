"""A webhook is signed, sent under one id, and judged by its answer alone."""

import socket

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from controller.back.parcel import Parcel
from controller.back.target import NotTaken
from controller.back.webhook import Webhook
from tests.support.back import Taker

KEY = Ed25519PrivateKey.generate()
PARCEL = Parcel("a" * 32, "261122-0042-K7Q3M-R", b'{"v":1}')
NOW = 1_795_330_800_123


def test_whoever_receives_it_knows_by_our_key_that_it_is_ours(taker: Taker) -> None:
    assert Webhook(taker.url, KEY).send(PARCEL, NOW) == "D-1"
    (came,) = taker.came
    came.check(KEY.public_key())
    assert came.headers[":path"] == "/masuk?kode=1"
    assert (came.headers["webhook-id"], came.body) == ("a" * 32, PARCEL.body)
    assert came.headers["webhook-timestamp"] == "1795330800"
    with pytest.raises(InvalidSignature):
        came._replace(body=b'{"v":2}').check(KEY.public_key())


@pytest.mark.parametrize("status", [301, 400, 404, 422, 429, 500, 503])
def test_an_answer_that_blames_us_is_for_people_others_pass_by_themselves(
    taker: Taker, status: int
) -> None:
    taker.status = status
    taker.headers = {"location": taker.url} if status == 301 else {}
    with pytest.raises(NotTaken, match=str(status)) as why:
        Webhook(taker.url, KEY).send(PARCEL, NOW)
    assert why.value.ever == (status in (301, 400, 404, 422))
    assert len(taker.came) == 1  # nobody is followed elsewhere


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"[]",
        b'{"reference": 7}',
        b"\xff",
        b'{"reference": "a\\nb"}',
        b"[" * 4_000,
        b"x" * 100_000,
    ],
)
def test_an_answer_that_says_nothing_useful_is_an_answer_all_the_same(
    taker: Taker, said: bytes
) -> None:
    taker.said = said
    assert Webhook(taker.url, KEY).send(PARCEL, NOW) == ""


def test_a_reference_is_cut_to_its_column(taker: Taker) -> None:
    taker.said = b'{"reference": "' + b"9" * 500 + b'"}'
    assert Webhook(taker.url, KEY).send(PARCEL, NOW) == "9" * 120


def test_one_that_never_answers_is_left_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(NotTaken, match="does not answer"):
            Webhook(url, KEY, patience_s=0.2).send(PARCEL, NOW)


def test_over_https_only_who_an_authority_vouches_for_is_believed(taker: Taker) -> None:
    url = taker.url.replace("http:", "https:")  # it does not even speak TLS
    with pytest.raises(NotTaken, match="does not answer") as why:
        Webhook(url, KEY).send(PARCEL, NOW)
    assert not why.value.ever
