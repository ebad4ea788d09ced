"""Flows' calls to an integrator's URL, over HTTP."""

import json
from collections.abc import Mapping
from typing import Any

import treq
from twisted.internet.defer import CancelledError, TimeoutError
from twisted.internet.error import ConnectError
from twisted.logger import Logger
from twisted.web.client import Agent, HTTPConnectionPool, ResponseFailed

from ivr.events import Event, WebhookAnswered, WebhookFailed

LARGEST_ANSWER = 65536

_log = Logger()


class HttpWebhooks:
    """`pbx.calls.services.Webhooks`. Redirects are not followed: the flow's author named the URL."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._pool = HTTPConnectionPool(reactor, persistent=True)
        self._agent = Agent(reactor, connectTimeout=3.0, pool=self._pool)

    async def stop(self) -> None:
        """Close idle connections."""
        await self._pool.closeCachedConnections()

    async def call(
        self, request: int, url: str, method: str, body: Mapping[str, object], timeout: float
    ) -> Event:
        """See Webhooks."""
        try:
            return WebhookAnswered(request, await self._ask(url, method, body, timeout))
        except (TimeoutError, CancelledError):
            return WebhookFailed(request, "timeout")
        except (ConnectError, ResponseFailed, ValueError, OSError) as error:
            _log.warn("A webhook failed: {kind}", kind=type(error).__name__)
            return WebhookFailed(request, "error")

    async def _ask(
        self, url: str, method: str, body: Mapping[str, object], timeout: float
    ) -> Mapping[str, object]:
        what = {"params": {key: str(value) for key, value in body.items()}} if method == "GET" else {
            "json": dict(body)
        }  # fmt: skip
        response = await treq.request(
            method, url, agent=self._agent, timeout=timeout, reactor=self._reactor, **what
        )
        content: bytes = await _read(response)
        if not 200 <= response.code < 300:
            raise ValueError(f"the URL answered {response.code}")
        answer = json.loads(content) if content.strip() else {}
        return answer if isinstance(answer, dict) else {}


async def _read(response: Any) -> bytes:
    """The body, at most LARGEST_ANSWER bytes. Raises ValueError beyond."""
    chunks: list[bytes] = []

    def take(chunk: bytes) -> None:
        chunks.append(chunk)
        if sum(map(len, chunks)) > LARGEST_ANSWER:
            raise ValueError("the answer is too long")

    await treq.collect(response, take)
    return b"".join(chunks)
