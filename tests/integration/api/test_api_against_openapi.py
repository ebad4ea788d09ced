"""The real server answers what docs/openapi.json says, for every route."""

from typing import Any

import requests

from tests.integration.api.api_server import ApiBox
from tests.integration.api.conftest import OPENAPI, Client, until

METHODS = {"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"}
CONTACT = "/v1/contacts/{contact}"


def offer_to(ask: Client, agent: str) -> dict[str, Any]:
    def found() -> Any:
        return next(
            (one for one in ask("GET", "/v1/snapshot").json()["offers"] if one["agent"] == agent), None
        )

    offer: dict[str, Any] = until(found)
    return offer


def in_state(ask: Client, contact: str, state: str) -> Any:
    return until(lambda: ask("GET", CONTACT, contact=contact).json().get("state") == state)


def test_every_route_answers_as_documented(box: ApiBox, ask: Client) -> None:
    for agent in ("alice", "benoit"):
        box.do("opens_a_page", agent)
        status = {"status": "available"}
        assert ask("PUT", "/v1/agents/{agent}/status", agent, status, agent=agent).status_code == 204
    contact = box.do("customer_queues", "c1")
    first = offer_to(ask, "alice") if box.do("rings", "alice") else offer_to(ask, "benoit")
    agent, other = first["agent"], {"alice": "benoit", "benoit": "alice"}[first["agent"]]
    busy = {"reason": "busy"}
    assert ask("POST", "/v1/offers/{offer}/decline", agent, busy, offer=first["id"]).status_code == 204
    agent, other = other, agent
    offer = offer_to(ask, agent)
    assert offer["contact"]["id"] == contact and offer["contact"]["customer_id"] == "camille"
    assert ask("POST", "/v1/offers/{offer}/accept", agent, offer=offer["id"]).status_code == 204
    until(lambda: box.do("rings", agent))
    box.do("answers", agent)
    in_state(ask, contact, "talking")
    joined = {"visitor": "v1", "site": "boutique"}
    assert ask("POST", f"{CONTACT}/visitor", agent, joined, contact=contact).status_code == 204
    assert ask("GET", CONTACT, contact=contact).json()["visitor"] == "v1"
    assert ask("POST", f"{CONTACT}/away", other, contact=contact).status_code == 403, "not this agent's page"
    assert ask("POST", f"{CONTACT}/away", agent, contact=contact).status_code == 204
    parts = ask("GET", CONTACT, contact=contact).json()["participants"]
    assert [one["agent"] for one in parts if one["away"]] == [agent]

    def command(verb: str, body: Any = None, method: str = "POST", actor: str = agent) -> None:
        answer = ask(method, f"{CONTACT}/{verb}", actor, body, contact=contact)
        assert answer.status_code == 204, answer.text

    for verb in ("hold", "resume", "mute", "unmute", "recording/pause", "recording/resume"):
        command(verb)
    command("digits", {"digits": "12#"})
    command("transfer", {"kind": "consult", "target": f"agent:{other}"})
    command("transfer/cancel")
    until(lambda: len(ask("GET", CONTACT, contact=contact).json()["participants"]) == 2)
    command("transfer", {"kind": "consult", "target": f"agent:{other}"})
    box.do("answers", other)
    command("transfer/complete")
    until(lambda: ask("GET", CONTACT, contact=contact).json()["agent"] == other)
    command("conference", {"target": "number:warehouse"}, actor=other)
    warehouse = box.do("answers", "warehouse")
    until(lambda: len(ask("GET", CONTACT, contact=contact).json()["participants"]) == 3)
    command("hang-up", {"participant": warehouse}, actor=other)
    until(lambda: len(ask("GET", CONTACT, contact=contact).json()["participants"]) == 2)
    command("hang-up", actor=other)
    in_state(ask, contact, "wrap_up")
    command("wrap-up", {"disposition": "sold", "note": "Size 42", "finish": True}, "PUT", actor=other)

    assert box.do("flushed")
    (record,) = ask("GET", "/v1/cdr", query={"customer_id": "camille"}).json()
    assert (record["contact"], record["disposition"], record["agent"]) == (contact, "sold", other)
    assert ask("GET", "/v1/cdr/{contact}", contact=contact).json() == record
    events = ask("GET", "/v1/cdr/{contact}/events", contact=contact).json()
    types = [one["type"] for one in events]
    assert types[0] == "contact.started"
    declined = next(one["body"] for one in events if one["type"] == "offer.ended")
    assert (declined["state"], declined["reason"]) == ("rejected", "busy")
    assert types.index("call.bridged") < types.index("contact.ended") < types.index("contact.wrapped_up")
    assert [one["seq"] for one in events] == sorted(one["seq"] for one in events)

    assert ask("GET", "/v1/recordings", query={"contact": contact}).json() == []

    until(
        lambda: ask("POST", "/v1/agents/{agent}/dial", other, {"target": "number:warehouse"}, agent=other).ok
    )
    box.do("ban", "192.0.2.9", "alice")
    (ban,) = ask("GET", "/v1/bans").json()
    assert ask("DELETE", "/v1/bans/{ban}", agent, ban=ban["id"]).status_code == 204
    box.do("register", "alice")
    assert [one["username"] for one in ask("GET", "/v1/registrations").json()] == ["alice"]
    assert ask("GET", "/v1/callbacks").json() == []
    status = ask("GET", "/v1/queues/{queue}/status", queue="shop", query={"number": "4000"}).json()
    assert (status["open"], status["closed"], status["waiting"]) == (True, None, 0)
    wanted = {"queue": "shop", "number": "+33639980007", "language": "fr"}
    refused = ask("POST", "/v1/callbacks", "guest-v1", wanted)
    assert (refused.status_code, refused.json()["id"]) == (403, "pbx.not_dialable")
    box.do("carrier")
    promised = ask("POST", "/v1/callbacks", "guest-v1", wanted).json()
    assert ask("POST", "/v1/callbacks", "guest-v1", wanted).json()["id"] == "pbx.callback_exists"
    assert ask("GET", "/v1/callbacks/{callback}", callback=promised["id"]).json()["number"] == "+33639980007"
    gone = ask("DELETE", "/v1/callbacks/{callback}", "guest-v1", callback=promised["id"])
    assert gone.status_code == 204, gone.text
    assert {one["target"] for one in ask("GET", "/v1/directory").json()} > {"agent:alice", "queue:shop"}
    assert ask("GET", "/v1/health").json()["status"] == "ok"
    assert "comptoir_contacts_started_total" in ask("GET", "/metrics").text
    assert ask("POST", "/v1/reload", agent).status_code == 204

    answered = {name for name, status in ask.seen if status < 300}
    documented = {one["operationId"] for path in OPENAPI["paths"].values() for one in path.values()}
    assert documented - answered == {"events"}, "the stream has tests of its own"


def test_no_other_method_is_there_on_any_documented_path(ask: Client) -> None:
    for path, operations in OPENAPI["paths"].items():
        for method in {"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"} - {
            m.upper() for m in operations
        }:
            answer = requests.request(
                method, ask.base + path.replace("{", "").replace("}", ""), timeout=10,
                headers={"Authorization": "Bearer a-token-of-the-tests"},
            )  # fmt: skip
            assert answer.status_code == 405, f"{method} {path}"
            assert set(answer.headers["Allow"].split(", ")) == {one.upper() for one in operations}
