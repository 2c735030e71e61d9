"""Barcode scanners: on serial lines, and as grabbed keyboards."""
