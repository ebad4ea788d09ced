"""A connected shop as it is set up, and how far its synchronisation has got."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from orders.model.text import Language

ConnectorKind = Literal["woocommerce"]
RecordKind = Literal["customers", "products", "orders"]
RECORD_KINDS: tuple[RecordKind, ...] = ("customers", "products", "orders")
"""In this order an order finds its customer there."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a kind of record is being read: what changed since a moment, from a page on.

    `page` is None before the first page and after the last. `started_at` is when the present round began: what
    changes after it is for the next one.
    """

    since: datetime | None = None
    page: str | None = None
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Connector:
    """A shop's connection. `secrets` says by name where each secret is kept (`env:NAME` or `file:PATH`), never
    the secret. `language` and `region` are the shop's: what a customer speaks and where numbers without a country
    code are dialed, unless the shop says more."""

    site: str
    kind: ConnectorKind
    url: str
    secrets: Mapping[str, str]
    language: Language
    region: str
    cursors: Mapping[RecordKind, Cursor] = field(default_factory=dict)
    synchronised_at: datetime | None = None
