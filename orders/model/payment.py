"""A payment of an order; never any card data."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from orders.model.money import Money

PaymentMethod = Literal["card", "bank_transfer", "wallet", "voucher"]
PaymentState = Literal["pending", "authorized", "captured", "refunded", "failed"]


@dataclass(frozen=True, slots=True)
class Payment:
    """An amount paid, to be paid or paid back; `at` is when it reached its state.

    Paying back is a payment of its own in the state `refunded`; what was captured stays captured.
    """

    id: str
    method: PaymentMethod
    amount: Money
    state: PaymentState
    at: datetime
