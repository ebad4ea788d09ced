"""What the transfer commands name: an agent, a queue, or a number."""

from dataclasses import dataclass
from typing import Literal

from pbx.catalog import Catalog
from pbx.errors import NotFound

Kind = Literal["agent", "queue", "number"]


@dataclass(frozen=True, slots=True)
class Target:
    """A parsed target; `label` is what people see."""

    kind: Kind
    value: str
    label: str


def parse_target(text: str, catalog: Catalog) -> Target:
    """Read `agent:ID`, `queue:ID` or `number:DIGITS`. Raises NotFound when there is no such agent or queue."""
    kind, _, value = text.partition(":")
    if kind == "agent" and value in catalog.agents:
        return Target("agent", value, catalog.agents[value].name)
    if kind == "queue" and value in catalog.queues:
        return Target("queue", value, catalog.queues[value].name)
    if kind == "number" and value:
        return target_of_number(value, catalog)
    raise NotFound("There is nobody to transfer to under this name.", target=text)


def target_of_number(dialed: str, catalog: Catalog) -> Target:
    """What a phone dialed: an agent's id or phone, a queue's id, or else a number."""
    agent = catalog.agents.get(dialed) or catalog.agent_of_phone(dialed)
    if agent is not None:
        return Target("agent", agent.id, agent.name)
    if dialed in catalog.queues:
        return Target("queue", dialed, catalog.queues[dialed].name)
    return Target("number", dialed, dialed)
