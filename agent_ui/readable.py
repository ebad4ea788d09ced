"""What people and pages write, as it may be shown among other texts."""

import re

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
"""Control characters, and those that turn what follows around."""


def readable(text: str) -> str:
    """The text without what would disguise it or its neighbours."""
    return _UNSEEN.sub(" ", text).strip()
