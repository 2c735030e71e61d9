"""The durable, append-only record of every event."""
