"""The shop's values as the pages are told them."""

from typing import get_args

from agent_ui.messages import (
    AddressView,
    CartView,
    CustomerPanel,
    CustomerView,
    LineView,
    Localized,
    MoneyView,
    OrderView,
    TotalsView,
)
from orders.model.cart import CartLine
from orders.model.customer import Customer
from orders.model.money import Money
from orders.model.order import OrderLine
from orders.model.text import Language, LocalizedText
from orders.model.totals import Totals
from orders.services.overview import CartOverview, CustomerOverview, OrderOverview


def panel_of(overview: CustomerOverview) -> CustomerPanel:
    """All of a customer's overview."""
    return CustomerPanel(
        customer=_customer(overview.customer),
        cart=_cart(overview.cart) if overview.cart and overview.cart.cart.lines else None,
        orders=tuple(_order(order) for order in overview.orders),
        order_count=overview.order_count,
    )


def _customer(customer: Customer) -> CustomerView:
    address = customer.address
    return CustomerView(
        id=customer.id,
        name=customer.name,
        email=customer.email,
        phones=customer.phones,
        language=customer.language,
        address=AddressView(
            street=address.street,
            postal_code=address.postal_code,
            city=address.city,
            country=address.country,
        ),
    )


def _cart(overview: CartOverview) -> CartView:
    cart = overview.cart
    return CartView(
        id=cart.id,
        lines=tuple(_line(line) for line in cart.lines),
        item_count=cart.item_count,
        totals=_totals(overview.totals),
        checkout_step=cart.checkout_step,
        updated_at=cart.updated_at,
    )


def _order(overview: OrderOverview) -> OrderView:
    order, status = overview.order, overview.status
    return OrderView(
        id=order.id,
        number=order.number,
        placed_at=order.placed_at,
        state=status.state.value,
        outstanding=status.outstanding,
        expected_on=status.expected_on,
        is_late=status.is_late,
        shipped_on=status.shipped_on,
        delivered_on=status.delivered_on,
        carrier=status.carrier,
        tracking=status.tracking,
        item_count=status.item_count,
        lines=tuple(_line(line) for line in order.lines),
        total=_money(status.total),
        amount_due=_money(status.amount_due),
        refund_due=_money(status.refund_due),
    )


def _line(line: CartLine | OrderLine) -> LineView:
    return LineView(
        product_id=line.product_id,
        sku=line.sku,
        name=_localized(line.name),
        quantity=line.quantity,
        unit_price=_money(line.unit_price),
        amount=_money(line.amount),
    )


def _totals(totals: Totals) -> TotalsView:
    return TotalsView(
        subtotal=_money(totals.subtotal),
        discount=_money(totals.discount),
        shipping=_money(totals.shipping),
        tax=_money(totals.tax),
        total=_money(totals.total),
    )


def _money(money: Money) -> MoneyView:
    return MoneyView(minor=money.minor, currency=money.currency)


def _localized(text: LocalizedText) -> Localized:
    languages: tuple[Language, ...] = get_args(Language)
    return {language: text.of(language) for language in languages}
