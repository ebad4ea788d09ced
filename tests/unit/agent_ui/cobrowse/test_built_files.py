"""Which built files the viewers' documents name."""

import json
from pathlib import Path
from typing import Any

from agent_ui.cobrowse.parts import REPLAY, VIEWER, CobrowseParts

BUILT = {
    "_shared.js": {"file": "shared.js", "css": ["shared.css"], "imports": ["_marks.js"]},
    "_marks.js": {"file": "marks.js"},
    VIEWER: {"file": "viewer.js", "imports": ["_shared.js", "_marks.js"]},
    REPLAY: {"file": "replay.js", "imports": ["_shared.js"], "css": ["replay.css"]},
}


def parts(dist: Path) -> CobrowseParts:
    nothing: Any = None
    return CobrowseParts(nothing, nothing, nothing, dist)


def test_styles_that_the_viewers_share_are_named_in_both(tmp_path: Path) -> None:
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text(json.dumps(BUILT))
    assert parts(tmp_path).viewer_files == ("viewer.js", ("shared.css",))
    assert parts(tmp_path).replay_files == ("replay.js", ("shared.css", "replay.css"))


def test_without_a_build_there_are_none(tmp_path: Path) -> None:
    assert parts(tmp_path).viewer_files == ("", ())
