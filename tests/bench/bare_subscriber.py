"""The yardstick of ingest: an MQTT client that receives everything and only counts.

`python -m tests.bench.bare_subscriber host port` prints "ready", then on SIGTERM how many came.
The same library and the same quality of service as the controller's link, and nothing else.
"""

import signal
import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties


def main() -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    seen = [0]
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, "bare", protocol=mqtt.MQTTv5)  # type: ignore[attr-defined]

    def count(_client: object, _user: object, _message: object) -> None:
        seen[0] += 1

    def subscribed(*_: object) -> None:
        sys.stdout.write("ready\n")
        sys.stdout.flush()

    client.on_message = count
    client.on_subscribe = subscribed
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.ReceiveMaximum = 1000
    client.connect(sys.argv[1], int(sys.argv[2]), properties=properties)
    client.subscribe("anjungan/v1/+/+/up/+", qos=1)
    client.loop_start()
    stop.wait()
    client.loop_stop()
    sys.stdout.write(f"{seen[0]}\n")


if __name__ == "__main__":
    main()
