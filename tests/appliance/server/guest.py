"""Somebody at the broker, with a certificate of their own or without one."""

import ssl
import threading
from pathlib import Path
from typing import Any, Final, Self

from paho.mqtt import client as mqtt

from tests.appliance.patience import PATIENCE_S, NeverHappened
from tests.appliance.server.machines import Store

BROKER_PORT: Final = 8883
REFUSED: Final = 0x80
"""From here on MQTT's reason codes are refusals."""


class Guest:
    """A context manager; comes back by itself when it was cut off, as tills do."""

    def __init__(self, store: Store, pair: tuple[Path, Path] | None = None) -> None:
        self.is_in = False
        self.refusals = 0
        """How often it came and was not let in, or was cut off."""
        self.heard: list[str] = []
        """The topics of what it was sent."""
        self._answers: dict[int, int] = {}
        self._changed = threading.Condition()
        self._line = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2,
            client_id=pair[0].stem if pair else "nobody",
            protocol=mqtt.MQTTv5,
        )
        context = ssl.create_default_context(cafile=store.folder / "ca.pem")
        if pair:
            context.load_cert_chain(*pair)
        self._line.tls_set_context(context)
        self._line.on_connect = self._on_connect
        self._line.on_disconnect = self._on_refusal
        self._line.on_message = self._on_message
        self._line.on_publish = self._on_published
        self._line.on_subscribe = self._on_subscribed
        self._line.on_connect_fail = self._on_refusal
        self._line.reconnect_delay_set(1, 1)
        self._address = store.server.plan.address
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._stay, name="guest")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._leaving.set()
        self._line.disconnect()
        self._thread.join()

    def _stay(self) -> None:
        """Come back whenever the line is down: a broker that says goodbye ends paho's own loop."""
        while not self._leaving.is_set():
            try:
                self._line.connect(self._address, BROKER_PORT, keepalive=30)
                self._line.loop_forever()
            except OSError:
                self._on_refusal()
            self._leaving.wait(1.0)

    def publish(self, topic: str, body: bytes) -> int:
        """Say something; return the broker's reason code."""
        return self._answer(self._line.publish(topic, body, qos=1).mid)

    def subscribe(self, topic: str) -> int:
        """Ask to hear something; return the broker's reason code."""
        _, mid = self._line.subscribe(topic, qos=1)
        assert mid is not None, "the line is down"
        return self._answer(mid)

    def _answer(self, mid: int) -> int:
        with self._changed:
            if not self._changed.wait_for(lambda: mid in self._answers, PATIENCE_S):
                raise NeverHappened("the broker did not answer")
            return self._answers.pop(mid)

    def _note(self, mid: int, code: Any) -> None:
        with self._changed:
            self._answers[mid] = code.value
            self._changed.notify_all()

    def _on_connect(self, _line: Any, _data: Any, _flags: Any, code: Any, _: Any) -> None:
        self.is_in = not code.is_failure

    def _on_refusal(self, *_: Any) -> None:
        self.is_in = False
        self.refusals += 1

    def _on_message(self, _line: Any, _data: Any, message: mqtt.MQTTMessage) -> None:
        self.heard.append(message.topic)

    def _on_published(self, _line: Any, _data: Any, mid: int, code: Any, _: Any) -> None:
        self._note(mid, code)

    def _on_subscribed(self, _line: Any, _data: Any, mid: int, codes: Any, _: Any) -> None:
        self._note(mid, codes[0])
