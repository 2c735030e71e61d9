"""A store's server and a till beside it: containers, each with a systemd that runs."""
