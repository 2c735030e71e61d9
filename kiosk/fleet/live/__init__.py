"""How the fleet stands now, in memory, and what changes of it, as it changes."""
