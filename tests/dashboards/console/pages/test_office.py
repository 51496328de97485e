"""The banner's own question."""

from starlette.testclient import TestClient


def test_the_banner_can_be_asked_for_alone(client: TestClient) -> None:
    text = client.get("/parts/office").text
    assert text.startswith('<div id="office" role="status" data-live="office assist"')
