"""Who is in the shops' pages, how an agent finds them, and how a page is told something."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle

import pytest

from agent_ui.visitors.codes import Codes
from agent_ui.visitors.errors import CodeUnknown, VisitorUnknown
from agent_ui.visitors.model import PageCart, PageCartLine, Visitor
from agent_ui.visitors.registry import Visitors
from pbx.contract.resources import ContactView

CART = PageCart("EUR", (PageCartLine("Mug", "SKU-mug", 2, 1_250),))
TTL, CODE_TTL = 3_600.0, 900.0


@dataclass
class Clock:
    now: float = 1_772_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class OpenPage:
    got: list[dict[str, object]] = field(default_factory=list)
    closed: bool = False

    def send(self, message: dict[str, object]) -> None:
        self.got.append(message)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def visitors(clock: Clock) -> Visitors:
    return new_visitors(clock)


def new_visitors(
    clock: Clock, capacity: int = 100, drawn: tuple[int, ...] = (123_456, 42, 7), lines: int = 1_000
) -> Visitors:
    numbers = cycle(drawn)
    return Visitors(Codes(CODE_TTL, lambda below: next(numbers)), TTL, clock, capacity, lines)


def a_contact(contact_id: str = "c1", visitor: str | None = None, customer: str | None = None) -> ContactView:
    return ContactView(
        id=contact_id, state="talking", called="4000", language="en", started_at=datetime.now(UTC),
        visitor=visitor, customer_id=customer,
    )  # fmt: skip


def test_a_visitor_is_there_with_what_the_page_published(visitors: Visitors) -> None:
    visitor = visitors.arrive("atelier", "fr", None)

    visitors.published(visitor.id, page=("https://shop.example/checkout", "Paiement", "payment"))
    visitors.published(visitor.id, cart=CART)

    known = visitors.get(visitor.id)
    assert known is not None
    assert (known.url, known.title, known.checkout_step) == (
        "https://shop.example/checkout", "Paiement", "payment",
    )  # fmt: skip
    assert known.cart == CART


def test_ids_cannot_be_guessed_and_are_fit_for_a_sip_user_name(visitors: Visitors) -> None:
    ids = {visitors.arrive("atelier", "fr", None).id for _ in range(50)}

    assert len(ids) == 50
    assert all(len(one) == 24 and one.isalnum() for one in ids)


def test_a_calls_visitor_is_the_one_whose_page_it_comes_from(visitors: Visitors) -> None:
    mine = visitors.arrive("atelier", "fr", "ana")
    visitors.arrive("atelier", "fr", "ana")

    found = visitors.for_contact(a_contact(visitor=mine.id, customer="ana"))

    assert found is not None and found.id == mine.id


def test_a_phone_callers_visitor_is_found_by_the_code_that_was_told(visitors: Visitors) -> None:
    visitor = visitors.arrive("atelier", "fr", None)
    page = OpenPage()
    visitors.opened(visitor.id, page)
    code = visitors.show_code(visitor.id)

    joined = visitors.join(code.digits, "c1")

    assert code.digits == "123456"
    assert joined.id == visitor.id
    found = visitors.for_contact(a_contact("c1"))
    assert found is not None and found.id == visitor.id
    assert page.got == [{"type": "joined"}]


def test_a_code_may_be_typed_with_spaces(visitors: Visitors) -> None:
    visitor = visitors.arrive("atelier", "fr", None)
    visitors.show_code(visitor.id)

    assert visitors.join("123 456", "c1").id == visitor.id


def test_a_code_is_good_for_once_and_not_for_long(visitors: Visitors, clock: Clock) -> None:
    visitor = visitors.arrive("atelier", "fr", None)
    first = visitors.show_code(visitor.id).digits
    visitors.join(first, "c1")
    second = visitors.show_code(visitor.id).digits
    clock.now += CODE_TTL

    for code in (first, second, "999999", ""):
        with pytest.raises(CodeUnknown):
            visitors.join(code, "c2")


def test_a_new_code_ends_the_visitors_earlier_one(visitors: Visitors) -> None:
    visitor = visitors.arrive("atelier", "fr", None)
    first = visitors.show_code(visitor.id).digits
    second = visitors.show_code(visitor.id).digits

    with pytest.raises(CodeUnknown):
        visitors.join(first, "c1")
    assert second == "000042"
    assert visitors.join(second, "c1").id == visitor.id


def test_no_two_visitors_have_the_same_code(clock: Clock) -> None:
    visitors = new_visitors(clock, drawn=(5, 5, 6))
    codes = [visitors.show_code(visitors.arrive("atelier", "fr", None).id).digits for _ in range(2)]

    assert codes == ["000005", "000006"]


def test_the_agents_see_which_code_the_page_shows(visitors: Visitors, clock: Clock) -> None:
    visitor = visitors.arrive("atelier", "fr", None)
    visitors.show_code(visitor.id)

    shown = visitors.get(visitor.id)
    clock.now += CODE_TTL
    later = visitors.get(visitor.id)

    assert shown is not None and shown.code == "123456"
    assert later is not None and later.code is None


def test_a_recognised_customers_visitor_is_the_one_with_an_open_page(visitors: Visitors) -> None:
    visitors.arrive("atelier", "fr", "ana")
    here = visitors.arrive("atelier", "fr", "ana")
    visitors.opened(here.id, OpenPage())
    visitors.arrive("atelier", "fr", "ana")
    visitors.arrive("atelier", "fr", "rui")

    found = visitors.for_contact(a_contact(customer="ana"))

    assert found is not None and found.id == here.id
    assert visitors.for_contact(a_contact(customer="eva")) is None
    assert visitors.for_contact(a_contact()) is None


def test_all_open_pages_of_a_visitor_are_told(visitors: Visitors) -> None:
    visitor, other = visitors.arrive("atelier", "fr", None), visitors.arrive("atelier", "fr", None)
    pages = [OpenPage(), OpenPage(), OpenPage()]
    for page in pages[:2]:
        visitors.opened(visitor.id, page)
    visitors.opened(other.id, pages[2])

    visitors.tell(visitor.id, {"type": "cart"})

    assert [page.got for page in pages] == [[{"type": "cart"}], [{"type": "cart"}], []]


def test_a_visitor_is_online_while_a_page_is_open(visitors: Visitors) -> None:
    visitor = visitors.arrive("atelier", "fr", None)
    seen: list[bool] = []
    visitors.subscribe(lambda changed: seen.append(changed.online))

    first, second = visitors.opened(visitor.id, OpenPage()), visitors.opened(visitor.id, OpenPage())
    first()
    second()
    second()

    assert seen == [True, True, True, False]


def test_one_listeners_fault_is_not_the_others(visitors: Visitors) -> None:
    seen: list[Visitor] = []

    def faulty(_visitor: Visitor) -> None:
        raise RuntimeError

    visitors.subscribe(faulty)
    stop = visitors.subscribe(seen.append)
    visitor = visitors.arrive("atelier", "fr", None)
    visitors.published(visitor.id, cart=CART)
    stop()
    visitors.published(visitor.id, cart=CART)

    assert [one.id for one in seen] == [visitor.id]


def test_an_idle_visitor_is_forgotten_one_with_an_open_page_is_not(visitors: Visitors, clock: Clock) -> None:
    idle, here = visitors.arrive("atelier", "fr", None), visitors.arrive("atelier", "fr", None)
    visitors.opened(here.id, OpenPage())
    clock.now += TTL + 1
    visitors.arrive("atelier", "fr", None)

    assert visitors.get(idle.id) is None
    assert visitors.get(here.id) is not None
    with pytest.raises(VisitorUnknown):
        visitors.published(idle.id, cart=CART)


def test_a_token_outlives_a_restart_of_the_process(visitors: Visitors) -> None:
    renewed = visitors.renew("0123456789abcdef01234567", "atelier", "pt", "ana")

    assert visitors.get("0123456789abcdef01234567") == renewed
    assert (renewed.site, renewed.language, renewed.customer_id) == ("atelier", "pt", "ana")


def test_who_signs_out_is_vouched_for_no_more(visitors: Visitors) -> None:
    visitor = visitors.arrive("atelier", "fr", "ana")

    assert visitors.renew(visitor.id, "atelier", "fr", None).customer_id is None


def test_beyond_the_capacity_the_longest_idle_without_a_page_is_forgotten(clock: Clock) -> None:
    visitors = new_visitors(clock, capacity=3)
    first, second, third = (visitors.arrive("atelier", "fr", None).id for _ in range(3))
    visitors.opened(first, OpenPage())
    visitors.published(second, cart=CART)

    fourth = visitors.arrive("atelier", "fr", None).id

    assert [visitors.get(one) is not None for one in (first, second, third, fourth)] == [
        True, True, False, True,
    ]  # fmt: skip


def test_all_carts_together_have_an_end_and_the_longest_idle_lose_theirs(clock: Clock) -> None:
    visitors = new_visitors(clock, lines=20)
    six, thirty = PageCart("EUR", CART.lines * 6), PageCart("EUR", CART.lines * 30)
    ids = [visitors.arrive("atelier", "fr", None).id for _ in range(4)]
    first, second, third, fourth = ids

    def kept() -> list[bool]:
        return [visitor.cart is not None for visitor in map(visitors.get, ids) if visitor]

    for one in (first, second, third, first):
        visitors.published(one, cart=six)
    assert kept() == [True, True, True, False]

    visitors.published(fourth, cart=six)
    assert kept() == [True, False, True, True]

    visitors.published(third, cart=thirty)
    assert kept() == [False, False, True, False], "the page that has just told its cart is not made to wait"
    visitors.published(third, cart=CART)
    visitors.published(second, cart=six)
    assert kept() == [False, True, True, False]


def test_a_visitors_number_of_open_pages_has_an_end(visitors: Visitors) -> None:
    visitor = visitors.arrive("atelier", "fr", None)
    pages = [OpenPage() for _ in range(21)]
    for page in pages:
        visitors.opened(visitor.id, page)

    assert [page.closed for page in pages] == [True] + [False] * 20


class Counted(str):
    """A customer's id that counts how often it is compared with another."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_a_callers_page_is_found_without_looking_at_everybodys(clock: Clock) -> None:
    visitors = new_visitors(clock, capacity=1_000)
    for number in range(500):
        visitors.arrive("atelier", "en", Counted(f"c{number}"))

    Counted.compared = 0
    found = visitors.for_contact(a_contact(customer="c250"))

    assert found is not None and found.customer_id == "c250"
    assert Counted.compared < 20


def test_a_page_whose_customer_signed_out_or_is_forgotten_is_found_for_nobody(clock: Clock) -> None:
    visitors = new_visitors(clock, capacity=2)
    ana = visitors.arrive("atelier", "en", "ana")
    visitors.renew(ana.id, "atelier", "en", None)
    assert visitors.for_contact(a_contact(customer="ana")) is None

    visitors.arrive("atelier", "en", "rui")
    visitors.arrive("atelier", "en", "eva")
    visitors.arrive("atelier", "en", "leo")
    assert visitors.for_contact(a_contact(customer="rui")) is None
    assert visitors.for_contact(a_contact(customer="leo")) is not None
