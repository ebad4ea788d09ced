"""What `comptoir up` prints when everything runs: where to go, what to dial, who may log in."""

from collections.abc import Iterator

from config.addresses import bracketed, reachable_hosts
from config.database import create_engine_for, session_factory
from config.plugins import WELCOME, required
from config.settings import Settings


def welcome(settings: Settings) -> str:
    """Return the text; the packages add their own lines (numbers to dial, logins)."""
    return "\n".join(
        ("", "Comptoir is up.", *_addresses(settings), *_added(settings), "Ctrl-C stops it.", "")
    )


def _addresses(settings: Settings) -> Iterator[str]:
    for host in reachable_hosts((settings.web.listen,)):
        yield f"  pages        http://{host}:{settings.web.port}"
    for host in reachable_hosts(settings.sip.listen):
        yield f"  SIP phones   {host}:{settings.sip.port} (UDP, TCP)"
    yield f"  control API  http://{bracketed(settings.api.listen)}:{settings.api.port}"


def _added(settings: Settings) -> Iterator[str]:
    engine = create_engine_for(settings.database)
    try:
        with session_factory(engine)() as session:
            for _name, lines in required(WELCOME):
                yield from (f"  {line}" for line in lines(settings, session))
    finally:
        engine.dispose()
