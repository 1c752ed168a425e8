"""Slack's numbers, from its Block Kit and Web API documentation (read in November 2026)."""

BLOCKS_A_MESSAGE = 50
BLOCKS_A_VIEW = 100
SECTION_TEXT = 3_000
HEADER_TEXT = 150
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
MESSAGE_TEXT = 4_000
"""Shown whole up to here; longer texts are cut by Slack at 40,000."""
OPTIONS = 100
OPTION_TEXT = 75
"""Choices of a menu, and the text of each."""
MODAL_TITLE = 24
INPUT_TEXT = 3_000
LONGEST_TEXT = 40_000
"""Of a text that people write, so much is taken; Slack cuts its own messages here."""
MOST_FIELDS = 100
"""So many files, fields or choices are taken of one message or modal."""
ALL_BLOCKS = 13_200
"""All blocks of a message together; beyond it Slack answers `msg_blocks_too_long`."""
