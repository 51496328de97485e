"""The broker for where Mosquitto cannot be installed: rumqttd from the wheel `iotcore`.

Owns its TOML, written by hand because the wheel's own options open MQTT 3.1.1 on all addresses,
and the list of what it lacks, which is said at every start. Never writes, never starts it.
"""

from broker_config.settings import BrokerRefused, Settings

LACKS = (
    "no access control: everybody on this machine may speak for every kiosk",
    "nothing is kept on disk: a restart loses sessions and what waits in them",
    "sessions never expire",
    "a kiosk's receive maximum is ignored",
    "no TLS with client certificates",
    "its memory grows with every message kept for a filter, up to the limit set here",
)


def configuration(settings: Settings) -> str:
    """The whole rumqttd file: one MQTT 5 door. Raises BrokerRefused for what it cannot do."""
    if settings.tls is not None or settings.identities is not None:
        raise BrokerRefused("the fallback broker has no TLS: install mosquitto")
    address = f"[{settings.bind}]" if ":" in settings.bind else settings.bind
    return f"""\
# Written by broker_config at every start: changes here are lost.
id = 0

[router]
id = 0
max_connections = 10010
max_outgoing_packet_count = 200
# A filter keeps 32 segments of 1 MiB: what an absent office may still find.
max_segment_size = 1048576
max_segment_count = 32

[v5.1]
name = "loopback"
listen = "{address}:{settings.port}"
next_connection_delay_ms = 1

[v5.1.connections]
connection_timeout_ms = 10000
max_payload_size = {settings.largest_message}
max_inflight_count = {settings.in_flight}
dynamic_filters = true
"""
