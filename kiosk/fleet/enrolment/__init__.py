"""Kiosks are let in by a one-time code, and get their next certificate before the old one ends."""
