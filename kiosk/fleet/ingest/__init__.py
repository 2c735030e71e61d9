"""What kiosks say, stored once however often it comes: parse, apply, acknowledge."""
