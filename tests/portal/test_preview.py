"""The preview as the office's editor asks it: over HTTP, as a process of its own."""

import http.client
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.preview import JSON, MOST_BODY, Preview, PreviewServer
from tests.support.offered import MONDAY, SERVICES

STARTER = Path("provisioning/starter/tenants")


@pytest.fixture(scope="module")
def server() -> Iterator[PreviewServer]:
    made = PreviewServer(0, Preview(lambda: MONDAY))
    thread = threading.Thread(target=made.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def ask(
    server: PreviewServer, body: bytes, kind: str = JSON, method: str = "POST", **headers: str
) -> tuple[int, Any]:
    line = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    line.request(method, headers.pop("path", "/"), body, {"Content-Type": kind, **headers})
    answer = line.getresponse()
    told = answer.read()
    line.close()
    return answer.status, json.loads(told) if told else None


def test_a_document_becomes_pages_that_need_nobody(server: PreviewServer) -> None:
    wanted = {"document": SERVICES["KEC-SKTM-01"], "language": "su"}
    status, told = ask(server, json.dumps(wanted).encode())
    assert status == 200
    assert [one["name"] for one in told["pages"]][:3] == ["informasi", "perizinan", "isi/nik"]
    for one in told["pages"]:
        assert one["title"]
        assert "<script" not in one["html"]
        assert 'href="/pages.css"' not in one["html"]
        assert '<html lang="su"' in one["html"]


def test_every_pack_we_ship_can_be_looked_at_with_its_own_government(server: PreviewServer) -> None:
    for folder in sorted(STARTER.iterdir()):
        tenant, places = (
            json.loads((folder / name).read_bytes()) for name in ("tenant.json", "places.json")
        )
        path = min((folder / "services").glob("*.json"))
        wanted = {"document": json.loads(path.read_bytes()), "tenant": tenant, "places": places}
        status, told = ask(server, json.dumps(wanted).encode())
        assert (status, path.name, bool(told["pages"])) == (200, path.name, True)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"document": {}}', b'{"document": 3}', b"[" * 100_000]
)
def test_what_is_no_document_is_refused_with_a_sentence(server: PreviewServer, body: bytes) -> None:
    status, told = ask(server, body)
    assert status == 400
    assert told["error"]


def test_a_condition_in_the_middle_of_being_written_breaks_nothing(server: PreviewServer) -> None:
    broken = {"code": "x", "name": {"id": "X"}, "when": "umur( =="}
    said = json.loads(json.dumps(SERVICES["KEC-SKTM-01"]))
    said["standard"]["requirements"] = [broken]
    said["standard"]["fees"] = [{"name": {"id": "Y"}, "rupiah": 1, "when": "((("}]
    status, told = ask(server, json.dumps({"document": said}).encode())
    assert status in (200, 400)
    assert told.get("error") or told["pages"]


def test_another_kind_another_host_and_too_much_are_refused(server: PreviewServer) -> None:
    good = json.dumps({"document": SERVICES["KEC-SKTM-01"]}).encode()
    assert ask(server, good, "text/plain")[0] == 400
    assert ask(server, good, Host="evil.example")[0] == 421
    assert ask(server, b" " * 10, **{"Content-Length": str(MOST_BODY + 1)})[0] == 400


def test_it_says_whether_it_is_there(server: PreviewServer) -> None:
    assert ask(server, b"", method="GET", path="/healthz") == (200, {"ok": True})
    assert ask(server, b"", method="GET", path="/etc/passwd")[0] == 404


@given(st.binary(max_size=200))
def test_whatever_is_posted_is_answered(server: PreviewServer, body: bytes) -> None:
    assert ask(server, body)[0] == 400
