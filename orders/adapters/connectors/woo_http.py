"""Asking a WooCommerce shop over HTTPS: Basic authentication, time limits, and patience with a busy shop."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import sleep as real_sleep
from typing import Any
from urllib.parse import urlsplit

import requests

from orders.connectors.errors import ConnectorAway, ConnectorRefused, NotUnderstood

TIMEOUT = (5.0, 30.0)
"""Seconds to connect, and to wait for an answer."""

PAUSES = (1.0, 2.0, 4.0, 8.0)
"""Seconds before each further try."""

LONGEST_PAUSE = 60.0
"""The most that a shop's Retry-After is followed."""

_BUSY = frozenset((429, 500, 502, 503, 504))
_TOO_MANY = 429
_LOOPBACK = frozenset(("127.0.0.1", "::1", "localhost"))

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Keys:
    """A consumer key and its secret, as the shop's settings give them."""

    key: str
    secret: str

    def __repr__(self) -> str:
        """Without either."""
        return "Keys()"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the shop answered; header names are in lower case."""

    body: Any
    headers: Mapping[str, str]


class WooHttp:
    """Requests to `<url>/wp-json/wc/v3/...`.

    Raises:
        ConnectorRefused: the address is not https (but on this machine itself).
    """

    def __init__(self, url: str, keys: Keys, sleep: Callable[[float], object] = real_sleep) -> None:
        check_url(url)
        self._base = f"{url.rstrip('/')}/wp-json/wc/v3/"
        self._keys = keys
        self._sleep = sleep

    def get(self, path: str, params: Mapping[str, str]) -> Answer:
        """Read; tried again while the shop is busy or away."""
        return self._patiently(lambda: self._send("GET", path, params=params), lambda status: status in _BUSY)

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Make something; tried again only when the shop said that it has not begun."""
        return self._patiently(
            lambda: self._send("POST", path, body=body),
            lambda status: status == _TOO_MANY,
            again_when_away=False,
        )

    def _patiently(
        self,
        send: Callable[[], requests.Response],
        is_busy: Callable[[int], bool],
        again_when_away: bool = True,
    ) -> Answer:
        for pause in (*PAUSES, None):
            try:
                response = send()
            except requests.RequestException as error:
                if pause is None or not again_when_away:
                    raise ConnectorAway("the shop does not answer") from error
                self._sleep(pause)
                continue
            if pause is None or not is_busy(response.status_code):
                return _answer(response)
            _log.info("the shop is busy (%d); asking again", response.status_code)
            self._sleep(_wanted_pause(response, pause))
        raise AssertionError("the last try answers or raises")

    def _send(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> requests.Response:
        return requests.request(
            method,
            self._base + path,
            params=params,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Accept": "application/json", "Content-Type": "application/json"},
            auth=(self._keys.key, self._keys.secret),
            timeout=TIMEOUT,
            allow_redirects=False,
        )


def check_url(url: str) -> None:
    """Refuse an address over which the keys would travel in clear.

    Raises:
        ConnectorRefused: it is not https (but on this machine itself).
    """
    parts = urlsplit(url)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not safe or not parts.hostname:
        raise ConnectorRefused("a shop's address begins with https://: its keys travel with every request")


def _wanted_pause(response: requests.Response, otherwise: float) -> float:
    written = response.headers.get("Retry-After", "")
    return min(float(written), LONGEST_PAUSE) if written.isdigit() else otherwise


def _answer(response: requests.Response) -> Answer:
    if response.status_code in _BUSY:
        raise ConnectorAway(f"the shop is busy: {response.status_code}")
    try:
        body = response.json()
    except ValueError:
        body = None
    if not response.ok or response.is_redirect:
        code = body.get("code", "") if isinstance(body, dict) else ""
        raise ConnectorRefused(f"the shop refuses: {response.status_code} {code}".rstrip())
    if body is None:
        raise NotUnderstood("the shop did not answer with JSON")
    return Answer(body, {name.lower(): value for name, value in response.headers.items()})
