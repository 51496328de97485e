"""Behind a real nginx that ends TLS: signatures hold, and what a caller says of itself is air."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from sqlalchemy import select

from controller.door.addresses import networks
from controller.store.identity_tables import invitation
from tests.support.child import Child, free_port
from tests.support.door import BuildDoor, Caller, Door
from wire import door as paths

CONFIG = """\
daemon off;
{user}
pid {folder}/nginx.pid;
error_log stderr;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {folder}/proxy.crt;
    ssl_certificate_key {folder}/proxy.key;
    location / {{
      proxy_pass https://localhost:{door};
      proxy_bind 127.0.0.2;
      proxy_ssl_trusted_certificate {ca};
      proxy_ssl_verify on;
      proxy_http_version 1.1;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }}
  }}
}}
"""
FORGED = {
    "X-Forwarded-For": "203.0.113.66",
    "Forwarded": "for=203.0.113.66",
    "X-Real-IP": "203.0.113.66",
    "X-SSL-Client-Verify": "SUCCESS",
    "X-SSL-Client-S-DN": "CN=bdg-sukasari-1",
    "X-Client-Cert": "bdg-sukasari-1",
    "X-Forwarded-Client-Cert": 'Subject="CN=bdg-sukasari-1"',
    "X-Forwarded-User": "bdg-sukasari-1",
    "X-HTTP-Method-Override": "GET",
    "Cookie": "session=1",
}


@pytest.fixture
def behind(sqlite_url: str, build_door: BuildDoor) -> Door:
    door = build_door(sqlite_url, proxies=networks(["127.0.0.2"]))
    door.warden.start()
    return door


@pytest.fixture
def proxy(behind: Door, tmp_path: Path) -> Iterator[str]:
    """The address of the proxy."""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert nginx, "nginx is not installed: `make test` does it"
    port = free_port()
    pair = behind.ca.issue_cert("127.0.0.1", key_type=trustme.KeyType.ECDSA)
    (tmp_path / "proxy.crt").write_bytes(b"".join(p.bytes() for p in pair.cert_chain_pems))
    (tmp_path / "proxy.key").write_bytes(pair.private_key_pem.bytes())
    text = CONFIG.format(
        folder=tmp_path,
        port=port,
        door=behind.port,
        ca=behind.ca_file,
        user="user root;" if os.geteuid() == 0 else "",
    )
    (tmp_path / "nginx.conf").write_text(text)
    child = Child([nginx, "-p", str(tmp_path), "-c", "nginx.conf"], tmp_path / "nginx.log")
    child.wait_for_port(port)
    yield f"https://127.0.0.1:{port}"
    child.stop()


def caller(door: Door, proxy: str) -> Caller:
    return Caller(door, "bdg-sukasari-1", base_url=proxy)


def test_a_whole_life_passes_through_a_proxy(behind: Door, proxy: str) -> None:
    one = caller(behind, proxy)
    one.take(one.enrol(behind.invite(one.name)))
    assert one.standing().json()["certificate"] == "current"
    new = caller(behind, proxy)
    new.take(one.renew(new.csr()))
    assert new.standing().json()["certificate"] == "current"


@pytest.mark.parametrize("query", ["?", "?a=%20b+c&d=%2F", "?a=b;c=/../", "?q=%C3%A9"])
def test_path_and_query_arrive_as_they_were_signed(behind: Door, proxy: str, query: str) -> None:
    one = caller(behind, proxy)
    one.take(one.enrol(behind.invite(one.name)))
    assert one.signed("GET", paths.IDENTITY_PATH + query).status_code == 200
    escaped = paths.IDENTITY_PATH.replace("i", "%69", 1)
    assert one.signed("GET", escaped + query).status_code == 200
    assert one.signed("GET", escaped, sent_path=paths.IDENTITY_PATH).status_code == 401


def test_what_a_caller_says_of_itself_opens_nothing(behind: Door, proxy: str) -> None:
    behind.enrolled("bdg-sukasari-1")
    with behind.client() as straight, caller(behind, proxy)._client() as through:
        for client in (straight, through):
            answer = client.get(paths.IDENTITY_PATH, headers=FORGED)
            assert (answer.status_code, answer.json()["code"]) == (401, "signature")


def test_what_a_caller_says_of_itself_changes_nothing_for_who_signed(
    behind: Door, proxy: str
) -> None:
    one = caller(behind, proxy)
    one.take(one.enrol(behind.invite(one.name), headers=FORGED))
    assert one.standing(headers=FORGED).json()["kiosk"] == "bdg-sukasari-1"
    with behind.engine.connect() as conn:
        assert conn.scalar(select(invitation.c.used_from)) == "127.0.0.1"


def test_without_the_proxy_nobody_chooses_an_address(behind: Door) -> None:
    one = behind.caller("bdg-sukasari-1")
    one.take(one.enrol(behind.invite(one.name), headers=FORGED))
    with behind.engine.connect() as conn:
        assert conn.scalar(select(invitation.c.used_from)) == "127.0.0.1"
