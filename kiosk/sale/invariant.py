"""Invariants that are checked in production too."""


class InvariantBroken(AssertionError):
    """A rule that must always hold does not: the program stops, the journal keeps what it has."""


def require(condition: bool, message: str) -> None:
    """Stop when an invariant is broken: a wrong sale is worse than a restarted kiosk."""
    if not condition:
        raise InvariantBroken(message)
