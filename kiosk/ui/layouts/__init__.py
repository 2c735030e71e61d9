"""Boxes of the screens whose layouts differ most, in units."""
