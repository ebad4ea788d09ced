"""What import-linter cannot say: who may import what from outside."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
PACKAGES = ("config", "orders", "ivr", "pbx", "agent_ui", "migrations")


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            if "node_modules" not in path.parts:
                yield path


def imported(path: Path) -> set[str]:
    """The top-level names that a file imports, also inside functions."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def test_pjsua2_is_imported_only_where_media_and_headset_are() -> None:
    allowed = (ROOT / "pbx" / "media", ROOT / "agent_ui" / "headset")

    users = [path for path in sources(*PACKAGES) if imported(path) & {"pjsua2", "_pjsua2"}]

    assert users
    assert [path for path in users if not any(path.is_relative_to(folder) for folder in allowed)] == []


def test_the_call_flow_and_the_shops_domain_import_the_standard_library_and_themselves_only() -> None:
    ours = {"ivr": {"ivr"}, "orders": {"orders", "phonenumbers"}}
    strangers = {
        f"{path.relative_to(ROOT)}: {name}"
        for package, own in ours.items()
        for path in sources(package)
        if "adapters" not in path.parts
        for name in imported(path) - own - sys.stdlib_module_names
    }

    assert strangers == set()


def test_packages_do_nothing_when_they_are_imported() -> None:
    inits = [path for path in sources(*PACKAGES) if path.name == "__init__.py"]
    bodies = {path: ast.parse(path.read_text("utf-8")).body for path in inits}

    assert len(inits) > 10
    busy = [path for path, body in bodies.items() if len(body) != 1 or not isinstance(body[0], ast.Expr)]
    assert busy == []
