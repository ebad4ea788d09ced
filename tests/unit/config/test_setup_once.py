"""The set-up's steps run once for the same inputs."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

SETUP = Path(__file__).parents[3] / "config" / "setup"
Once = Callable[..., int]


@pytest.fixture
def once(tmp_path: Path) -> Once:
    """Runs `once` with these inputs; returns how often the command ran so far."""
    ran = tmp_path / "ran"

    def run(*inputs: str, command: str = "") -> int:
        step = ["sh", "-c", command or f"echo x >> {ran}"]
        words = ["env", f"STAMPS={tmp_path}/stamps", SETUP / "once", "step", *inputs, "--", *step]
        subprocess.run(words, check=not command, capture_output=True)
        return len(ran.read_text().splitlines()) if ran.exists() else 0

    return run


def test_a_step_runs_once_for_the_same_content_and_again_when_it_changes(once: Once, tmp_path: Path) -> None:
    folder = tmp_path / "source"
    (folder / "node_modules").mkdir(parents=True)
    (folder / "a.ts").write_text("1")
    counts = [once(str(folder)), once(str(folder))]

    (folder / "node_modules" / "x.js").write_text("ignored")
    counts.append(once(str(folder)))
    (folder / "a.ts").write_text("2")
    counts.append(once(str(folder)))
    (folder / "b.ts").touch()
    counts.append(once(str(folder)))

    assert counts == [1, 1, 1, 2, 3]


def test_a_step_runs_again_when_a_word_changes(once: Once) -> None:
    assert [once("=a"), once("=a"), once("=b")] == [1, 1, 2]


def test_a_failed_step_runs_again(once: Once) -> None:
    once("=a", command="exit 1")

    assert once("=a") == 1


def test_every_requirement_is_in_the_lock() -> None:
    import configparser

    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    parser = configparser.ConfigParser()
    parser.read(SETUP.parents[1] / "setup.cfg")
    wanted = parser["options"]["install_requires"] + parser["options.extras_require"]["test"]
    names = {canonicalize_name(Requirement(line).name) for line in wanted.splitlines() if line}
    locked = {line.partition("==")[0] for line in (SETUP / "requirements.lock").read_text().splitlines()}

    assert names <= locked, "run `make lock`"
