from agent_ui.shop.news import Change, agent_changes, discount_giver, last_agent
from orders.model.actor import Actor
from orders.model.audit import AuditEntry, Detail
from tests.shop import AGENT, NOW, VISITOR


def entry(action: str, actor: Actor, *details: Detail) -> AuditEntry:
    return AuditEntry("id", NOW, actor.kind, actor.id, action, "cart", "cart-1", details)


HISTORY = (
    entry("cart.line_added", VISITOR, ("sku", "KIT-101"), ("quantity", 1)),
    entry("cart.quantity_changed", AGENT, ("sku", "KIT-101"), ("before", 1), ("after", 3)),
    entry("cart.step_changed", AGENT, ("before", "cart"), ("after", "address")),
    entry("cart.discount_given", AGENT, ("before", 0), ("after", 500), ("reason", "sorry")),
)


def test_what_agents_did_is_news_and_what_the_customer_did_is_not() -> None:
    changes = agent_changes(HISTORY)

    assert changes[0] == Change(
        "news.quantity", "agent-1", "KIT-101", {"sku": "KIT-101", "before": 1, "after": 3}
    )
    assert [change.key for change in changes] == ["news.quantity", "news.discount"]


def test_what_was_seen_is_no_news() -> None:
    assert [change.key for change in agent_changes(HISTORY, seen=2)] == ["news.discount"]
    assert agent_changes(HISTORY, seen=4) == ()


def test_the_agent_who_worked_on_the_cart_last_has_prepared_it() -> None:
    other = entry("cart.line_removed", Actor("agent", "agent-2"), ("sku", "KIT-101"), ("quantity", 3))

    assert last_agent(HISTORY) == "agent-1"
    assert last_agent((*HISTORY, other)) == "agent-2"
    assert last_agent(HISTORY[:1]) is None
    assert discount_giver((*HISTORY, other)) == "agent-1"
