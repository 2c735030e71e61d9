"""Scales that are asked over a serial line."""
