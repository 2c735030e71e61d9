"""Wallets: means of payment that the shopper approves on a phone."""
