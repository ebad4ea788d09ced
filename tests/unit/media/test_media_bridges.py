"""The wires on the bridge: what is wanted is what is connected, whatever comes and goes."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from pbx.media.bridges import SILENCE, Bridges, Port

A, B, C = Port("leg", "a"), Port("leg", "b"), Port("leg", "c")
MUSIC, LEFT = Port("player", "1"), Port("recorder", "r/0")


class FakeBridge:
    """The library's side: numbered slots and the wires between them."""

    def __init__(self) -> None:
        self.wires: set[tuple[int, int]] = set()
        self.failures: list[Exception] = []
        self.next = 0
        self.silence = self.slot()
        self.bridges = Bridges(lambda: self.silence, self.failures.append)
        self.slots: dict[Port, FakeAudio] = {SILENCE: self.silence}

    def slot(self) -> "FakeAudio":
        self.next += 1
        return FakeAudio(self.next, self)

    def attach(self, port: Port, *, again: bool = False) -> None:
        if not again and port in self.slots:
            self.vanish(port)
        if port not in self.slots:
            self.slots[port] = self.slot()
        self.bridges.attach(port, self.slots[port])

    def detach(self, port: Port) -> None:
        self.vanish(port)
        self.bridges.detach(port)

    def vanish(self, port: Port) -> None:
        """The library removes a slot and its wires by itself."""
        gone = self.slots.pop(port, None)
        if gone is not None:
            self.wires = {wire for wire in self.wires if gone.number not in wire}

    def heard(self, sink: Port) -> set[Port]:
        number = self.slots[sink].number
        return {port for port, audio in self.slots.items() if (audio.number, number) in self.wires}


class FakeAudio:
    def __init__(self, number: int, bridge: FakeBridge) -> None:
        self.number = number
        self.bridge = bridge

    def getPortId(self) -> int:  # noqa: N802
        return self.number

    def startTransmit(self, sink: "FakeAudio") -> None:  # noqa: N802
        self._check(sink)
        self.bridge.wires.add((self.number, sink.number))

    def stopTransmit(self, sink: "FakeAudio") -> None:  # noqa: N802
        self._check(sink)
        self.bridge.wires.discard((self.number, sink.number))

    def _check(self, sink: "FakeAudio") -> None:
        if not {self, sink} <= set(self.bridge.slots.values()):
            raise RuntimeError("a wire to a slot that is gone")


def everybody(leg: str) -> bool:
    return True


def talk(fake: FakeBridge) -> None:
    fake.attach(A)
    fake.attach(B)
    fake.bridges.mix("g", frozenset({("a", "b"), ("b", "a")}), everybody)


def test_a_leg_that_hears_nobody_hears_silence() -> None:
    fake = FakeBridge()
    fake.attach(A)
    assert fake.heard(A) == {SILENCE}
    fake.attach(B)
    fake.bridges.want(B, A)
    assert fake.heard(A) == {B}
    fake.bridges.unwant(B, A)
    assert fake.heard(A) == {SILENCE}


def test_wires_wait_for_both_ports() -> None:
    fake = FakeBridge()
    fake.bridges.mix("g", frozenset({("a", "b")}), everybody)
    fake.attach(B)
    assert fake.heard(B) == {SILENCE}
    fake.attach(A)
    assert fake.heard(B) == {A}


def test_a_changed_slot_is_connected_again_both_ways() -> None:
    fake = FakeBridge()
    talk(fake)
    fake.attach(A)
    assert (fake.heard(A), fake.heard(B)) == ({B}, {A})
    assert not fake.failures


def test_an_unchanged_slot_stays_connected() -> None:
    fake = FakeBridge()
    talk(fake)
    before = set(fake.wires)
    fake.attach(A, again=True)
    assert fake.wires == before


def test_a_new_mix_takes_away_what_it_does_not_name() -> None:
    fake = FakeBridge()
    talk(fake)
    fake.attach(C)
    fake.bridges.mix("g", frozenset({("a", "b"), ("c", "b")}), everybody)
    assert (fake.heard(A), fake.heard(B), fake.heard(C)) == ({SILENCE}, {A, C}, {SILENCE})
    fake.bridges.mix("g", frozenset(), everybody)
    assert fake.heard(B) == {SILENCE}
    assert fake.bridges.counts() == (3, 0, 0)


def test_an_edge_that_another_group_has_taken_over_stays() -> None:
    fake = FakeBridge()
    talk(fake)
    fake.bridges.mix("h", frozenset({("a", "b"), ("b", "a")}), everybody)
    fake.bridges.mix("g", frozenset(), everybody)
    assert (fake.heard(A), fake.heard(B)) == ({B}, {A})


def test_edges_of_unknown_legs_are_left_out() -> None:
    fake = FakeBridge()
    fake.attach(A)
    fake.bridges.mix("g", frozenset({("a", "gone"), ("gone", "a")}), lambda leg: leg == "a")
    assert fake.bridges.counts() == (1, 0, 0)


def test_a_leg_that_ends_leaves_nothing_behind() -> None:
    fake = FakeBridge()
    talk(fake)
    fake.attach(MUSIC)
    fake.bridges.want(MUSIC, A)
    fake.bridges.forget_leg("a")
    assert fake.heard(B) == {SILENCE}
    assert not any(fake.slots[A].number in wire for wire in fake.wires)
    fake.bridges.forget_leg("b")
    fake.bridges.drop(MUSIC)
    assert fake.bridges.counts() == (0, 0, 0)
    assert not fake.failures


def test_a_port_that_left_the_bridge_is_not_touched() -> None:
    fake = FakeBridge()
    talk(fake)
    fake.detach(A)
    fake.bridges.forget_leg("a")
    assert not fake.failures
    assert fake.heard(B) == {SILENCE}


def test_a_recorder_hears_silence_besides_its_leg() -> None:
    fake = FakeBridge()
    fake.attach(A)
    fake.attach(LEFT)
    fake.bridges.want(SILENCE, LEFT)
    fake.bridges.want(A, LEFT)
    assert fake.heard(LEFT) == {SILENCE, A}
    fake.bridges.unwant(A, LEFT)
    assert fake.heard(LEFT) == {SILENCE}


def test_a_wire_that_would_not_hold_is_reported_and_tried_again() -> None:
    fake = FakeBridge()
    talk(fake)
    fake.vanish(A)  # behind our back
    fake.bridges.mix("g", frozenset({("a", "b")}), everybody)
    assert len(fake.failures) == 2, "B to A away, silence to A instead"
    fake.attach(A)
    assert fake.heard(B) == {A}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["attach", "again", "detach", "mix", "forget"]),
        st.sampled_from("abc"),
        st.frozensets(
            st.tuples(st.sampled_from("abc"), st.sampled_from("abc")).filter(lambda edge: edge[0] != edge[1])
        ),
    ),
    max_size=25,
)


@given(STEPS)
def test_what_is_wanted_is_what_is_heard_after_any_history(
    steps: list[tuple[str, str, frozenset[tuple[str, str]]]],
) -> None:
    fake, wanted = FakeBridge(), frozenset[tuple[str, str]]()
    for step, name, edges in steps:
        port = Port("leg", name)
        act: dict[str, Callable[[], None]] = {
            "attach": lambda port=port: fake.attach(port),
            "again": lambda port=port: fake.attach(port, again=True),
            "detach": lambda port=port: fake.detach(port),
            "mix": lambda edges=edges: fake.bridges.mix("g", edges, everybody),
            "forget": lambda name=name: fake.bridges.forget_leg(name),
        }
        act[step]()
        if step == "mix":
            wanted = edges
        elif step == "forget":
            wanted = frozenset(edge for edge in wanted if name not in edge)
            fake.vanish(port)
        there = {one.name for one in fake.slots if one.kind == "leg"}
        for sink in there:
            expected = {Port("leg", source) for source, to in wanted if to == sink and source in there}
            assert fake.heard(Port("leg", sink)) == (expected or {SILENCE})
        assert not fake.failures
