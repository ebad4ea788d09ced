"""The front end's types are written from the Python side."""

from agent_ui.contract_types import TARGET, typescript


def test_the_types_in_the_front_end_are_current() -> None:
    assert TARGET.read_text("utf-8") == typescript(), "run: python -m agent_ui.contract_types"


def test_fields_with_a_default_are_always_told_but_may_be_left_out_when_asked() -> None:
    text = typescript()
    told = text[text.index("export interface AgentView") :].partition("}")[0]
    asked = text[text.index("export interface SetStatus") :].partition("}")[0]
    assert "readonly phone_registered: boolean;" in told
    assert "readonly pause_reason?: string | null;" in asked


def test_every_event_is_one_of_any_event() -> None:
    union = typescript().rpartition("export type AnyEvent = ")[2]
    assert {"OfferCreated", "OfferEnded", "ContactChanged", "RecordingChanged"} <= set(
        union.strip(";\n").split(" | ")
    )
