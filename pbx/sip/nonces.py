"""Nonces that carry their own proof: a time, chance and a keyed hash over both and the realm.

Nothing is kept for a nonce until it is used; then its counts are, so that none is accepted twice.
"""

import base64
import binascii
import hashlib
import hmac
import os
import struct
from collections import OrderedDict
from typing import Literal

_PLAIN = struct.Struct(">I5s")
_MAC = 9
_REMEMBERED_COUNTS = 16

Standing = Literal["fresh", "expired", "foreign"]


class _Uses:
    """The counts a nonce was used with lately, each with the transmission that used it."""

    __slots__ = ("highest", "recent")

    def __init__(self) -> None:
        self.highest = 0
        self.recent: dict[int, str] = {}


class Nonces:
    """Issues nonces and checks their use. Times are the reactor's seconds.

    `born` is when this process began: what was issued before it is expired, because its uses are forgotten.
    At most `capacity` used nonces are remembered; what must be forgotten early expires early.
    """

    def __init__(
        self, secret: bytes, realm: str, lifetime: int = 300, born: float = 0.0, capacity: int = 20_000
    ) -> None:
        self._key = hashlib.blake2b(b"nonce:" + realm.encode(), key=secret, digest_size=32).digest()
        self._lifetime = lifetime
        self._floor = int(born)
        self._capacity = capacity
        self._uses: OrderedDict[str, _Uses] = OrderedDict()

    def issue(self, now: float) -> str:
        """A new nonce of 24 characters."""
        plain = _PLAIN.pack(int(now), os.urandom(5))
        return base64.urlsafe_b64encode(plain + self._mac(plain)).decode()

    def standing(self, nonce: str, now: float) -> Standing:
        """Whether we issued the nonce, and whether it may still be used."""
        issued = self._issued_at(nonce)
        if issued is None:
            return "foreign"
        forgotten = issued < self._floor and nonce not in self._uses
        return "expired" if forgotten or not 0 <= now - issued <= self._lifetime + 1 else "fresh"

    def use(self, nonce: str, count: int, transmission: str) -> bool:
        """Note a use of a fresh nonce; False for a replay.

        The same count in the same `transmission` (branch and CSeq) is a retransmission and allowed; a
        count that was overtaken on the way is allowed once.
        """
        uses = self._uses.get(nonce) or self._remember(nonce)
        if count in uses.recent:
            return uses.recent[count] == transmission
        if count <= uses.highest - _REMEMBERED_COUNTS:
            return False
        uses.recent[count] = transmission
        uses.highest = max(uses.highest, count)
        if len(uses.recent) > _REMEMBERED_COUNTS:
            del uses.recent[min(uses.recent)]
        return True

    def _remember(self, nonce: str) -> _Uses:
        if len(self._uses) >= self._capacity:
            oldest, _ = self._uses.popitem(last=False)
            self._floor = max(self._floor, (self._issued_at(oldest) or 0) + 1)
        return self._uses.setdefault(nonce, _Uses())

    def _issued_at(self, nonce: str) -> int | None:
        try:
            raw = base64.b64decode(nonce, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        plain, mac = raw[: _PLAIN.size], raw[_PLAIN.size :]
        if len(plain) != _PLAIN.size or not hmac.compare_digest(mac, self._mac(plain)):
            return None
        issued: int = _PLAIN.unpack(plain)[0]
        return issued

    def _mac(self, plain: bytes) -> bytes:
        return hashlib.blake2b(plain, key=self._key, digest_size=_MAC).digest()
