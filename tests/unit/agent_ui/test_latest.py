"""What is known lately, and no more of it than there is room for."""

from agent_ui.latest import Latest


def test_beyond_its_room_what_was_put_longest_ago_is_forgotten() -> None:
    latest: Latest[int] = Latest(2)
    latest.put("one", 1)
    latest.put("two", 2)
    latest.put("one", 11)
    latest.put("three", 3)
    assert [latest.get(key) for key in ("one", "two", "three")] == [11, None, 3]
    assert "one" in latest and "two" not in latest


def test_what_is_dropped_is_not_known_and_need_not_have_been() -> None:
    latest: Latest[int] = Latest(2)
    latest.put("one", 1)
    latest.drop("one")
    latest.drop("two")
    assert latest.get("one") is None
