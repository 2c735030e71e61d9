"""Selvkasse: a self-service checkout kiosk."""
