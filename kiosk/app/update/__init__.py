"""Updates that never hit a sale: fetched, checked, built beside, tried, and taken back."""
