"""Settings to the text of a Mosquitto configuration: pure, one option a line, each with its reason.

Owns every option we set. Never writes it down, never starts Mosquitto.
"""

from pathlib import Path

from broker_config.settings import Identities, Settings, TlsListener


def configuration(settings: Settings) -> str:
    """The whole file. Mosquitto reads it from top to bottom; an option stands alone on its line."""
    return "\n".join([*_general(settings), *_durability(settings), *_doors(settings), ""])


def _general(settings: Settings) -> list[str]:
    lines = [
        "# Written by broker_config at every start: changes here are lost.",
        # `true` breaks queues and delayed wills of later 2.0 releases.
        "per_listener_settings false",
        "set_tcp_nodelay true",  # without it a connect over TLS waits 40 ms for nothing
        "connection_messages false",  # a fleet that reconnects must not fill the disk
        "log_dest stderr",
        "log_type error",
        "log_type warning",
        "log_type notice",
    ]
    return [*lines, f"user {settings.user}"] if settings.user else lines


def _durability(settings: Settings) -> list[str]:
    return [
        "persistence true",
        f"persistence_location {settings.state}/",
        f"autosave_interval {settings.autosave_s}",
        # The built-in 1000 acknowledges what it then throws away; 0 is buggy in some releases.
        f"max_queued_messages {settings.queued_messages}",
        f"max_queued_bytes {settings.queued_bytes}",
        f"max_inflight_messages {settings.in_flight}",
        *_expiry(settings),
        f"message_size_limit {settings.largest_message}",
        # Header, topic and properties come on top of the message.
        f"max_packet_size {settings.largest_message + 4096}",
        f"max_keepalive {settings.most_keepalive_s}",
    ]


def _expiry(settings: Settings) -> list[str]:
    """Where certificates name the callers, no session may ever be due to end by itself.

    A reload then puts each session that is away on the list of those to end a second time, and the
    next return of its kiosk leaves a dangling one: Mosquitto dies. Sessions that never end are on
    no list; there is one a name, and the keeper ends those of kiosks that are gone.
    """
    if settings.identities is not None:
        return []
    # Sessions read back from disk do not expire by themselves before 2.0.15.
    return ["persistent_client_expiration 14d"]


def _doors(settings: Settings) -> list[str]:
    if settings.identities is not None:
        return _guarded_doors(settings, settings.identities)
    lines = [f"listener {settings.port} {settings.bind}"]
    if settings.tls is not None:
        lines += _tls(settings.tls, settings.bind)
    return [*lines, "allow_anonymous true"]  # Settings refused every address but this machine's


def _guarded_doors(settings: Settings, identities: Identities) -> list[str]:
    """Global rules first: an option of a door that stood before it would open port 1883."""
    return [
        "allow_anonymous false",
        "allow_zero_length_clientid false",
        f"acl_file {identities.access}",
        # Nothing of ours is retained; a kiosk that tries is cut off instead of filling a store.
        "retain_available false",
        "sys_interval 0",  # nothing is said about the house to whoever may listen
        *_guarded(settings.port, settings.bind, identities.device_ca, identities),
        # Without the revocation list in this very door Mosquitto would not look at it.
        f"crlfile {identities.crl}",
        # Else a kiosk could take another's client id and empty its queue.
        "use_username_as_clientid true",
        f"max_connections {identities.most_kiosks}",
        # The office opens a session a partition, and ends a kiosk's by taking its client id over.
        *_guarded(identities.office_port, identities.office_bind, identities.server_ca, identities),
        f"max_connections {identities.most_office}",
    ]


def _guarded(port: int, bind: str, ca: Path, identities: Identities) -> list[str]:
    return [
        f"listener {port} {bind}",
        f"cafile {ca}",
        f"certfile {identities.cert}",
        f"keyfile {identities.key}",
        "require_certificate true",
        "use_identity_as_username true",
        "tls_version tlsv1.2",  # the least we accept
    ]


def _tls(tls: TlsListener, bind: str) -> list[str]:
    return [
        f"listener {tls.port} {bind}",
        f"cafile {tls.ca}",
        f"certfile {tls.cert}",
        f"keyfile {tls.key}",
        "tls_version tlsv1.2",  # the least we accept
    ]
