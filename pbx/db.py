"""The database for code on the reactor: work runs in threads; a database that is away is soon found out."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from twisted.internet.defer import Deferred, TimeoutError
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool

from pbx.clock import ThreadedClock
from pbx.errors import DatabaseAway

T = TypeVar("T")


class Database:
    """Runs functions of a session in a pool of threads.

    While the database is away, calls fail at once for `rest` seconds after a failure, so that callers hear a
    default answer instead of silence.
    """

    def __init__(
        self, reactor: ThreadedClock, pool: ThreadPool, sessions: sessionmaker[Session], rest: float = 2.0
    ) -> None:
        self._reactor = reactor
        self._pool = pool
        self._sessions = sessions
        self._rest = rest
        self._away_until = 0.0

    @property
    def away(self) -> bool:
        """Whether it did not answer a moment ago."""
        return self._reactor.seconds() < self._away_until

    async def run(self, work: Callable[[Session], T], timeout: float = 5.0) -> T:
        """`work(session)` in a thread, committed when it returns, rolled back when it raises.

        Raises DatabaseAway when the database cannot be reached or has not answered after `timeout` seconds.
        """
        if self.away:
            raise DatabaseAway("The database did not answer a moment ago.")
        running: Deferred[T] = deferToThreadPool(cast(Any, self._reactor), self._pool, self._in_session, work)
        running.addTimeout(timeout, cast(Any, self._reactor))
        try:
            return await running
        except TimeoutError:
            self._note_away()
            raise DatabaseAway("The database did not answer in time.") from None
        except (OperationalError, InterfaceError) as error:
            self._note_away()
            raise DatabaseAway("The database cannot be reached.") from error
        except DBAPIError as error:
            if error.connection_invalidated:
                self._note_away()
                raise DatabaseAway("The connection to the database was lost.") from error
            raise

    def _in_session(self, work: Callable[[Session], T]) -> T:
        with self._sessions() as session:
            result = work(session)
            session.commit()
            return result

    def _note_away(self) -> None:
        self._away_until = self._reactor.seconds() + self._rest
