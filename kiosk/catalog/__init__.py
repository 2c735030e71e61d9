"""Products, prices and pictures, looked up by code, by picture and by name."""
