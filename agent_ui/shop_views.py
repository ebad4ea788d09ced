"""The shop's values as the pages are told them."""

from typing import get_args

from agent_ui.messages import (
    AddressView,
    CartChangeView,
    CartView,
    CustomerPanel,
    CustomerView,
    DiscountView,
    LineView,
    Localized,
    MoneyView,
    OrderView,
    PreparedView,
    ProductView,
    TotalsView,
)
from orders.model.audit import AuditEntry
from orders.model.cart import CartLine, Discount
from orders.model.customer import Customer
from orders.model.money import Money
from orders.model.order import OrderLine
from orders.model.product import Product
from orders.model.text import Language, LocalizedText
from orders.model.totals import Totals
from orders.services.overview import CartOverview, CustomerOverview, OrderOverview


def panel_of(overview: CustomerOverview) -> CustomerPanel:
    """All of a customer's overview."""
    return CustomerPanel(
        customer=_customer(overview.customer),
        cart=cart_of(overview.cart) if overview.cart and overview.cart.cart.lines else None,
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


def cart_of(overview: CartOverview) -> CartView:
    """A cart with its totals."""
    cart = overview.cart
    return CartView(
        id=cart.id,
        lines=tuple(_line(line) for line in cart.lines),
        item_count=cart.item_count,
        totals=_totals(overview.totals),
        checkout_step=cart.checkout_step,
        state=cart.state,
        discount=_discount(cart.discount) if cart.discount else None,
        prepared=PreparedView(by=cart.prepared.by, at=cart.prepared.at) if cart.prepared else None,
        updated_at=cart.updated_at,
    )


def change_of(entry: AuditEntry, product: Product | None) -> CartChangeView:
    """A line of a cart's audit trail, with the product it is about, if it is known."""
    details = dict(entry.details)
    sku = details.get("sku")
    return CartChangeView(
        id=entry.id,
        at=entry.at,
        actor_kind=entry.actor_kind,
        actor=entry.actor_id,
        action=entry.action,
        sku=None if sku is None else str(sku),
        name=_localized(product.name) if product else None,
        details=details,
    )


def product_of(product: Product) -> ProductView:
    """A product for sale."""
    return ProductView(
        id=product.id,
        sku=product.sku,
        name=_localized(product.name),
        price=money_of(product.price),
        stock=product.stock,
    )


def _discount(discount: Discount) -> DiscountView:
    return DiscountView(
        basis_points=discount.basis_points, reason=discount.reason, given_by=discount.given_by
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
        total=money_of(status.total),
        amount_due=money_of(status.amount_due),
        refund_due=money_of(status.refund_due),
    )


def _line(line: CartLine | OrderLine) -> LineView:
    return LineView(
        product_id=line.product_id,
        sku=line.sku,
        name=_localized(line.name),
        quantity=line.quantity,
        unit_price=money_of(line.unit_price),
        amount=money_of(line.amount),
    )


def _totals(totals: Totals) -> TotalsView:
    return TotalsView(
        subtotal=money_of(totals.subtotal),
        discount=money_of(totals.discount),
        shipping=money_of(totals.shipping),
        tax=money_of(totals.tax),
        total=money_of(totals.total),
    )


def money_of(money: Money) -> MoneyView:
    """An amount."""
    return MoneyView(minor=money.minor, currency=money.currency)


def _localized(text: LocalizedText) -> Localized:
    languages: tuple[Language, ...] = get_args(Language)
    return {language: text.of(language) for language in languages}
