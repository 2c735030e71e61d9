"""Gift cards and deposit vouchers: money that lies on a number, at an issuer."""
