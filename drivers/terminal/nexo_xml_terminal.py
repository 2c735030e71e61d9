"""A card terminal that speaks nexo Retailer 3.1 in XML: `NexoXmlTerminal`."""

from typing import Any

from drivers.terminal.nexo import NexoTerminal
from drivers.terminal.nexo_login import LoginSession
from drivers.terminal.nexo_xml_options import NexoXmlOptions


class NexoXmlTerminal(NexoTerminal):
    """drivers.contracts.Terminal over HTTP, with a login session and a rest at night.

    Constructed like NexoTerminal.

    Raises:
        DeviceConfigError: see NexoXmlOptions.
    """

    OPTIONS = NexoXmlOptions

    def __init__(self, options: NexoXmlOptions, **more: Any) -> None:
        super().__init__(options, **more)

    def allow_maintenance(self, on: bool) -> None:
        """Log the terminal out so that it can update itself (on), or back in; returns at once.

        It wants this for at least one hour a day. Until it is called off no payment is sent, and
        the terminal's state is FAULT, "maintenance".
        """
        assert isinstance(self._session, LoginSession)
        self._session.rest(on)
        self._look_now()
