"""An office for agent tests: the model office of the protocol behind a real MQTT client."""

import threading
from collections.abc import Callable
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from tests.agent.office import ModelOffice
from wire.codec import decode_up, encode, kind_of
from wire.messages import Death, Down, Observation, Up
from wire.topics import PARTITIONS, down, office_filter, parse_up


class MqttOffice:
    """Hears every partition and answers. `heard` is all it got, in order."""

    def __init__(self, host: str, port: int, name: str = "office-p00") -> None:
        self.office = ModelOffice()
        self.heard: list[Up] = []
        self.mute = False
        self._lock = threading.Lock()
        self._subscribed = threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, name, protocol=mqtt.MQTTv5)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = lambda client, *_: client.subscribe(
            [(office_filter(part), 1) for part in range(PARTITIONS)]
        )
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = self._hear
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = 3600
        self._client.connect(host, port, clean_start=False, properties=properties)
        self._client.loop_start()
        assert self._subscribed.wait(10)

    def say(self, kiosk: str, message: Down) -> None:
        self._client.publish(down(kiosk, kind_of(message)), encode(message), qos=1)

    def of(self, kind: type[Up], where: Callable[[Any], bool] = lambda _: True) -> list[Any]:
        with self._lock:
            return [
                message for message in self.heard if isinstance(message, kind) and where(message)
            ]

    @property
    def facts(self) -> list[Observation]:
        return [fact for _, _, fact in self.office.facts]

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _hear(self, _client: Any, _userdata: Any, message: Any) -> None:
        topic = parse_up(message.topic)
        said = decode_up(topic.kind, message.payload)
        with self._lock:
            self.heard.append(said)
            answers = [] if isinstance(said, Death) else self.office.hear(said)
        if not self.mute:
            for answer in answers:
                self.say(topic.kiosk, answer)
