"""The far end of `drivers/gateway/sms.py`: takes messages, refuses numbers, and misbehaves."""

from dataclasses import dataclass

from drivers.sim.wallet_wire import Reply, Request, WalletServer

PATH = "/messages"


@dataclass(frozen=True, slots=True)
class Message:
    """One SMS that was taken over."""

    to: str
    sender: str
    text: str


class SmsGatewaySim:
    """Listens at once. Faults are ordered of `server`."""

    def __init__(self, key: str, *, refuses: frozenset[str] = frozenset()) -> None:
        """`refuses` are numbers, "+4799999999", that nobody has."""
        self._key = key
        self._refuses = refuses
        self.messages: list[Message] = []
        self.server = WalletServer(self._answer, host="127.0.0.1", port=0)
        self.server.plug_in()

    @property
    def url(self) -> str:
        """Where messages go."""
        return self.server.url + PATH

    def stop(self) -> None:
        """Close the port."""
        self.server.unplug()

    def _answer(self, request: Request) -> Reply:
        if (request.method, request.path) != ("POST", PATH):
            return Reply(404)
        if request.headers.get("authorization") != f"Bearer {self._key}":
            return Reply(401)
        said = request.json
        if set(said) != {"to", "from", "text"}:
            return Reply(400)
        if said["to"] in self._refuses:
            return Reply(422)
        self.messages.append(Message(said["to"], said["from"], said["text"]))
        return Reply(202)
