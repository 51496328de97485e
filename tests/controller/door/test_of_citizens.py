"""The table of routes for citizens is what wire/door.py names."""

from controller.door.app import Settings, create_door
from controller.store.engine import open_engine
from wire import door as paths


def test_every_path_of_the_language_is_served() -> None:
    settings = Settings(authority="", broker=paths.BrokerPlace("localhost", 1))
    app = create_door(open_engine("sqlite://"), lambda: 0, settings)
    served = {
        (getattr(route, "path", ""), method)
        for route in app.routes
        for method in getattr(route, "methods", ())
    }
    assert served >= {
        (paths.RECORDS_PATH, "POST"),
        (paths.RECORDS_PATH, "GET"),
        (paths.RECORD_KEY_PATH, "POST"),
        (paths.SYNC_PATH, "POST"),
        (paths.STATUS_PATH, "POST"),
        (paths.PHOTO_PATH, "POST"),
        (paths.PHOTO_PATH, "GET"),
    }
