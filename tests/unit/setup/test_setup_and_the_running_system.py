"""What every set-up command does after its change, and when the database cannot be used."""

from console import Console, RunningPbx


def test_the_running_system_is_told_of_a_change_with_its_token(
    running_console: Console, pbx: RunningPbx
) -> None:
    said = running_console("number", "add", "4009")
    assert "The running telephone system has taken it over." in said.out
    (reload,) = pbx.reloads
    assert reload["path"] == "/v1/reload" and reload["authorization"] == f"Bearer {'t' * 40}"
    assert reload["comptoir-actor"] == "console"


def test_nobody_is_told_of_a_look_or_of_a_refusal(running_console: Console, pbx: RunningPbx) -> None:
    running_console("number", "list")
    assert running_console("number", "remove", "9").code == 1
    assert pbx.reloads == []


def test_a_system_that_does_not_take_it_over_is_quoted_and_the_change_stays(
    running_console: Console, pbx: RunningPbx
) -> None:
    pbx.refusal = "The database is away."
    said = running_console("number", "add", "4009")
    assert said.code == 0 and "did not take it over: The database is away." in said.out
    assert running_console.rows("select * from did where number = '4009'")


def test_a_system_that_does_not_run_takes_it_over_later(console: Console) -> None:
    said = console("number", "add", "4009")
    assert said.code == 0 and "it takes this over when it starts" in said.out


def test_a_database_without_tables_is_said_to_be_unusable(console: Console) -> None:
    for file in console.database.parent.glob("comptoir.db*"):
        file.unlink()
    said = console("queue", "list")
    assert said.code == 1 and "the database cannot be used" in said.err and "Traceback" not in said.err
