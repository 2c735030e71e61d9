"""The country's tables as this shop uses them: its municipality's hours, and which are old."""

import logging
from datetime import date

from kiosk.app.config import Config
from kiosk.app.config_sections import SellingSection
from kiosk.rules.hours import alcohol_hours, hours_warning, municipality
from kiosk.rules.tables import RuleWarning, warnings
from kiosk.sale.alcohol import STATUTE, AlcoholHours

logger = logging.getLogger(__name__)


def hours_of(selling: SellingSection, today: date) -> tuple[AlcoholHours, ...]:
    """Return when alcohol may be sold: the shop's own rows, its municipality's, or the statute's.

    Of rows from the same date the first counts, so the shop's own win over the table's.
    """
    if not selling.municipality:
        return (*selling.alcohol_hours, STATUTE)
    return (*selling.alcohol_hours, alcohol_hours(municipality(selling.municipality), today))


def warnings_of(selling: SellingSection, today: date) -> tuple[RuleWarning, ...]:
    """Return which tables this shop should hold against their sources."""
    confirmed = selling.rules_checked_on
    found = warnings(today, confirmed_on=confirmed)
    if not selling.municipality or selling.alcohol_hours:
        return found
    hours = hours_warning(municipality(selling.municipality), today, confirmed)
    return (*found, hours) if hours else found


def warn(config: Config, today: date) -> tuple[RuleWarning, ...]:
    """Log each table that somebody should look at, and return them."""
    found = warnings_of(config.selling, today)
    for warning in found:
        logger.warning("%s", warning.in_words())
    return found
