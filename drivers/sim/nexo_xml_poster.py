"""The simulated XML terminal's own messages to the till: texts, events, questions."""

from typing import Any

from drivers.sim.nexo_xml_wire import write_xml
from drivers.sim.terminal_display import Poster

CONTENT_TYPE = "application/xml; charset=utf-8"


class XmlPoster(Poster):
    """What the terminal sends to the till's listener: texts, events, questions."""

    content_type = CONTENT_TYPE

    def __init__(self, url: str, poi_id: str) -> None:
        super().__init__(url)
        self._poi_id = poi_id
        self._count = 0
        self.wants_answers = False

    def show(self, payment: dict[str, Any], event: str, text: str) -> None:  # noqa: ARG002
        """Queue a text for the cashier's display; it does not say which payment it belongs to."""
        content = {"OutputFormat": "Text", "OutputText": [text]}
        output: dict[str, Any] = {"Device": "CashierDisplay", "InfoQualify": "Status"}
        if self.wants_answers:
            output["ResponseRequiredFlag"] = True
        output["OutputContent"] = content
        self.send("Device", "Display", "Request", payment["SaleID"], {"DisplayOutput": output})

    def send(
        self, of_class: str, category: str, of_type: str, sale_id: str, body: dict[str, Any]
    ) -> None:
        """Queue any message."""
        self._count += 1
        header = {
            "MessageClass": of_class,
            "MessageCategory": category,
            "MessageType": of_type,
            "ServiceID": str(self._count),
            "SaleID": sale_id,
            "POIID": self._poi_id,
        }
        if of_class == "Device":
            header["DeviceID"] = str(self._count)
        name = "EventNotification" if category == "Event" else f"{category}{of_type}"
        self.post(write_xml("SaleToPOIRequest", {"MessageHeader": header, name: body}))
