"""The front end's files are found by the names the build gave them."""

import json
from pathlib import Path

from agent_ui.assets import Assets, Entry

MANIFEST = {
    "_shared.js": {"file": "assets/shared-1.js", "css": ["assets/shared-1.css"]},
    "src/main.tsx": {
        "file": "assets/main-2.js",
        "isEntry": True,
        "imports": ["_shared.js"],
        "css": ["assets/main-2.css"],
    },
}


def test_an_entry_has_its_script_and_all_its_styles(tmp_path: Path) -> None:
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text(json.dumps(MANIFEST))
    entry = Assets(tmp_path).entry("src/main.tsx")
    assert entry == Entry(("assets/main-2.js",), ("assets/shared-1.css", "assets/main-2.css"))
    assert Assets(tmp_path).built


def test_without_a_build_everything_is_empty(tmp_path: Path) -> None:
    assert Assets(tmp_path).entry("src/main.tsx") == Entry()
    assert not Assets(tmp_path).built
