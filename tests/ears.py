"""What the calls of pages in Chromium hear; the pages get EARS before their own scripts."""

import base64
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

from tests import audio

EARS = Path(__file__).with_name("ears.js")


def now(page: Page) -> float:
    """The page's time, in Unix milliseconds."""
    return float(page.evaluate("window.ears.now()"))


def hear(page: Page, path: Path, seconds: float) -> Path:
    """Write what is heard from now on to a WAV file."""
    since = now(page)
    page.wait_for_timeout(seconds * 1000)
    return heard(page, path, since)


def heard(page: Page, path: Path, since: float) -> Path:
    """Write what was heard since that time to a WAV file."""
    found = page.evaluate("(since) => window.ears.samples(since)", since)
    samples = np.frombuffer(base64.b64decode(found["samples"]), "<f4")
    return audio.write(path, samples, int(found["rate"]))


def tone_times(page: Page, hertz: float, since: float = 0.0) -> list[float]:
    """When the pieces were heard that hold this tone, in Unix milliseconds."""
    return list(page.evaluate("([hertz, since]) => window.ears.tone(hertz, since)", [hertz, since]))
