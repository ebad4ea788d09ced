"""The shop's own catalogues of texts."""

import json
from pathlib import Path

from agent_ui.texts import Texts
from orders.model.text import LANGUAGES

LOCALES = Path(__file__).parent / "locales"


def shop_texts() -> Texts:
    """The catalogues beside this file."""
    return Texts({code: json.loads((LOCALES / f"{code}.json").read_text("utf-8")) for code in LANGUAGES})
