"""SAF-T Cash Register 1.00: the journal as the file that Norway's tax authority asks for."""
