"""The door as kiosks and attackers meet it: real HTTPS, real signatures."""

import ssl
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from limits import RateLimitItemPerMinute
from sqlalchemy import func, select, update

from controller import policies
from controller.people.audit import By
from controller.store.engine import writing
from controller.store.identity_tables import certificate
from controller.store.people_tables import audit
from tests.support.door import BuildDoor, Caller, Door
from tests.support.signing import Ceremony
from wire import door as paths
from wire.invitation import Invitation, pin_of
from wire.policy import SignedPolicy

NAME = "bdg-sukasari-1"
WRONG = Invitation(b"x" * 24, b"p" * 14)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def numbers(door: Door) -> int:
    with door.engine.connect() as conn:
        return conn.scalar(select(func.count()).select_from(certificate)) or 0


def test_a_kiosk_is_enrolled_and_seen(any_door: Door) -> None:
    caller = any_door.caller(NAME)
    said = caller.take(caller.enrol(any_door.invite(NAME)))
    assert said["kiosk"] == NAME
    assert said["authority"] == any_door.authority
    assert said["broker"] == {"host": "localhost", "port": 8883, "tls": True}
    standing = caller.standing()
    assert standing.json() | {"now": 0, "not_after": 0} == {
        "kiosk": NAME,
        "state": "active",
        "certificate": "current",
        "serial": caller.serial,
        "not_after": 0,
        "now": 0,
    }
    assert "set-cookie" not in standing.headers


def test_a_kiosk_that_trusts_nobody_yet_gets_what_its_code_pins(door: Door) -> None:
    unchecked = ssl._create_unverified_context()
    with httpx.Client(base_url=door.url, verify=unchecked) as client:
        said = client.get(paths.AUTHORITY_PATH).json()
        clock = client.get(paths.TIME_PATH).json()
    assert pin_of(ssl.PEM_cert_to_DER_cert(said["certificate"])) == door.invite(NAME).pin
    assert abs(clock["now"] - door.clock()) < 20_000


def test_row_40_fifty_racing_over_https_are_one_certificate(any_door: Door) -> None:
    made = any_door.invite(NAME)
    callers = [any_door.caller(NAME) for _ in range(50)]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda one: one.enrol(made), callers))
    assert sorted(one.status_code for one in answers)[:2] == [200, 403]
    assert {code(one)[1] for one in answers if one.status_code != 200} <= {
        "token_used",
        "locked_out",
    }
    assert numbers(any_door) == 1


def test_row_40_reused_and_expired_codes_are_refused_and_written_down(any_door: Door) -> None:
    made = any_door.invite(NAME)
    any_door.caller(NAME).take(any_door.caller(NAME).enrol(made))
    assert code(any_door.caller(NAME).enrol(made)) == (403, "token_used")
    late = any_door.invite(NAME)
    any_door.clock.ahead_ms = 24 * 3600 * 1000
    assert code(any_door.caller(NAME).enrol(late)) == (403, "token_expired")
    with any_door.engine.connect() as conn:
        query = select(audit.c.detail).where(audit.c.what == "identity.enrol_refused")
        refused = [row["code"] for row in conn.scalars(query.order_by(audit.c.n))]
    assert refused == ["token_used", "token_expired"]


def test_row_40_brute_force_is_locked_out_and_told_once(
    build_door: BuildDoor, sqlite_url: str
) -> None:
    door = build_door(sqlite_url, allowance=(RateLimitItemPerMinute(5, 5, namespace="failed"),))
    caller = door.caller(NAME)
    answers = [caller.enrol(WRONG) for _ in range(9)]
    assert [code(one)[1] for one in answers] == ["token"] * 5 + ["locked_out"] * 4
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0
    with door.engine.connect() as conn:
        query = select(func.count()).where(audit.c.what == "door.locked_out")
        assert conn.scalar(query) == 1


def test_row_40_a_guesser_does_not_keep_the_kiosk_beside_it_out(
    build_door: BuildDoor, sqlite_url: str
) -> None:
    door = build_door(sqlite_url, allowance=(RateLimitItemPerMinute(5, 5, namespace="failed"),))
    door.warden.start()
    caller = door.caller(NAME)
    assert [code(caller.enrol(WRONG))[1] for _ in range(6)][-1] == "locked_out"
    assert caller.enrol(door.invite(NAME)).status_code == 200
    assert code(caller.enrol(WRONG))[1] == "locked_out"


def test_row_40_who_has_an_old_code_fills_neither_log_nor_books(
    build_door: BuildDoor, sqlite_url: str
) -> None:
    door = build_door(sqlite_url, allowance=(RateLimitItemPerMinute(5, 5, namespace="failed"),))
    door.warden.start()
    caller, made = door.caller(NAME), door.invite(NAME)
    assert caller.enrol(made).status_code == 200
    answers = [code(caller.enrol(made, caller.csr())) for _ in range(9)]  # its key, another request
    assert answers[:5] == [(409, "key_used")] * 5
    assert answers[5:] == [(429, "locked_out")] * 4
    with door.engine.connect() as conn:
        query = select(func.count()).where(audit.c.what == "identity.enrol_refused")
        assert conn.scalar(query) == 5
    assert door.caller("bdg-sukasari-2").enrol(door.invite("bdg-sukasari-2")).status_code == 200


def test_a_district_enrolled_from_one_address_is_not_locked_out(
    build_door: BuildDoor, sqlite_url: str
) -> None:
    door = build_door(sqlite_url, allowance=(RateLimitItemPerMinute(2, 5, namespace="failed"),))
    door.warden.start()
    names = [f"bdg-sukasari-{n}" for n in range(1, 21)]
    made = {name: door.invite(name) for name in names}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda name: door.caller(name).enrol(made[name]), names))
    assert [one.status_code for one in answers] == [200] * 20


def test_row_44_a_lost_reply_is_asked_for_again(any_door: Door) -> None:
    caller, made = any_door.caller(NAME), any_door.invite(NAME)
    csr = caller.csr()
    first, again = caller.enrol(made, csr), caller.enrol(made, csr)
    assert first.json()["certificate"] == again.json()["certificate"]
    caller.take(again)
    assert caller.standing().status_code == 200
    new = any_door.caller(NAME)
    wish = new.csr()
    assert caller.renew(wish).json()["serial"] == caller.renew(wish).json()["serial"]
    assert caller.standing().json()["certificate"] == "current"
    assert numbers(any_door) == 2


def test_row_44_a_warden_that_is_away_costs_only_time(
    build_door: BuildDoor, sqlite_url: str
) -> None:
    door = build_door(sqlite_url, wait_s=0.3)
    caller, made = door.caller(NAME), door.invite(NAME)
    csr = caller.csr()
    waiting = caller.enrol(made, csr)
    assert code(waiting) == (202, "signing")
    door.warden.sign_all()
    assert caller.take(caller.enrol(made, csr))["kiosk"] == NAME


def test_row_41_wishes_in_a_request_are_ignored_and_weak_keys_refused(door: Door) -> None:
    caller, made = door.caller(NAME), door.invite(NAME)
    weak = ec.generate_private_key(ec.SECP384R1())
    assert code(caller.enrol(made, caller.csr(weak))) == (400, "csr")
    builder = x509.CertificateSigningRequestBuilder().subject_name(
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "_office")])
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
    greedy = builder.sign(caller.key, hashes.SHA256())
    pem = greedy.public_bytes(serialization.Encoding.PEM).decode()
    said = caller.take(caller.enrol(made, pem))
    got = x509.load_pem_x509_certificate(said["certificate"].encode())
    assert got.subject.rfc4514_string() == f"CN={NAME}"
    assert not got.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_a_replayed_request_is_refused_also_by_the_next_process(door: Door) -> None:
    caller = door.enrolled(NAME)
    headers = caller.headers("GET", paths.IDENTITY_PATH)
    with door.client() as client:
        assert client.get(paths.IDENTITY_PATH, headers=headers).status_code == 200
        assert code(client.get(paths.IDENTITY_PATH, headers=headers)) == (401, "replay")
    door.clock.ahead_ms += 2_000
    door.restart()
    with door.client() as client:
        assert code(client.get(paths.IDENTITY_PATH, headers=headers)) == (401, "clock")


@pytest.mark.parametrize(
    ("lies", "expected"),
    [
        ({"sent_path": paths.IDENTITY_PATH + "?x=1"}, "signature"),
        ({"sent_body": b"x"}, "digest"),
        ({"nonce": "short"}, "signature"),
        ({"headers": {"signature": "kiosk=:AAAA:"}}, "signature"),
        ({"headers": {"content-digest": "sha-256=:AAAA:"}}, "digest"),
        ({"keyid": "0"}, "unknown"),
    ],
)
def test_every_altered_component_is_refused(
    door: Door, lies: dict[str, Any], expected: str
) -> None:
    assert code(door.enrolled(NAME).signed("GET", paths.IDENTITY_PATH, **lies)) == (401, expected)


def test_a_signature_for_one_path_does_not_open_another(door: Door) -> None:
    caller = door.enrolled(NAME)
    body = b'{"csr":""}'
    answer = caller.signed("POST", paths.IDENTITY_PATH, body, sent_path=paths.RENEW_PATH)
    assert code(answer) == (401, "signature")
    answer = caller.signed("PUT", paths.RENEW_PATH, body, sent_method="POST")
    assert code(answer) == (401, "signature")


@pytest.mark.parametrize("off", [330, -301, 10**9])  # the clock goes on meanwhile
def test_a_wrong_clock_is_told_the_right_one(door: Door, off: int) -> None:
    caller = door.enrolled(NAME)
    door.clock.ahead_ms += 3_600_000  # so that nothing is from before the door's start
    answer = caller.standing(created=door.clock() // 1000 + off)
    assert code(answer) == (401, "clock")
    corrected = answer.json()["now"] // 1000
    assert caller.standing(created=corrected).status_code == 200


def test_a_kiosk_that_asks_too_often_is_slowed_down_alone(
    build_door: BuildDoor, sqlite_url: str
) -> None:
    signed = RateLimitItemPerMinute(3, namespace="signed")
    failed = RateLimitItemPerMinute(20, namespace="failed")
    door = build_door(sqlite_url, allowance=(failed, signed))
    door.warden.start()
    one, two = door.enrolled(NAME), door.enrolled("bdg-sukasari-2")
    assert [one.standing().status_code for _ in range(3)] == [200, 200, 429]
    assert two.standing().status_code == 200


BODIES = [
    b"",
    b"null",
    b"[]",
    b"{",
    b'{"token":1,"csr":"x"}',
    b'{"token":"x"}',
    b'{"token":NaN,"csr":"x"}',
    b"\xff\xfe",
    b"\xef\xbb\xbf{}",
    b'{"token":"\\ud800","csr":"x"}',
    b'{"token":"' + b"x" * 9000 + b'","csr":"x"}',
    b"[" * 16_000,
    b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
    b'{"token":"\xc3\xa9","csr":"x"}',
    b'{"token":"eHg","csr":"-----BEGIN CERTIFICATE REQUEST-----\\nAAAA\\n"}',
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_row_52_hostile_bodies_are_refused_in_words(door: Door, body: bytes) -> None:
    with door.client() as client:
        answer = client.post(paths.ENROL_PATH, content=body)
        assert code(answer)[0] == 400
        assert answer.json()["who"] == "kiosk"
        assert len(answer.content) < 500
        assert client.get(paths.TIME_PATH).status_code == 200


def test_an_oversized_body_is_refused_before_it_is_read(door: Door) -> None:
    with door.client() as client:
        answer = client.post(paths.ENROL_PATH, content=b" " * (paths.MOST_BODY + 1))
    assert code(answer) == (413, "too_large")


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/", (404, "not_found")),
        ("GET", "/v1/identity/", (404, "not_found")),
        ("GET", "/api/kiosks", (404, "not_found")),
        ("GET", "/docs", (404, "not_found")),
        ("GET", "/openapi.json", (404, "not_found")),
        ("GET", paths.ENROL_PATH, (405, "method")),
        ("POST", paths.TIME_PATH, (405, "method")),
        ("GET", paths.IDENTITY_PATH, (401, "signature")),
        ("POST", paths.RENEW_PATH, (401, "signature")),
    ],
)
def test_there_is_nothing_else_behind_the_door(
    door: Door, method: str, path: str, expected: tuple[int, str]
) -> None:
    with door.client() as client:
        answer = client.request(method, path)
    assert code(answer) == expected
    msgspec.json.decode(answer.content, type=paths.Refusal)


def test_a_door_without_its_database_names_the_office(
    build_door: BuildDoor, sqlite_url: str
) -> None:
    door = build_door(sqlite_url)
    caller, made = door.caller(NAME), door.invite(NAME)
    with writing(door.engine) as conn:  # somebody keeps the database for himself
        conn.exec_driver_sql("ALTER TABLE invitation RENAME TO elsewhere")
    answer = caller.enrol(made)
    assert code(answer) == (503, "database")
    assert answer.json()["who"] == "office"
    with writing(door.engine) as conn:
        conn.exec_driver_sql("ALTER TABLE elsewhere RENAME TO invitation")
    door.warden.start()
    assert caller.enrol(made).status_code == 200


def test_kiosks_renew_side_by_side(any_door: Door) -> None:
    names = [f"bdg-sukasari-{n}" for n in range(1, 9)]
    callers = [any_door.enrolled(name) for name in names]

    def renew(old: Caller) -> str:
        new = Caller(any_door, old.name)
        new.take(old.renew(new.csr()))
        return str(new.standing().json()["certificate"])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(renew, callers)) == ["current"] * 8


def test_a_certificate_the_office_has_no_copy_of_is_asked_for_with_another_key(door: Door) -> None:
    caller = door.enrolled()
    wish = caller.csr(ec.generate_private_key(ec.SECP256R1()))
    assert caller.renew(wish).status_code == 200
    with writing(door.engine) as conn:
        conn.execute(update(certificate).where(certificate.c.via == "renew").values(pem=None))
    assert code(caller.renew(wish)) == (409, "key_used")
    other = caller.csr(ec.generate_private_key(ec.SECP256R1()))
    assert caller.renew(other).status_code == 200


def test_a_kiosk_beyond_its_allowance_does_not_fill_the_memory_of_numbers(
    build_door: BuildDoor, sqlite_url: str
) -> None:
    few = RateLimitItemPerMinute(2, 60, namespace="signed")
    door = build_door(sqlite_url, allowance=(RateLimitItemPerMinute(5, 5, namespace="f"), few))
    door.warden.start()
    caller = door.enrolled(NAME)
    assert caller.standing().status_code == 200
    headers = caller.headers("GET", paths.IDENTITY_PATH)
    with door.client() as client:
        for _ in range(2):  # a number that was kept would be a replay the second time
            answer = client.get(paths.IDENTITY_PATH, headers=headers)
            assert code(answer) == (429, "slow_down")


def test_a_kiosk_is_told_who_may_command_when_it_joins_and_when_it_asks(any_door: Door) -> None:
    before = any_door.caller(NAME)
    assert before.take(before.enrol(any_door.invite(NAME)))["policy"] == ""
    assert before.standing().status_code == 200
    assert before.signed("GET", paths.POLICY_PATH).json() == {"policy": "", "root": ""}
    signed = Ceremony().signed_policy()
    with writing(any_door.engine) as conn:
        policies.store(conn, signed, By("root"), 5)
    later = any_door.caller("bdg-sukasari-2")
    granted = later.take(later.enrol(any_door.invite("bdg-sukasari-2")))
    assert msgspec.json.decode(granted["policy"], type=SignedPolicy) == signed
    assert before.signed("GET", paths.POLICY_PATH).json() == {
        "policy": granted["policy"],
        "root": "",
    }
    with any_door.client() as client:
        assert code(client.get(paths.POLICY_PATH)) == (401, "signature")


def test_a_kiosk_is_given_the_first_root_of_releases_when_it_joins_and_when_it_asks(
    sqlite_url: str, build_door: BuildDoor, tmp_path: Path
) -> None:
    door = build_door(sqlite_url, releases=tmp_path)
    door.warden.start()
    caller = door.caller(NAME)
    assert caller.take(caller.enrol(door.invite(NAME)))["root"] == ""
    assert caller.standing().status_code == 200
    (tmp_path / "metadata").mkdir()
    (tmp_path / "metadata" / "1.root.json").write_text("first of all")
    assert caller.signed("GET", paths.POLICY_PATH).json()["root"] == "first of all"
    later = door.caller("bdg-sukasari-2")
    given = later.take(later.enrol(door.invite("bdg-sukasari-2")))
    assert given["root"] == "first of all"
