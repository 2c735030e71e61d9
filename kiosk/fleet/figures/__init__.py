"""Figures and charts, from facts: sales, payments, interventions."""
