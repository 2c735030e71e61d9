"""The kiosk's certificate: had by a one-time code, renewed by itself; its key never leaves it."""
