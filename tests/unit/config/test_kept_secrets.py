"""Secrets made at the first start."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from config.loader import load
from config.secrets import kept_secret, with_generated_secrets


def test_a_missing_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    settings = load(environ={"COMPTOIR_PATHS_STATE_DIR": str(tmp_path)})

    first, second = with_generated_secrets(settings), with_generated_secrets(settings)

    assert len(first.api.token) >= 40
    assert first == second
    assert len({first.api.token, first.web.secret_key, first.sip.flow_secret}) == 3
    assert stat.S_IMODE((tmp_path / "secrets" / "api.token").stat().st_mode) == 0o600


def test_a_secret_that_was_given_is_kept(tmp_path: Path) -> None:
    settings = load(environ={"COMPTOIR_PATHS_STATE_DIR": str(tmp_path), "COMPTOIR_API_TOKEN": "mine"})

    assert with_generated_secrets(settings).api.token == "mine"
    assert not (tmp_path / "secrets" / "api.token").exists()


def test_secrets_that_are_not_generated_stay_empty(tmp_path: Path) -> None:
    settings = load(environ={"COMPTOIR_PATHS_STATE_DIR": str(tmp_path)})

    assert with_generated_secrets(settings).database.password == ""


def test_processes_that_start_together_get_the_same_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: kept_secret(tmp_path, "api.token"), range(32)))

    assert len(set(made)) == 1
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["api.token"]
