"""Kiosks that are not there: they speak as real ones do, in any number, for tests and measuring."""
