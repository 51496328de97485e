"""The yardstick of commands, its far half: answers every request on the kiosks' door, and no more.

`python -m tests.bench.echo_client port name ca cert key`: QoS 1 both ways, a kiosk's certificate.
"""

import socket
import sys
from collections.abc import Callable
from typing import Any

import paho.mqtt.client as mqtt

from wire import topics


def client(name: str, ca: str, cert: str, key: str) -> mqtt.Client:
    made = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, name, protocol=mqtt.MQTTv5)  # type: ignore[attr-defined]
    made.tls_set(ca, cert, key)
    made.on_socket_open = _at_once
    return made


def plain(name: str, in_flight: int) -> mqtt.Client:
    """For a broker of this machine, without certificates."""
    made = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, name, protocol=mqtt.MQTTv5)  # type: ignore[attr-defined]
    made.max_inflight_messages_set(min(in_flight, 1000))
    made.on_socket_open = _at_once
    return made


def subscriber(one: mqtt.Client, topic: str) -> Callable[..., None]:
    def subscribe(*_: object) -> None:
        one.subscribe(topic, qos=1)

    return subscribe


def _at_once(_client: Any, _user: Any, opened: Any) -> None:
    # As both links of the house do; else the yardstick would measure Nagle's algorithm.
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def main() -> None:
    port, name, ca, cert, key = sys.argv[1:]
    made = client(name, ca, cert, key)

    def answer(one: mqtt.Client, _user: object, message: mqtt.MQTTMessage) -> None:
        one.publish(topics.up(name, "echo"), message.payload, qos=1)

    made.on_message = answer
    made.on_connect = subscriber(made, topics.down(name, "echo"))
    made.connect("127.0.0.1", int(port), keepalive=60)
    made.loop_forever()


if __name__ == "__main__":
    main()
