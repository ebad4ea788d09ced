"""What an agent may do on a customer's page, and what never."""

import pytest
from unit.agent_ui.cobrowse.mirrored import POLICY, Json, PageMaker, snapshot

from agent_ui.cobrowse.commands import BURST, Command, Rate, check, read_command
from agent_ui.cobrowse.consent import Consent, Tier, Turn, answer, ask, own_input, turn
from agent_ui.cobrowse.errors import CommandRefused
from agent_ui.cobrowse.inspection import Inspection
from agent_ui.cobrowse.policy import MASK


def agreed_to(*tiers: Tier) -> Consent:
    consent = Consent()
    for tier in tiers:
        consent = ask(consent, tier, "alice", 0.0)
        consent = answer(consent, consent.asked, True, 0.0)
    return consent


ALL = agreed_to(*Tier)


class Checkout:
    """A page with everything on it that matters."""

    def __init__(self, page: PageMaker) -> None:
        el = page.element
        self.email = el("input", {"name": "email", "type": "email", "value": ""})
        self.phone = el("input", {"name": "phone", "value": MASK})
        self.password = el("input", {"name": "password", "type": "password"})
        self.code = el("input", {"autocomplete": "one-time-code"})
        self.card = el("input", {"class": "n", "rr_width": "9px"}, needBlock=True)
        self.cvv = el("input", {"name": "cvv", "value": MASK})
        self.label = el("label", {}, el("span", {}, "Phone"), el("input", {"name": "phone2"}))
        self.for_card = el("label", {"for": "cc"}, "x")
        self.hidden_card = el("input", {"id": "cc", "name": "cardnumber"})
        self.country = el("select", {"id": "country"}, el("option", {}, "France"))
        self.next = el("button", {"type": "submit"}, "Next step")
        self.form = el("form", {}, self.email, self.phone, self.next)
        self.pay = el("button", {"type": "button"}, el("span", {}, "Payer 12,00 €"))
        self.order = el("div", {"id": "order"}, el("b", {}, "Go"))
        self.go = el("button", {"type": "submit"}, "Continue")
        self.payment = el("form", {}, self.card, self.cvv, self.go)
        self.pagar = el("input", {"type": "submit", "value": "Finalizar compra"})
        parts = [
            self.form,
            self.password,
            self.code,
            self.label,
            self.for_card,
            self.hidden_card,
            self.country,
        ]
        document = page.document(*parts, self.pay, self.order, self.payment, self.pagar)
        inspection = Inspection(POLICY)
        inspection.look_through([snapshot(document)])
        self.shadow = inspection.shadow

    def tries(
        self, action: str, node: Json, value: str = "", consent: Consent = ALL, epoch: str = "e"
    ) -> str:
        """The reason of the refusal, or nothing."""
        command = Command(1, epoch, action, node["id"], value=value)
        try:
            check(command, consent, self.shadow, "e", 100.0)
        except CommandRefused as refusal:
            return refusal.reason
        return ""


@pytest.fixture
def checkout(page: PageMaker) -> Checkout:
    return Checkout(page)


def test_a_shared_field_is_filled_in_and_the_next_step_taken(checkout: Checkout) -> None:
    assert checkout.tries("click", checkout.email) == ""
    assert checkout.tries("type", checkout.email, "a@b.example") == ""
    assert checkout.tries("choose", checkout.country, "FR") == ""
    assert checkout.tries("next", checkout.email) == ""
    assert checkout.tries("click", checkout.next) == ""
    assert checkout.tries("scroll", checkout.form) == ""


@pytest.mark.parametrize("action", ["click", "type", "next"])
@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("phone", "masked"),
        ("password", "sensitive"),
        ("code", "sensitive"),
        ("card", "masked"),
        ("cvv", "sensitive"),
        ("hidden_card", "sensitive"),
    ],
)
def test_private_fields_are_never_touched(checkout: Checkout, action: str, field: str, reason: str) -> None:
    assert checkout.tries(action, getattr(checkout, field), "1") == reason


def test_nor_through_their_labels(checkout: Checkout) -> None:
    assert checkout.tries("click", checkout.label["childNodes"][0]) == "masked"
    assert checkout.tries("click", checkout.for_card) == "sensitive"


@pytest.mark.parametrize("button", ["pay", "order", "go", "pagar"])
def test_the_agent_never_pays(checkout: Checkout, button: str) -> None:
    found = getattr(checkout, button)
    assert checkout.tries("click", found) == "pays"
    for child in found["childNodes"]:
        assert checkout.tries("click", child) == "pays"


def test_no_card_number_is_typed_by_an_agent(checkout: Checkout) -> None:
    assert checkout.tries("type", checkout.email, "4111 1111 1111 1111") == "card_number"


@pytest.mark.parametrize("action", ["click", "type", "choose", "scroll", "next"])
def test_control_needs_the_customers_word(checkout: Checkout, action: str) -> None:
    for consent in (Consent(), agreed_to(Tier.VIEW), agreed_to(Tier.VIEW, Tier.POINT)):
        assert checkout.tries(action, checkout.email, consent=consent) == "no_consent"
    assert checkout.tries(action, checkout.email, consent=turn(ALL, Turn.PAUSED)) == "paused"
    assert checkout.tries(action, checkout.email, consent=own_input(ALL, 99.0)) == "customer_acts"


@pytest.mark.parametrize("action", ["point", "highlight", "draw", "please_click"])
def test_pointing_needs_its_own_word_and_touches_nothing(checkout: Checkout, action: str) -> None:
    assert checkout.tries(action, checkout.card, consent=agreed_to(Tier.VIEW, Tier.CONTROL)) == "no_consent"
    assert (
        checkout.tries(action, checkout.card, consent=own_input(agreed_to(Tier.VIEW, Tier.POINT), 99.9)) == ""
    )


def test_another_pages_elements_are_not_meant(checkout: Checkout) -> None:
    assert checkout.tries("click", checkout.email, epoch="before") == "other_page"
    assert checkout.tries("click", {"id": 4000}) == "no_such_element"
    assert checkout.tries("type", checkout.form) == "no_field"


@pytest.mark.parametrize(
    "change",
    [
        {"action": "submit"},
        {"action": None},
        {"node": "7"},
        {"node": -7},
        {"fx": "0"},
        {"fx": 1e9},
        {"value": "x" * 2001},
        {"value": 7},
        {"points": [[1]]},
        {"points": [[0, 0]] * 401},
        {"epoch": 3},
        {"id": True},
    ],
)
def test_what_is_no_command_is_refused(change: Json) -> None:
    whole = {"id": 1, "epoch": "e", "action": "click", "node": 7, "fx": 0.5, "fy": 0.5}
    assert read_command(whole) == Command(1, "e", "click", 7)
    with pytest.raises(CommandRefused, match="malformed"):
        read_command({**whole, **change})


def test_nobody_acts_faster_than_people_do() -> None:
    rate = Rate(at=0.0)
    assert all(rate.take(0.0) for _ in range(int(BURST)))
    assert not rate.take(0.0)
    assert rate.take(1.0)
