"""What holds for every test."""

from hypothesis import HealthCheck, settings

# A busy machine is not a wrong program: nothing fails because an example took long.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
