"""Catalogs and configurations: kept, signed, announced, rolled out stage by stage."""
