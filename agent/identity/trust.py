"""Whom a kiosk trusts over TLS: its office's own authority and name, nobody else in the world.

A kiosk's clock may be dead (1970) or ahead (2099), and then every certificate looks invalid. Only
when the clock is known or suspected wrong are the dates left out of the check; the chain and the
name never are, and a certificate that ended before the latest moment the office ever told us of
is still refused. Imports ssl only when called: a kiosk without TLS does not pay for it.
"""

from typing import Any, Final

NOT_YET_VALID: Final = 9  # OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID
HAS_EXPIRED: Final = 10
_NO_CHECK_TIME: Final = 0x200000  # X509_V_FLAG_NO_CHECK_TIME


def verified(cafile: str | None = None, authority: str | None = None, *, dates: bool = True) -> Any:
    """A context that trusts this file or this PEM text, and checks the name."""
    import ssl  # noqa: PLC0415 - see above

    context = ssl.create_default_context(cafile=cafile, cadata=authority)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if not dates:
        context.verify_flags = context.verify_flags | _NO_CHECK_TIME
    return context


def unverified() -> Any:
    """For the one question whose answer is checked otherwise: which authority is the office's."""
    import ssl  # noqa: PLC0415 - see above

    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def dates(sock: Any) -> tuple[int, int]:
    """From when until when the other side's certificate is valid, in milliseconds."""
    import ssl  # noqa: PLC0415 - see above

    shown = sock.getpeercert()
    begins, ends = (ssl.cert_time_to_seconds(shown[name]) for name in ("notBefore", "notAfter"))
    return begins * 1000, ends * 1000
