"""`comptoir db`: the schema and the demonstration data, as a person uses them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from config import demo
from config.cli import main
from config.database import create_engine_for
from config.loader import load

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("COMPTOIR_PATHS_STATE_DIR", str(tmp_path / "state"))

    def run(*words: str) -> tuple[int, str]:
        code = main(["db", *words])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def fail(_session: Session, _seed: int) -> str:
    raise RuntimeError("no more ideas")


def parts(monkeypatch: pytest.MonkeyPatch, *loads: Callable[[Session, int], object]) -> None:
    named = [(str(number), load) for number, load in enumerate(loads)]
    monkeypatch.setattr(demo, "required", lambda group: iter(named))


def count(tmp_path: Path) -> int:
    settings = load(environ={"COMPTOIR_PATHS_STATE_DIR": str(tmp_path / "state")})
    with create_engine_for(settings.database).connect() as connection:
        return int(connection.scalar(text("select count(*) from note")))


def make_table(tmp_path: Path) -> None:
    settings = load(environ={"COMPTOIR_PATHS_STATE_DIR": str(tmp_path / "state")})
    with create_engine_for(settings.database).begin() as connection:
        connection.execute(text("create table note (words text)"))


def write_note(session: Session, seed: int) -> dict[str, int]:
    session.execute(text("insert into note values ('hello')"))
    return {"open_carts": seed}


def test_an_empty_database_is_upgraded_once_and_then_up_to_date(run: Run) -> None:
    before = run("check")
    first = run("upgrade")
    second = run("upgrade")
    after = run("check")

    assert before[0] == 1
    assert "comptoir db upgrade" in before[1]
    assert first[0] == 0
    assert "from revision nothing to 0" in first[1]
    assert "nothing to do" in second[1]
    assert after[0] == 0


def test_demonstration_data_is_told_in_words_and_loaded_only_into_an_empty_database(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("upgrade")
    make_table(tmp_path)
    parts(monkeypatch, write_note)

    first = run("demo", "--if-empty", "--seed", "7")
    second = run("demo", "--if-empty")

    assert first == (0, "7 open carts\n")
    assert "there already" in second[1]
    assert count(tmp_path) == 1


def test_a_part_that_fails_leaves_nothing_of_the_others(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("upgrade")
    make_table(tmp_path)
    parts(monkeypatch, write_note, fail)

    with pytest.raises(RuntimeError):
        run("demo")

    assert count(tmp_path) == 0


def test_a_database_that_does_not_answer_is_explained_without_its_password(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPTOIR_DATABASE_URL", "postgresql+psycopg://shop:hunter2@127.0.0.1:1/shop")
    parts(monkeypatch, write_note)

    for verb in ("check", "upgrade", "demo"):
        code, said = run(verb)
        assert code == 1
        assert "Is database.url right" in said
        assert "hunter2" not in said
