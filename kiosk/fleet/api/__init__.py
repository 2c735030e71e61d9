"""What browsers and other programs ask: JSON under /api, described at /api/openapi.json."""
