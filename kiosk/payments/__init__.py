"""One attempt to pay, from request to a known end."""
