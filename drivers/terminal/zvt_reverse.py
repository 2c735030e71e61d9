"""Giving money back: reversal of a payment by its receipt number, and refund to a card.

A reversal is harmless when it is sent for a payment that is back already: the terminal says B4,
which is as good as done. Some terminals reverse only their last transaction, and none one from
before the end of day: they refuse (B5), and the money goes back by a refund, or by staff.
"""

from drivers.terminal import zvt_codes
from drivers.terminal.zvt_dialog import Ended, Ending, Refused


def reversal_ending(ending: Ending) -> tuple[bool, str]:
    """Return whether the money is back, and else why not. "NoResult": the terminal must be asked.

    Example: (True, ""), (False, "CannotReverse"), (False, "NoResult").
    """
    match ending:
        case Refused(error=error):
            return False, zvt_codes.name_of(error)
        case Ended(abort=int(error)):
            return (True, "") if error == zvt_codes.ALREADY_REVERSED else (False, _name(error))
        case Ended(status=None, completion=completion):
            if completion.result in (zvt_codes.ALREADY_REVERSED, zvt_codes.OK):
                return True, ""
            return False, "NoResult"
        case Ended(status=status) if status is not None:
            result = status.result
            if result in (zvt_codes.OK, zvt_codes.ALREADY_REVERSED):
                return True, ""
            return False, "NoResult" if result is None else _name(result)
    return False, "NoResult"


def _name(error: int) -> str:
    return zvt_codes.name_of(error) if error else "Failure"
