"""Receipts and reports as the law wants them."""
