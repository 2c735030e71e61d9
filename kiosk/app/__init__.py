"""The composition root: configuration, wiring, commands."""
