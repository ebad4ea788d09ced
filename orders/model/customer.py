"""A person who buys in the shop."""

from dataclasses import dataclass

from orders.model.address import Address
from orders.model.text import Language


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer; `phones` are in E.164 form (`+33...`), the preferred one first."""

    id: str
    name: str
    email: str
    phones: tuple[str, ...]
    language: Language
    address: Address
