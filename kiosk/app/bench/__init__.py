"""The device bench: a page in the browser to play with a whole simulated store."""
