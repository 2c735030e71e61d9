"""`kiosk setup`: asks what cannot be known, tries each device, writes one file."""
