"""The door as kiosks meet it: real HTTPS, real signatures, on both databases."""

from tests.support.door import Door


def test_a_kiosk_is_enrolled_and_seen(any_door: Door) -> None:
    caller = any_door.caller("bdg-sukasari-1")
    said = caller.take(caller.enrol(any_door.invite("bdg-sukasari-1")))
    assert said["kiosk"] == "bdg-sukasari-1"
    assert said["authority"] == any_door.authority
    assert said["broker"] == {"host": "localhost", "port": 8883, "tls": True}
    standing = caller.standing()
    assert standing.status_code == 200, standing.text
    assert standing.json()["state"] == "active"
    assert standing.json()["certificate"] == "current"
