"""Whether this office can command at all, and who must act when it cannot."""

from sqlalchemy import Connection

from controller import policies


def readiness(conn: Connection) -> str:
    """`no_policy`: no ceremony was held; `no_key`: it admitted no key of an office; else empty."""
    found = policies.newest(conn)
    if found is None:
        return "no_policy"
    return "" if any(key.use == "office" for key in found.policy.keys) else "no_key"
