"""`comptoir phone` and `comptoir number`: what they set up, and what they refuse in which words."""

import re

import pytest
from console import Console

from pbx.sip.digest import ha1
from pbx.sip.edge_settings import REALM


def test_a_phone_gets_a_password_that_is_shown_once_and_kept_as_hashes(console: Console) -> None:
    said = console("phone", "add", "warehouse", "--name", "The warehouse")
    found = re.search(r"password (\S+) \(shown only now\)", said.out)
    assert said.code == 0 and found
    row = console.rows("select * from endpoint where username = 'warehouse'")[0]
    assert row["ha1_md5"] == ha1("warehouse", REALM, found[1], "MD5")
    assert row["ha1_sha256"] == ha1("warehouse", REALM, found[1], "SHA-256")
    assert row["display_name"] == "The warehouse" and not row["may_dial_out"]
    assert found[1] not in str(row)


@pytest.mark.parametrize("phone", ["ware house", "ware@house", "", "x" * 70, "<sip:x>"])
def test_a_phone_s_name_must_be_fit_for_a_sip_address(console: Console, phone: str) -> None:
    said = console("phone", "add", phone)
    assert said.code == 2 and "use letters, digits" in said.err


@pytest.mark.parametrize("name", ["take-back", "guest-v1", "Guest-7"])
@pytest.mark.parametrize("what", ["phone", "number"])
def test_nothing_is_called_as_the_dial_plan_calls_something_else(
    console: Console, what: str, name: str
) -> None:
    said = console(what, "add", name)
    assert said.code == 2 and "the dial plan" in said.err


def test_a_phone_is_added_once(console: Console) -> None:
    said = console("phone", "add", "alice")
    assert (said.code, said.err) == (1, "comptoir: There is a phone alice already.\n")


def test_a_phone_may_dial_what_it_is_allowed_and_nothing_once_that_is_taken_away(console: Console) -> None:
    assert (
        "alice may dial +33, +351." in console("phone", "allow", "alice", "+33", "+351", "--calls", "3").out
    )
    row = console.rows("select * from endpoint where username = 'alice'")[0]
    assert (row["may_dial_out"], row["number_plan"], row["max_calls"]) == (1, '["+33", "+351"]', 3)
    assert "+33, +351" in console("phone", "list").out

    assert "inside only" in console("phone", "allow", "alice").out
    row = console.rows("select * from endpoint where username = 'alice'")[0]
    assert (row["may_dial_out"], row["number_plan"]) == (0, "[]")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nobody", "+33"), "There is no phone nobody."),
        (("alice", "33"), "with the plus and without blanks: +33"),
        (("alice", "+33 6"), "with the plus and without blanks: +33"),
        (("alice", "+33", "--calls", "0"), "0 is no number from 1 to"),
        (("alice", "+33", "--calls-per-hour", "many"), "many is no number from 1 to"),
    ],
)
def test_a_permission_that_makes_no_sense_is_refused(
    console: Console, words: tuple[str, ...], told: str
) -> None:
    said = console("phone", "allow", *words)
    assert said.code != 0 and told in said.err
    assert not console.rows("select * from endpoint where may_dial_out")


def test_an_agent_s_phone_stays_and_another_goes(console: Console) -> None:
    said = console("phone", "remove", "alice")
    assert said.code == 1 and "disable the user instead" in said.err
    console("phone", "add", "warehouse")
    assert console("phone", "remove", "warehouse").out.startswith("warehouse may log in no more.")
    assert console("phone", "remove", "warehouse").err == "comptoir: There is no phone warehouse.\n"
    assert "warehouse" not in console("phone", "list").out


def test_a_number_is_answered_changed_and_given_up(console: Console) -> None:
    said = console("number", "add", "+33180000001", "--inside", "--language", "fr", "--label", "Paris")
    assert said.code == 0 and "The flow shop answers +33180000001." in said.out
    row = console.rows("select * from did where number = '+33180000001'")[0]
    assert (row["public"], row["language"], row["label"], row["flow_id"]) == (0, "fr", "Paris", "shop")
    assert re.search(r"^\+33180000001 +shop +fr +trunks, phones +Paris$", console("number", "list").out, re.M)

    console("number", "add", "+33180000001")
    assert re.search(r"^\+33180000001 +shop +en +everybody", console("number", "list").out, re.M)

    assert "Nothing answers +33180000001 any more." in console("number", "remove", "+33180000001").out
    assert (
        console("number", "remove", "+33180000001").err == "comptoir: Nothing answers +33180000001 anyway.\n"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("5000", "--flow", "nope"), "There is no flow nope; see `comptoir flow list`."),
        (("+33 1 80",), "use letters, digits"),
        (("5000", "--language", "de"), "invalid choice: 'de'"),
    ],
)
def test_a_number_that_nobody_could_call_is_refused(
    console: Console, words: tuple[str, ...], told: str
) -> None:
    said = console("number", "add", *words)
    assert said.code != 0 and told in said.err
    assert len(console.rows("select * from did")) == 3
