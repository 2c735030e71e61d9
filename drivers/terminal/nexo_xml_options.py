"""What the configuration says about one nexo terminal of the XML dialect."""

from dataclasses import dataclass
from typing import Literal

from drivers.terminal.nexo_dialog import Dialog
from drivers.terminal.nexo_http import Wire
from drivers.terminal.nexo_login import LoginSession
from drivers.terminal.nexo_options import CommonOptions
from drivers.terminal.nexo_xml import XmlCodec

POI_ID_BYTES_MAX = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class NexoXmlOptions(CommonOptions):
    """Options of one terminal of the XML dialect.

    Nothing on this wire is sealed. `url` must be an address of a private network, and that network
    a cable or VLAN of kiosk and terminal alone. There is no secret to keep either.
    """

    serial_number: str = ""
    """Of the device itself, compared at each login: an exchanged terminal takes no card."""
    operator_language: Literal["no", "sv", "da", "fi"] = "no"
    busy_wait_s: float = 20.0
    """After a payment the terminal may be busy with its host for some seconds."""

    def mistakes(self) -> list[str]:
        """Return what is wrong with these options, one sentence each."""
        mistakes = CommonOptions.mistakes(self)
        if len(self.poi_id.encode()) > POI_ID_BYTES_MAX:
            mistakes.append(f"poi_id must have at most {POI_ID_BYTES_MAX} bytes")
        if self.environment == "live" and not self.serial_number:
            mistakes.append("serial_number is missing: it is printed on the back of the terminal")
        return mistakes

    def dialog(self) -> Dialog:
        """Return the conversation; no connection is made yet."""
        codec = XmlCodec()
        wire = Wire(
            self.url,
            context=None,
            certificate_name=None,
            content_type=codec.content_type,
            plain=True,
        )
        return Dialog(wire=wire, codec=codec, ends=self.ends())

    def session(self, dialog: Dialog) -> LoginSession:
        """Return the login session, not logged in yet."""
        return LoginSession(
            dialog,
            language=self.operator_language,
            listening=bool(self.listen),
            serial_number=self.serial_number,
            timeout_s=self.health_timeout_s,
        )
