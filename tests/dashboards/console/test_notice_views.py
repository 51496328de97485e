"""The page of notices: written, shown as text, ended, and by nobody for another place."""

from tests.support.visit_desk import As, planned, visits_as

__all__ = ["planned", "visits_as"]
FORM = {"id": "<i>Loket</i> tutup", "starts": "2026-11-22", "ends": "2026-12-24", "places": "32.73"}


def test_a_notice_is_written_shown_and_ended(visits_as: As) -> None:
    client = visits_as()
    assert client.post("/notices", data=FORM).headers["location"] == "/notices?told=written"
    page = client.get("/notices?told=written").text
    assert "&lt;i&gt;Loket&lt;/i&gt; tutup" in page
    assert "Pengumuman tersimpan" in page
    assert client.post("/notices/1/end").headers["location"] == "/notices?told=ended"
    assert "Loket&lt;" not in client.get("/notices").text
    assert client.post("/notices/9/end").status_code == 404


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(visits_as: As) -> None:
    client = visits_as()
    for wrong in ({"ends": "2026-11-01"}, {"starts": "x"}, {"places": "99.99"}, {"id": " "}):
        refused = client.post("/notices", data=FORM | {"en": "Closed early"} | wrong)
        assert (refused.status_code, "Closed early" in refused.text) == (422, True), wrong
    missing = {key: value for key, value in FORM.items() if key != "places"}
    assert client.post("/notices", data=missing).status_code == 422


def test_nobody_writes_for_a_place_that_is_not_theirs(visits_as: As) -> None:
    camat = visits_as("camat", ("officer", "32.73.02"))
    assert camat.post("/notices", data=FORM).status_code == 403
    assert camat.post("/notices", data=FORM | {"places": "32.73.02"}).status_code == 303
    assert "Seluruh" not in camat.get("/notices").text
    assert visits_as("teknisi", ("technician", "")).get("/notices").status_code == 403
