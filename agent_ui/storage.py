"""The pages' own transactions: each runs in a worker thread and commits as a whole, or not at all."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session, sessionmaker

from agent_ui.workers import Workers

P = ParamSpec("P")
T = TypeVar("T")


class Storage:
    """Runs functions of a session. `sessions` is for who has a thread of their own."""

    def __init__(self, sessions: sessionmaker[Session], workers: Workers) -> None:
        self.sessions = sessions
        self._workers = workers

    def run(self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `work` with a session, commit, and give its answer; an exception rolls back."""

        def transaction() -> T:
            with self.sessions.begin() as session:
                return work(session, *args, **kwargs)

        return self._workers.run(transaction)
