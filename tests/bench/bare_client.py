"""The yardstick of the agent: an MQTT client that connects by TLS, keeps alive, and does nothing.

`python -m tests.bench.bare_client port ca`
"""

import sys

import paho.mqtt.client as mqtt


def main() -> None:
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, "bare", protocol=mqtt.MQTTv5)  # type: ignore[attr-defined]
    client.tls_set(sys.argv[2])
    client.connect("127.0.0.1", int(sys.argv[1]), keepalive=60)
    client.loop_forever()


if __name__ == "__main__":
    main()
