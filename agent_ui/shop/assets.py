"""The shop's own files, with a version in their address so that browsers keep them."""

from functools import cache
from hashlib import sha256
from pathlib import Path

STATIC = Path(__file__).parent / "static"


@cache
def versioned(name: str) -> str:
    """The file's address; it changes when the file does."""
    digest = sha256((STATIC / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:10]}"
