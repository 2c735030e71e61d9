"""Status lights over a till."""
