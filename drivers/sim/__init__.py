"""Far ends: simulated devices that speak the real wire protocols."""
