"""A technician at a phone: a real Chromium of phone size before the office's own console.

Does what a person does, by what the pages show: logs in, opens the dialog, sends it, watches. Every
wait is for something to appear; nothing is read from the database.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine

from controller.people import accounts
from controller.people.accounts import New
from controller.people.audit import By
from controller.people.passwords import Passwords
from controller.people.powers import Grant
from controller.store.engine import writing
from tests.support.chromium import still_context
from tests.support.secure import now

PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 60_000
WORD = "empat kuda makan rumput"


class Technician:
    """Logged in as `login` at the console of `home`; `page` is a Playwright `Page`."""

    def __init__(
        self, browser: Any, home: str, login: str, size: Mapping[str, int] = PHONE
    ) -> None:
        self._context = still_context(browser, viewport=size, has_touch=True)
        self.page = self._context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.home = home
        self.page.goto(f"{home}/login")
        self.page.fill("#login", login)
        self.page.fill("#password", WORD)
        self.page.click("#enter")
        self.page.wait_for_selector("#live[data-live-state=on]")

    def goes_to(self, path: str) -> None:
        """Until the page is live."""
        self.page.goto(f"{self.home}{path}")
        self.page.wait_for_selector("#live[data-live-state=on]")

    def sees(self, selector: str) -> None:
        self.page.wait_for_selector(selector)

    def opens(self, name: str) -> None:
        """The kiosk's own page."""
        self.goes_to(f"/kiosks/{name}")

    def asks(self, kind: str, why: str, **choices: str) -> int:
        """Sends the dialog of this kind, which is open, with these choices; the job's number."""
        self.sees(f"#act-dialog[open] #act-form-{kind}")
        for name, value in choices.items():
            self.page.select_option(f"#act [name={name}]", value)
        self.page.fill("#act input[name=why]", why)
        self.page.click("#act-send:not([disabled])")
        self.page.wait_for_url("**/jobs/*")
        self.sees("#live[data-live-state=on]")
        return self.job

    @property
    def job(self) -> int:
        """The number of the job whose page is open."""
        found = re.search(r"/jobs/(\d+)", self.page.url)
        assert found, self.page.url
        return int(found[1])

    def sees_end(self, word: str) -> None:
        """Of the one kiosk's job that is open."""
        self.sees(f"#answer-title:has-text('{word}')")

    def makes_key(self, label: str) -> None:
        self.goes_to("/account")
        self.page.fill("#key-make input[name=label]", label)
        self.page.click("#make-key")
        self.sees(f"#keys li:has-text('{label}'):has-text('menunggu upacara')")

    def agrees(self, job: int) -> None:
        """Signs what the browser itself has read."""
        self.goes_to(f"/jobs/{job}")
        self.page.click("#agree-do:not([disabled])")
        self.page.click("#agree-dialog[open] #agree-sign")

    def leaves(self) -> None:
        self._context.close()


def hire(engine: Engine, login: str, name: str, *grants: Grant) -> None:
    """An account with a password, as if its link had been opened."""
    word = Passwords().hash(WORD)
    with writing(engine) as conn:
        made = accounts.create(conn, New(login, name, grants), By("setup"), now())
        accounts.set_password(conn, made.id, word, now())


def names(count: int, place: str = "andir") -> Sequence[str]:
    return tuple(f"bdg-{place}-{number}" for number in range(1, count + 1))
