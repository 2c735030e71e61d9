"""Far ends: simulated devices that speak the real wire protocols, driven by physical verbs.

A far end is the device, not the driver: it holds the other end of a pseudo-terminal or a socket,
and its verbs say what happens in the world (`put_on`, `scan`, `unplug`). Drivers cannot tell it
from the real thing, and have no way of their own to reach it.
"""
