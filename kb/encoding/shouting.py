"""Words in capitals alone: what tells capitals from small letters has seen few of them."""

from __future__ import annotations

LOUD, FEWEST_LETTERS = 0.8, 5
"""From this share of capitals on, and so many letters, words are shouted."""


def unshouted(text: str) -> str:
    """Give what is written in capitals in small letters: a model that tells them apart knows few.

    Of 250 such messages in five languages the best article was another for 134, of 250 in English
    three were small talk.
    """
    letters = [letter for letter in text if letter.isupper() or letter.islower()]
    loud = sum(letter.isupper() for letter in letters) >= LOUD * len(letters)
    return text.lower() if loud and len(letters) >= FEWEST_LETTERS else text
