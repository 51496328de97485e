"""The wall: names the office goes by, and bodies that end."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from controller.api import problems
from controller.api.guard import Guard


@pytest.fixture
def echo() -> FastAPI:
    app = FastAPI()
    problems.install(app)

    @app.post("/")
    def length(body: dict[str, Any]) -> int:
        return len(str(body))

    @app.get("/")
    def hello() -> str:
        return "hello"

    return app


@pytest.mark.parametrize("host", ["office", "OFFICE:8443", "[::1]:80"])
def test_its_own_names_pass_whatever_the_port(echo: FastAPI, host: str) -> None:
    client = TestClient(Guard(echo, hosts=["office", "::1"]))
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.test", "office.evil.test", "", "[", "127.0.0.1"])
def test_other_names_are_misdirected(echo: FastAPI, host: str) -> None:
    client = TestClient(Guard(echo, hosts=["office"]))
    answer = client.get("/", headers={"host": host})
    assert (answer.status_code, answer.json()["who"]) == (421, "asker")


def test_a_body_announced_too_large_is_refused_unread(echo: FastAPI) -> None:
    client = TestClient(Guard(echo, most_body=100))
    answer = client.post("/", content=b'{"a": "' + b"x" * 200 + b'"}')
    assert (answer.status_code, answer.json()["status"]) == (413, 413)


def test_a_body_that_only_shows_its_size_as_it_comes_is_refused_too(echo: FastAPI) -> None:
    def endless() -> Iterator[bytes]:
        yield b'{"a": "'
        for _ in range(20):
            yield b"x" * 10

    client = TestClient(Guard(echo, most_body=100))
    headers = {"content-type": "application/json"}
    assert client.post("/", content=endless(), headers=headers).status_code == 413


@pytest.mark.parametrize("length", ["-1", "1e3", "٣", "9" * 5000, "x"])
def test_a_length_that_is_no_number_is_refused(echo: FastAPI, length: str) -> None:
    client = TestClient(Guard(echo))
    headers = [(b"content-length", length.encode())]
    assert client.get("/", headers=headers).status_code == 413


def test_a_small_body_passes_whole(echo: FastAPI) -> None:
    client = TestClient(Guard(echo, most_body=100))
    assert client.post("/", json={"a": "x" * 50}).json() == len(str({"a": "x" * 50}))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", "/api/v1/releases/7/files", 404),
        ("PUT", "/releases/7/files", 404),
        ("POST", "/releases/7/files", 413),
        ("PUT", "/releases/7/files/x", 413),
        ("PUT", "/x/releases/7/files", 413),
        ("PUT", "/releases/x/files", 413),
    ],
)
def test_only_files_of_a_draft_may_be_large(
    echo: FastAPI, method: str, path: str, status: int
) -> None:
    client = TestClient(Guard(echo, most_body=100))
    assert client.request(method, path, content=b"x" * 200).status_code == status
