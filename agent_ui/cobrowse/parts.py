"""What the routes of co-browsing work with."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from agent_ui.cobrowse.hub import Cobrowsing
from agent_ui.cobrowse.places import Places
from agent_ui.cobrowse.tickets import Tickets

DIST = Path(__file__).parents[1] / "static" / "cobrowse"
VIEWER = "src/cobrowse/viewer/entry.ts"
REPLAY = "src/cobrowse/viewer/replay.ts"


@dataclass(frozen=True)
class CobrowseParts:
    """Put together in `agent_ui.app`."""

    sessions: Cobrowsing
    tickets: Tickets
    places: Places
    dist: Path = DIST

    @cached_property
    def viewer_files(self) -> tuple[str, tuple[str, ...]]:
        """The built viewer's script and styles, as paths below /static/cobrowse/; empty without a build."""
        return self._files(VIEWER)

    @cached_property
    def replay_files(self) -> tuple[str, tuple[str, ...]]:
        """The same of the replays' viewer."""
        return self._files(REPLAY)

    def _files(self, entry_file: str) -> tuple[str, tuple[str, ...]]:
        manifest = self.dist / ".vite" / "manifest.json"
        if not manifest.exists():
            return "", ()
        built = json.loads(manifest.read_text("utf-8"))
        if entry_file not in built:
            return "", ()
        return str(built[entry_file]["file"]), tuple(_styles(built, entry_file))


def _styles(built: dict[str, Any], name: str) -> list[str]:
    """The styles of a built file: those that it shares with others first, as its own may change them."""
    part = built[name]
    shared = (style for other in part.get("imports", ()) for style in _styles(built, other))
    return list(dict.fromkeys((*shared, *part.get("css", ()))))
