"""Where a finger is on the glass: from what the panel says to what is meant.

A panel that is glued on a little askew, or a size off, is off by a shift, a stretch and a turn:
an affine map. Four touches at known places give it, by least squares; a fifth proves it.
Places are shares of the glass: x from the left, y from the top.
"""

from collections.abc import Sequence
from typing import Final

Place = tuple[float, float]
Map = tuple[float, float, float, float, float, float]
"""a, b, c, d, e, f: x' = a x + b y + c, y' = d x + e y + f."""

AS_IT_IS: Final[Map] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
POINTS: Final[tuple[Place, ...]] = ((0.12, 0.12), (0.88, 0.12), (0.88, 0.88), (0.12, 0.88))
PROOF: Final[Place] = (0.5, 0.4)
PROOF_OFF_MAX: Final = 0.03
"""How far off the proof may be, in shares: less than half of the smallest button."""
MOST_OFF: Final = 0.25
"""A point touched farther off than this was not aimed at."""


def mapped(by: Map, x: float, y: float) -> Place:
    """Return the place that is meant."""
    a, b, c, d, e, f = by
    return a * x + b * y + c, d * x + e * y + f


def is_aimed(place: Place, target: Place) -> bool:
    """Return whether a touch can have been meant for the point that is shown."""
    return max(abs(place[0] - target[0]), abs(place[1] - target[1])) <= MOST_OFF


def found(touched: Sequence[Place]) -> Map | None:
    """Return the map that brings the touches of `POINTS` to where they were shown.

    None where they give none: two of them at one place, say.
    """
    rows = [(x, y, 1.0) for x, y in touched]
    ours = [[sum(p[i] * p[j] for p in rows) for j in range(3)] for i in range(3)]
    across = [sum(p[i] * t[0] for p, t in zip(rows, POINTS, strict=True)) for i in range(3)]
    down = [sum(p[i] * t[1] for p, t in zip(rows, POINTS, strict=True)) for i in range(3)]
    whole = _determinant(ours)
    if abs(whole) < 1e-9:
        return None
    solved = [
        _determinant([[s if k == j else row[k] for k in range(3)]
                      for row, s in zip(ours, side, strict=True)]) / whole
        for side in (across, down)
        for j in range(3)
    ]  # fmt: skip
    a, b, c, d, e, f = solved
    return a, b, c, d, e, f


def proves(by: Map, touch: Place) -> bool:
    """Return whether a touch of `PROOF` is brought to it."""
    x, y = mapped(by, *touch)
    return max(abs(x - PROOF[0]), abs(y - PROOF[1])) <= PROOF_OFF_MAX


def _determinant(m: Sequence[Sequence[float]]) -> float:
    return (
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
        - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    )
