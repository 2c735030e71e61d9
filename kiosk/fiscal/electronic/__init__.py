"""A receipt for a phone: HTML and PDF, from the same rows that are printed on paper."""

from kiosk.fiscal.electronic.page import STYLE_HASH, receipt_page, word_page
from kiosk.fiscal.electronic.pdf import receipt_pdf

__all__ = ["STYLE_HASH", "receipt_page", "receipt_pdf", "word_page"]
