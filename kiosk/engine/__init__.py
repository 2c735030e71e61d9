"""The one loop that alone changes a sale and writes the journal."""
