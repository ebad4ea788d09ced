import pytest

from orders.errors import CustomerNotFound, InvalidPhoneNumber
from orders.ports import NumberParser, UnitOfWork
from orders.services.customers import (
    NewCustomer,
    find_customer_by_number,
    find_customers_by_number,
    get_customer,
    register_customer,
    search_customers,
)
from tests.shop import LISBON, a_customer


@pytest.mark.parametrize("written", ["+351200000101", "200 000 101", "00351200000101", "351200000101"])
def test_a_caller_is_recognized_however_the_number_is_written(
    uow: UnitOfWork, numbers: NumberParser, written: str
) -> None:
    assert find_customer_by_number(uow, written, "PT", numbers) == a_customer("ana")


@pytest.mark.parametrize("written", ["+351200000102", "anonymous", ""])
def test_an_unknown_or_withheld_number_is_nobodys(
    uow: UnitOfWork, numbers: NumberParser, written: str
) -> None:
    assert find_customer_by_number(uow, written, "PT", numbers) is None


def test_nobody_is_recognized_by_a_shared_number_but_all_its_owners_are_found(
    uow: UnitOfWork, numbers: NumberParser
) -> None:
    with uow:
        uow.customers.save(a_customer("rui", name="Rui"))
        uow.commit()

    owners = find_customers_by_number(uow, "+351200000101", "PT", numbers)

    assert find_customer_by_number(uow, "+351200000101", "PT", numbers) is None
    assert [owner.id for owner in owners] == ["ana", "rui"]


def test_a_new_customers_numbers_are_kept_in_e164_once_each(uow: UnitOfWork, numbers: NumberParser) -> None:
    new = NewCustomer("Rui", "rui@example.com", ("200 000 103", "+351 200000103"), "pt", LISBON)

    customer = register_customer(uow, new, numbers)

    assert customer.phones == ("+351200000103",)
    assert get_customer(uow, customer.id) == customer


def test_a_new_customer_with_a_wrong_number_is_refused_without_repeating_it(
    uow: UnitOfWork, numbers: NumberParser
) -> None:
    new = NewCustomer("Rui", "rui@example.com", ("12",), "pt", LISBON)

    with pytest.raises(InvalidPhoneNumber) as refused:
        register_customer(uow, new, numbers)

    assert "12" not in str(refused.value)


def test_customers_are_searched_by_name_and_mail_without_accents(uow: UnitOfWork) -> None:
    for text in ("brandao", "ANA@", " Brandão "):
        assert [customer.id for customer in search_customers(uow, text)] == ["ana"]
    assert search_customers(uow, "nobody") == ()
    assert search_customers(uow, "  ") == ()


def test_an_unknown_id_is_an_error_with_a_stable_name(uow: UnitOfWork) -> None:
    with pytest.raises(CustomerNotFound) as missing:
        get_customer(uow, "nobody")

    assert missing.value.id == "orders.customer_not_found"


def test_a_customer_kept_twice_under_an_id_is_one_customer(uow: UnitOfWork, numbers: NumberParser) -> None:
    first = NewCustomer("Rui Sá", "rui@example.com", (), "pt", LISBON)
    second = NewCustomer("Rui Sá Melo", "rui@example.com", ("200 000 109",), "pt", LISBON)

    kept = [register_customer(uow, new, numbers, "rui-1") for new in (first, second)]

    assert [customer.id for customer in kept] == ["rui-1", "rui-1"]
    assert get_customer(uow, "rui-1") == kept[1]
