"""Devices of a checkout and their wire protocols."""
