"""The domain: what a sale is, what may happen to it, what it owes the world. Pure."""
