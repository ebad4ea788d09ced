"""The widget's built files, and the script tag that names them."""

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path

DIST = Path(__file__).parents[1] / "static" / "widget"
ENTRY = "src/widget/main.ts"
PREFIX = "/widget/v1/"


@dataclass(frozen=True)
class WidgetFiles:
    """The build's output; every name but the alias `widget.js` has its content's hash in it."""

    dist: Path = DIST

    @cached_property
    def entry(self) -> str | None:
        """The name of the file that a script tag loads, or None without a build."""
        manifest = self.dist / ".vite" / "manifest.json"
        if not manifest.exists():
            return None
        return str(json.loads(manifest.read_text("utf-8"))[ENTRY]["file"])

    @cached_property
    def names(self) -> frozenset[str]:
        """Every file that may be asked for."""
        return frozenset(path.name for path in self.dist.glob("*.js"))

    def integrity(self) -> str | None:
        """The entry's Subresource Integrity value; the chunks' names are inside the entry."""
        if self.entry is None:
            return None
        digest = hashlib.sha384((self.dist / self.entry).read_bytes()).digest()
        return f"sha384-{base64.b64encode(digest).decode()}"

    def tag(self, pages_url: str, key: str) -> str | None:
        """The script tag of a site, or None without a build. `pages_url` is the origin of the pages."""
        if self.entry is None:
            return None
        address = f"{pages_url.rstrip('/')}{PREFIX}{self.entry}"
        return (
            f'<script src="{escape(address)}" data-site="{escape(key)}"\n'
            f'        integrity="{self.integrity()}" crossorigin="anonymous" async></script>'
        )
