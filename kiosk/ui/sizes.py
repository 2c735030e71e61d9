"""Sizes of the design in units (look.md, "Components"). No other module of a screen has numbers."""

TOP_BAR = 108
TOP_BAR_COMPACT = 96
TOP_BAR_BIG = 120
EDGE = 44
"""Counter padding, left and right."""
EDGE_COMPACT = 29
COUNTER_TOP = 32
COUNTER_FOOT = 36
GAP = 20
GAP_LARGE = 28
APART = 48
"""12 mm: between a destructive and a forward control."""

STRIP = 100
SLOT = 100
ADD = 136
PRIMARY = 172
PRIMARY_TALL = 212
PRIMARY_CALM = 232
SECONDARY = 132
SECONDARY_LOW = 112
TILE = 176
CARD = 232
KEY_LETTER = 108
KEY_DIGIT = 124
KEY_GAP = 12
LETTER_GAP = 10
BANNER = 100
CHIP = 76
MORE_LINES = 84
TITLE = 104
SUBTITLE = 76
LEAD = 48
PROMPT = 52
BODY = 42
SECOND = 36
FLOOR_BIG = 26
"""A text size that is over the floor of 34 once it is large text."""
TOUCH = 81
"""The floor of a touch target: 20 mm."""

COUNTER_WIDE = 740
"""The counter's width in landscape, for the list beside it."""
COUNTER_WIDER = 1080
COUNTER_COMPACT = 521
SHEET_EDGE = 32
SHEET_EDGE_COMPACT = 21
SHEET_PAD = 40
REACH = 0.4
"""With lower controls nothing to touch lies in this upper part of a portrait screen."""

# Screens of payment, people and the end of a visit (05 to 15b).
METHOD = 196
"""A way to pay beside another."""
ANSWER = 187
"""An answer to the receipt question."""
STATE_CARD = 180
PRIMARY_END = 200
"""The next step where it ends something: Ferdig, start without card."""
AMOUNT = 106
AMOUNT_ROW = 120
PAY_TOTAL = 196
PAY_TOTAL_LANDSCAPE = 166
SLOT_LOW = 84
BACK_LOW = 104
PAY_TOTAL_BIG = 140
LEAD_LARGE = 52
THANKS = 148
CLOSED = 272
CLOSED_LEAD = 60
MARGIN = 72
"""Left and right of what stands directly on the rim."""
MARGIN_COMPACT = 40
STORY_TOP = 56
STORY_TOP_COMPACT = 20
MARGIN_LANDSCAPE = 66
STORY_TOP_LANDSCAPE = 40
SILENCE = 56
REMINDER = 74
REMINDER_TALL = 104
"""Where the counter is narrow and a reminder takes two lines."""
STEP = 108
"""Minus and plus on the bag question."""
WAY_TALL = 468
"""Where to go, on a closed till's counter."""
NOTE = 40
COUNTER_HELP = 960
