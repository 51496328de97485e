"""The wall: hosts, foreign posts, and the headers every answer carries."""

import pytest
from starlette.datastructures import Headers
from starlette.testclient import TestClient

from dashboards.console.guard import from_here, host_name


@pytest.mark.parametrize("path", ["/", "/nowhere", "/static/base.css", "/api/v1/kiosks"])
def test_every_answer_carries_the_policy(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[", "a@b"])
def test_a_name_that_is_not_ours_gets_no_answer(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 421


def test_hosts_are_known_with_and_without_a_port() -> None:
    assert host_name("LocalHost:8080") == "localhost"
    assert host_name("[::1]:80") == "::1"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
def test_a_foreign_page_may_not_post(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/preferences", data={"theme": "dark"}, headers=headers).status_code == 403


def test_our_own_page_may_post() -> None:
    assert from_here(Headers({"sec-fetch-site": "same-origin"}), "localhost:80")
    assert from_here(Headers({"origin": "http://localhost:80"}), "localhost:80")
    assert from_here(Headers({}), "localhost:80")
