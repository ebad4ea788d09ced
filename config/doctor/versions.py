"""Are the programs and libraries there, and new enough?"""

import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from config.doctor.finding import Finding, failure, ok

LEAST_PYTHON = (3, 11)
LIBRARIES = ("twisted", "sqlalchemy", "alembic", "flask", "flask-socketio", "gevent", "autobahn", "pydantic")


def check_versions() -> Iterator[Finding]:
    """Look at the interpreter and the libraries that both processes need."""
    yield _python()
    try:
        yield ok("comptoir", version("comptoir"))
    except PackageNotFoundError:
        yield failure("comptoir", "not installed", "make run, or pip install -e . in the virtual environment")
    yield _libraries()


def _python() -> Finding:
    found = f"{platform.python_implementation()} {platform.python_version()}"
    if sys.version_info[:2] < LEAST_PYTHON:
        return failure("python", found, "Python 3.11 or newer is needed")
    return ok("python", found)


def _libraries() -> Finding:
    found, missing = [], []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return failure("libraries", f"missing: {', '.join(missing)}", "make run installs them")
    return ok("libraries", ", ".join(found))
