"""What the widget's routes work with."""

import json
from dataclasses import dataclass
from pathlib import Path

from agent_ui.texts import Texts
from agent_ui.widget.callbacks import VisitorCallbacks
from agent_ui.widget.files import WidgetFiles
from agent_ui.widget.limits import Throttle
from agent_ui.widget.live import LivePages
from agent_ui.widget.sites import SiteDirectory
from agent_ui.widget.status import QueueStatuses
from agent_ui.widget.tokens import VisitorTokens
from orders.model.text import LANGUAGES
from orders.ports import NumberParser

LOCALES = Path(__file__).parent / "locales"


@dataclass(frozen=True)
class Widget:
    """Put together in `agent_ui.app`."""

    sites: SiteDirectory
    tokens: VisitorTokens
    throttle: Throttle
    statuses: QueueStatuses
    callbacks: VisitorCallbacks
    pages: LivePages
    numbers: NumberParser
    texts: Texts
    files: WidgetFiles


def widget_texts() -> Texts:
    """The widget's words, which its pages get with their session."""
    return Texts({code: json.loads((LOCALES / f"{code}.json").read_text("utf-8")) for code in LANGUAGES})
