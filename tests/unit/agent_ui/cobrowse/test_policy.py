"""Which fields are shared, and that nobody widens it."""

import json

import pytest
from unit.agent_ui.cobrowse.mirrored import POLICY

from agent_ui.cobrowse.policy import MaskPolicy, checked, is_sensitive, says_sensitive, signed, verified


def test_a_field_is_private_unless_the_site_names_it() -> None:
    assert POLICY.shares({"name": "email"})
    assert POLICY.shares({"id": "country", "name": "whatever"})
    assert not POLICY.shares({"name": "phone"})
    assert not POLICY.shares({})


@pytest.mark.parametrize(
    "attributes",
    [
        {"name": "email", "type": "password"},
        {"name": "email", "type": "hidden"},
        {"name": "email", "autocomplete": "section-pay cc-number"},
        {"name": "email", "autocomplete": "one-time-code"},
        {"name": "email", "id": "cardNumber"},
        {"name": "email", "placeholder": "Numéro de carte"},
        {"name": "email", "aria-label": "Security code"},
        {"name": "email", "data-cc-mask": ""},
        {"name": "cvv"},
    ],
)
def test_a_sensitive_field_stays_private_though_the_site_names_it(attributes: dict[str, str]) -> None:
    assert not POLICY.shares(attributes)


@pytest.mark.parametrize(
    "name",
    ["cardnumber", "card-number", "cc_num", "payment[pan]", "CVC2", "expiryDate", "iban", "securityCode"],
)
def test_names_of_payment_fields_are_known(name: str) -> None:
    assert says_sensitive(name)


@pytest.mark.parametrize(
    "name", ["company", "discard", "expand", "span", "email", "postcode", "deliveryCity"]
)
def test_names_that_only_contain_such_words_are_not(name: str) -> None:
    assert not says_sensitive(name)
    assert not is_sensitive({"name": name})


def test_a_signed_policy_is_read_back() -> None:
    assert verified(signed(POLICY, "secret"), "secret") == POLICY


def test_a_widened_policy_is_refused() -> None:
    document = signed(POLICY, "secret")
    wider = json.loads(document["policy"])
    wider["share"].append("name:phone")
    with pytest.raises(ValueError, match="not ours"):
        verified({**document, "policy": json.dumps(wider)}, "secret")
    with pytest.raises(ValueError, match="not ours"):
        verified(signed(POLICY, "another"), "secret")
    with pytest.raises(ValueError, match="without a secret"):
        signed(POLICY, "")


def test_a_rule_is_one_of_few_kinds() -> None:
    assert checked(("name:email", "autocomplete:postal-code")) == ("name:email", "autocomplete:postal-code")
    for wrong in ("*", "css:input", "name:", "email"):
        with pytest.raises(ValueError, match="a rule is"):
            checked((wrong,))


def test_the_site_says_what_pays() -> None:
    assert POLICY.pays({"id": "order"})
    assert MaskPolicy("s", 1).pays({"data-cc-pay": ""})
    assert not POLICY.pays({"id": "next"})
