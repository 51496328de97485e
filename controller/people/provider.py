"""Which OpenID provider an office trusts, read from its environment. Needs no extra package.

The client secret stands in the environment only: command lines are read by everybody.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import urlsplit

BACK: Final = "/login/openid/back"  # where the provider sends people back to; registered with it
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_OURS: Final = "ANJUNGAN_OIDC_"
_NEEDED: Final = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "HOME")


class Provider(NamedTuple):
    """Who vouches, and as whom we ask. `back` is the whole address of our route for the answer."""

    issuer: str
    client_id: str
    client_secret: str
    back: str
    name: str = ""  # as people know it


class HalfProvider(ValueError):  # noqa: N818 - says what happened, like the rest of the house
    """Some words are given and others missing. The administrator must act; `str()` says how."""


def provider_of(environ: Mapping[str, str]) -> Provider | None:
    """Of ANJUNGAN_OIDC_ISSUER, _CLIENT_ID, _CLIENT_SECRET, _HOME and, if wanted, _NAME.

    `_HOME` is the console's own address (https://HOST). None without any of them.
    """
    said = {word: environ.get(_OURS + word, "").strip() for word in (*_NEEDED, "NAME")}
    if not any(said.values()):
        return None
    missing = [_OURS + word for word in _NEEDED if not said[word]]
    if missing:
        raise HalfProvider(f"also give {', '.join(missing)}, or none of them")
    home = urlsplit(said["HOME"])
    if home.scheme not in ("http", "https") or not home.hostname or home.path.strip("/"):
        raise HalfProvider(f"{_OURS}HOME is the console's address, such as https://kantor.example")
    issuer = urlsplit(said["ISSUER"])
    here = issuer.scheme == "http" and issuer.hostname in LOOPBACK
    if not issuer.hostname or not (issuer.scheme == "https" or here):
        raise HalfProvider(f"{_OURS}ISSUER is an address with https")
    name = said["NAME"] or issuer.hostname
    back = f"{home.scheme}://{home.netloc}{BACK}"
    return Provider(said["ISSUER"], said["CLIENT_ID"], said["CLIENT_SECRET"], back, name[:80])
