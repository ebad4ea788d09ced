"""An agent's work in a real browser: the offer, the call, the wrap-up, and what goes wrong in between."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

OpenAs = Callable[..., Page]


@pytest.fixture
def alice(open_as: OpenAs) -> Page:
    page = open_as("alice")
    expect(page.get_by_role("heading", name="Ready for calls")).to_be_visible()
    return page


@pytest.fixture
def offered(alice: Page, desks: Any) -> Page:
    """Olivia's call is offered to Alice."""
    desks.do("offer", id="o1", agent="alice", caller="en")
    expect(alice.get_by_role("heading", name="Olivia Hartwell").first).to_be_visible()
    return alice


@pytest.fixture
def talking(offered: Page) -> Page:
    """Alice has accepted."""
    offered.keyboard.press("a")
    expect(offered.get_by_role("button", name="Hang up")).to_be_visible()
    return offered


def did(desks: Any, what: str) -> list[Any]:
    return [command for command in desks.commands() if command[1] == what]


def test_the_cart_is_on_the_page_before_the_answer(offered: Page, desks: Any) -> None:
    cart = offered.get_by_role("region", name="Open cart")
    expect(cart.get_by_role("list", name="Items").get_by_role("listitem")).to_have_count(3)
    expect(cart).to_contain_text("Moka pot, six cups")
    expect(cart).to_contain_text("€71.60")
    expect(offered.get_by_role("region", name="Orders")).to_contain_text("2001018")
    expect(offered.get_by_role("region", name="Orders")).to_contain_text("Shipped")
    expect(offered.get_by_role("region", name="Past contacts")).to_contain_text("Asked when the parcel")
    assert did(desks, "accept") == []


def test_the_offer_says_who_since_when_and_what_they_pressed(offered: Page) -> None:
    offer = offered.get_by_role("region", name="Incoming call")
    expect(offer).to_contain_text("+44 207 946 0001")
    expect(offer).to_contain_text("Sales")
    expect(offer).to_contain_text("Status of the latest order")
    expect(offer).to_contain_text("Wants to talk to a person")
    expect(offer.get_by_text("0:4")).to_be_visible()
    expect(offer.get_by_role("timer", name="seconds left")).to_be_visible()


def test_an_offer_calls_for_attention(offered: Page, desks: Any) -> None:
    expect(offered.get_by_role("alert")).to_have_text("Incoming call from Olivia Hartwell")
    expect(offered).to_have_title("● Incoming call · Comptoir")
    expect(offered.locator("link[rel=icon]")).to_have_attribute("href", re.compile("^data:image/png"))
    desks.do("end_offer", id="o1", state="canceled")
    expect(offered).to_have_title("Desk · Comptoir")
    expect(offered.get_by_text("Olivia Hartwell hung up before an answer.")).to_be_visible()


def test_a_declined_offer_goes_away_without_a_word(offered: Page, desks: Any) -> None:
    offered.get_by_role("button", name="Decline").click()
    expect(offered.get_by_role("heading", name="Ready for calls")).to_be_visible()
    assert did(desks, "decline") == [["alice", "decline", "o1", {"reason": ""}]]
    expect(offered.get_by_text("hung up before")).to_have_count(0)


def test_during_the_call_the_customer_stays_on_the_page(talking: Page) -> None:
    expect(talking.get_by_role("status").filter(has_text="Talking")).to_be_visible()
    expect(talking.get_by_role("region", name="Open cart")).to_contain_text("€71.60")


def test_hold_and_mute_show_what_they_did_and_can_be_undone(talking: Page, desks: Any) -> None:
    talking.get_by_role("button", name="Hold").click()
    expect(talking.get_by_role("status").filter(has_text="On hold")).to_be_visible()
    talking.get_by_role("button", name="Resume").click()
    expect(talking.get_by_role("button", name="Hold")).to_be_visible()
    talking.get_by_role("button", name="Mute").click()
    talking.get_by_role("button", name="Unmute").click()
    expect(talking.get_by_role("button", name="Mute", exact=True)).to_be_visible()
    assert [command[1] for command in desks.commands()] == ["accept", "hold", "resume", "mute", "unmute"]


def test_keys_are_sent_from_the_keypad_and_from_the_keyboard(talking: Page, desks: Any) -> None:
    talking.get_by_role("button", name="Keypad").click()
    talking.get_by_role("group", name="Keypad").get_by_role("button", name="5").click()
    talking.keyboard.press("#")
    expect(talking.get_by_role("group", name="Keypad")).to_contain_text("5#")
    assert [command[3]["digits"] for command in did(desks, "digits")] == ["5", "#"]
    talking.keyboard.press("Escape")
    expect(talking.get_by_role("group", name="Keypad")).to_have_count(0)


def test_the_recording_is_paused_while_a_card_number_is_said(talking: Page, desks: Any) -> None:
    talking.get_by_role("button", name="Pause recording").click()
    talking.get_by_role("button", name="Resume recording").click()
    expect(talking.get_by_role("button", name="Pause recording")).to_be_visible()
    assert [command[1] for command in desks.commands()][1:] == ["recording/pause", "recording/resume"]


def test_a_colleague_is_consulted_then_takes_over(talking: Page, open_as: OpenAs, desks: Any) -> None:
    benoit = open_as("benoit")
    expect(benoit.get_by_role("heading", name="Prêt à répondre")).to_be_visible()
    talking.get_by_role("button", name="Transfer").click()
    dialog = talking.get_by_role("dialog", name="Transfer the call")
    expect(dialog.get_by_label("Name or number")).to_be_focused()
    expect(dialog.get_by_text("Carla Nogueira")).to_be_visible()
    dialog.get_by_text("Benoît Girard").click()
    dialog.get_by_role("button", name="Talk first").click()
    expect(talking.get_by_text("You are talking to Benoît Girard")).to_be_visible()
    expect(benoit.get_by_text("Un collègue demande votre aide.")).to_be_visible()
    expect(benoit.get_by_role("region", name="Panier ouvert")).to_contain_text("71,60")
    talking.get_by_role("button", name="Hand over the call").click()
    expect(talking.get_by_text("How did it go?")).to_be_visible()
    expect(benoit.get_by_role("button", name="Raccrocher")).to_be_visible()


def test_a_number_is_reached_blind(talking: Page, desks: Any) -> None:
    talking.keyboard.press("t")
    talking.get_by_label("Name or number").fill("+351 912 345 678")
    talking.get_by_role("button", name="Transfer now").click()
    expect(talking.get_by_text("How did it go?")).to_be_visible()
    assert did(desks, "transfer")[0][3] == {"kind": "blind", "target": "number:+351912345678"}


def test_somebody_joins_and_is_let_go_again(talking: Page, desks: Any) -> None:
    talking.get_by_role("button", name="Add someone").click()
    dialog = talking.get_by_role("dialog")
    dialog.get_by_text("Benoît Girard").click()
    dialog.get_by_role("button", name="Add to the call").click()
    talking.get_by_role("button", name="Remove Benoît Girard").click()
    expect(talking.get_by_role("button", name="Remove Benoît Girard")).to_have_count(0)
    expect(talking.get_by_role("button", name="Hang up")).to_be_visible()


def test_what_is_written_in_the_wrap_up_is_saved_as_it_is_written(talking: Page, desks: Any) -> None:
    talking.get_by_role("button", name="Hang up").click()
    talking.get_by_role("group", name="How did it go?").get_by_text("Order placed").click()
    talking.get_by_label("Note").fill("Wants an invoice.")
    expect(talking.get_by_text("Saving…")).to_be_visible()
    expect(talking.get_by_text("Saved as you write.")).to_be_visible()
    saved = {"disposition": "sold", "note": "Wants an invoice.", "finish": False, "extend_seconds": 0}
    assert did(desks, "wrap-up")[-1][3] == saved
    talking.get_by_role("button", name="30 s more").click()
    talking.get_by_role("button", name="Finish").click()
    expect(talking.get_by_role("heading", name="Ready for calls")).to_be_visible()
    assert [command[3]["finish"] for command in did(desks, "wrap-up")] == [False, False, True]


def test_a_customer_who_hangs_up_leads_to_the_wrap_up(talking: Page, desks: Any) -> None:
    desks.do("customer_hangs_up", contact="contact-o1")
    expect(talking.get_by_text("How did it go?")).to_be_visible()
    expect(talking.get_by_role("region", name="Open cart")).to_be_visible()


def test_all_of_a_contact_is_worked_from_the_keyboard(alice: Page, desks: Any) -> None:
    desks.do("offer", id="o1", agent="alice", caller="en")
    expect(alice.get_by_role("button", name="Accept")).to_be_visible()
    alice.keyboard.press("a")
    expect(alice.get_by_role("button", name="Hold")).to_be_visible()
    alice.keyboard.press("h")
    expect(alice.get_by_role("status").filter(has_text="On hold")).to_be_visible()
    alice.keyboard.press("x")
    expect(alice.get_by_text("How did it go?")).to_be_visible()
    alice.keyboard.press("f")
    expect(alice.get_by_role("heading", name="Ready for calls")).to_be_visible()
    assert [command[1] for command in desks.commands()] == ["accept", "hold", "hang-up", "wrap-up"]


def test_the_list_of_shortcuts_opens_with_a_question_mark(alice: Page) -> None:
    alice.keyboard.press("?")
    expect(alice.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("Accept the call")
    alice.keyboard.press("Escape")
    expect(alice.get_by_role("dialog")).to_have_count(0)


def test_shortcuts_that_are_turned_off_do_nothing(alice: Page, desks: Any) -> None:
    alice.get_by_role("button", name="Menu of Alice Martin").click()
    alice.get_by_role("menuitemcheckbox", name="Keyboard shortcuts").click()
    alice.keyboard.press("Escape")
    desks.do("offer", id="o1", agent="alice", caller="en")
    expect(alice.get_by_role("button", name="Accept")).to_be_visible()
    alice.keyboard.press("d")
    alice.keyboard.press("a")
    expect(alice.get_by_role("button", name="Accept")).to_be_visible()
    assert desks.commands() == []


def test_an_offer_does_not_take_the_focus_from_somebody_who_types(alice: Page, desks: Any) -> None:
    alice.get_by_role("button", name="Make a call").click()
    desks.do("offer", id="o1", agent="alice", caller="en")
    expect(alice.get_by_role("alert")).to_have_text("Incoming call from Olivia Hartwell")
    alice.keyboard.type("daniel")
    expect(alice.get_by_label("Name or number")).to_have_value("daniel")
    assert did(desks, "decline") == did(desks, "accept") == []


def test_keys_meant_for_a_field_that_went_away_answer_nothing(talking: Page, desks: Any) -> None:
    """The time to wrap up is over in the middle of a word, and the next caller is there."""
    talking.get_by_role("button", name="Hang up").click()
    talking.get_by_label("Note").press_sequentially("and")
    desks.do("wrap_up_over", agent="alice")
    desks.do("offer", id="o2", agent="alice", caller="fr")
    expect(talking.get_by_role("button", name="Accept")).to_be_visible()
    talking.keyboard.type("da")
    expect(talking.get_by_role("button", name="Accept")).to_be_visible()
    assert did(desks, "decline") == []


def test_the_focus_comes_to_the_offer_of_somebody_who_does_not(offered: Page) -> None:
    assert offered.evaluate("document.activeElement.className").split()[-1] == "stage-offer"


def test_a_page_that_is_loaded_again_is_where_it_was(talking: Page) -> None:
    talking.reload()
    expect(talking.get_by_role("button", name="Hang up")).to_be_visible()
    expect(talking.get_by_role("region", name="Open cart")).to_contain_text("€71.60")
    talking.get_by_role("button", name="Hang up").click()
    expect(talking.get_by_text("How did it go?")).to_be_visible()
    talking.reload()
    expect(talking.get_by_text("How did it go?")).to_be_visible()


def test_a_page_says_that_the_telephone_system_is_away_and_comes_back_by_itself(
    alice: Page, desks: Any, complaints: list[str]
) -> None:
    desks.do("away")
    expect(alice.get_by_text("The telephone system is not reachable.")).to_be_visible()
    expect(alice.get_by_role("button", name="Your status")).to_be_disabled()
    desks.do("back", boot="boot-2")
    expect(alice.get_by_text("The telephone system is not reachable.")).to_have_count(0)
    desks.do("offer", id="o2", agent="alice", caller="en")
    expect(alice.get_by_role("button", name="Accept")).to_be_visible()
    complaints.clear()  # the browser notes every answer above 400


def test_a_missing_phone_is_explained(alice: Page, desks: Any) -> None:
    desks.do("phone", agent="alice", registered=False)
    expect(alice.get_by_text("Your phone “alice” is not registered")).to_be_visible()
    expect(alice.get_by_role("button", name="Make a call")).to_be_disabled()


def test_a_break_is_taken_with_its_reason_and_ended_with_a_key(alice: Page, desks: Any) -> None:
    alice.keyboard.press("s")
    alice.get_by_role("menuitemradio", name="Lunch").click()
    expect(alice.get_by_role("heading", name="Lunch")).to_be_visible()
    alice.keyboard.press("v")
    expect(alice.get_by_role("heading", name="Ready for calls")).to_be_visible()
    assert [command[3]["status"] for command in desks.commands()] == ["on_break", "available"]


def test_what_the_telephone_system_refuses_is_said_in_words(talking: Page, complaints: list[str]) -> None:
    refusal = {"id": "pbx.unreachable", "params": {}}
    talking.route("**/hold", lambda route: route.fulfill(status=422, json=refusal))
    talking.get_by_role("button", name="Hold").click()
    expect(talking.get_by_role("status").filter(has_text="Nobody can be reached there")).to_be_visible()
    complaints.clear()  # the browser notes every answer above 400


def test_what_is_refused_in_a_dialog_is_said_in_the_dialog(talking: Page, complaints: list[str]) -> None:
    refusal = {"id": "pbx.unreachable", "params": {}}
    talking.route("**/transfer", lambda route: route.fulfill(status=422, json=refusal))
    talking.get_by_role("button", name="Transfer").click()
    dialog = talking.get_by_role("dialog")
    dialog.get_by_text("Carla Nogueira").click()
    dialog.get_by_role("button", name="Talk first").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Nobody can be reached there")
    complaints.clear()  # the browser notes every answer above 400


def test_a_call_is_placed_from_the_desk(alice: Page, desks: Any) -> None:
    alice.keyboard.press("n")
    alice.get_by_label("Name or number").fill("020 7946 0001")
    alice.get_by_role("dialog").get_by_role("button", name="Call", exact=True).click()
    expect(alice.get_by_role("button", name="Hang up")).to_be_visible()
    assert did(desks, "dial")[0][3]["target"] == "number:02079460001"


def test_an_unknown_caller_is_said_to_be_one(alice: Page, desks: Any) -> None:
    desks.do("offer", id="o1", agent="alice", caller="+33611223344")
    expect(alice.get_by_text("No customer of the shop has the number +33 611 223 344.")).to_be_visible()


def test_a_withheld_number_is_said_to_be_one(alice: Page, desks: Any) -> None:
    desks.do("offer", id="o1", agent="alice", caller=None)
    expect(alice.get_by_role("heading", name="Number withheld")).to_be_visible()
    expect(alice.get_by_text("The number is withheld, so the customer is not known.")).to_be_visible()


def test_an_agents_own_day_is_counted(alice: Page) -> None:
    expect(alice.get_by_role("region", name="Your latest contacts")).to_contain_text("Camille Rousselin")


def test_language_and_colours_are_kept(alice: Page) -> None:
    alice.get_by_role("button", name="Menu of Alice Martin").click()
    alice.get_by_role("menuitemradio", name="Português").click()
    alice.get_by_role("menuitemradio", name="Escuro").click()
    alice.wait_for_load_state("networkidle")
    alice.reload()
    expect(alice.get_by_role("heading", name="Pronto a atender")).to_be_visible()
    expect(alice.locator("html")).to_have_attribute("data-theme", "dark")
    expect(alice.locator("html")).to_have_attribute("lang", "pt")


def test_another_agents_browser_receives_nothing_of_an_offer(
    alice: Page, open_as: OpenAs, desks: Any
) -> None:
    benoit = open_as(None)
    frames: list[str] = []
    benoit.on("websocket", lambda socket: socket.on("framereceived", lambda data: frames.append(str(data))))
    benoit.locator("#username").fill("benoit")
    benoit.locator("#password").fill("correct horse battery")
    benoit.locator("button[type=submit]").click()
    expect(benoit.get_by_role("heading", name="Prêt à répondre")).to_be_visible()
    desks.do("offer", id="o1", agent="alice", caller="en")
    expect(alice.get_by_role("button", name="Accept")).to_be_visible()
    alice.keyboard.press("a")
    expect(alice.get_by_role("button", name="Hang up")).to_be_visible()
    desks.do("waiting", count=7)
    expect(benoit.get_by_text("7 en attente")).to_be_visible()
    told = "".join(frames)
    assert "queue.changed" in told, "the frames are not recorded"
    assert "o1" not in told
    assert "Olivia" not in told
    assert "+442079460001" not in told


def test_signing_out_ends_the_page(alice: Page) -> None:
    alice.get_by_role("button", name="Menu of Alice Martin").click()
    alice.get_by_role("menuitem", name="Sign out").click()
    expect(alice.get_by_role("heading", name="Sign in")).to_be_visible()
    alice.goto("/desk")
    expect(alice).to_have_url(re.compile("/login$"))


def test_a_supervisor_watches_the_floor_live(open_as: OpenAs, desks: Any) -> None:
    page = open_as("supervisor")
    expect(page.get_by_role("region", name="Agents")).to_contain_text("Carla Nogueira")
    desks.do("offer", id="o1", agent="alice", caller="en")
    contacts = page.get_by_role("region", name="Live contacts")
    expect(contacts).to_contain_text("+44 207 946 0001")
    expect(contacts).to_contain_text("Being offered")
    desks.do("waiting", count=3)
    expect(page.get_by_role("region", name="Queues")).to_contain_text("3")


def test_an_admin_adds_a_user_and_is_shown_the_passwords_once(open_as: OpenAs) -> None:
    page = open_as("admin")
    page.get_by_role("link", name="Users").click()
    page.get_by_role("button", name="Add a user").click()
    page.get_by_label("Name", exact=True).fill("Dora Diaz")
    page.get_by_label("User name").fill("Dora")
    page.get_by_role("dialog").get_by_role("button", name="Add a user").click()
    dialog = page.get_by_role("dialog", name="Generated passwords")
    expect(dialog.get_by_text("Password for these pages · dora")).to_be_visible()
    expect(dialog.get_by_text("Password for the SIP phone · dora")).to_be_visible()
    dialog.get_by_role("button", name="Done").click()
    expect(page.get_by_role("region", name="Users")).to_contain_text("Dora Diaz")
