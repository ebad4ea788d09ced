"""Where settings come from, and how a wrong one is refused."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from config.errors import SettingsError
from config.loader import cache_home, find_file, load
from config.settings import Settings

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        file = tmp_path / "comptoir.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def refusal(file: Path | None = None, environ: dict[str, str] | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        load(file, environ or {})
    return str(caught.value)


def test_without_file_and_environment_the_defaults_hold() -> None:
    settings = load(environ={})

    assert settings.sip.port == 5060
    assert settings.acd.wrap_up == 30.0
    assert settings.recording.min_free == 10**9


def test_the_environment_wins_over_the_file_and_the_file_over_the_defaults(write: Write) -> None:
    file = write('[sip]\nport = 5070\nadvertised_address = "192.0.2.7"\n')

    settings = load(file, {"COMPTOIR_SIP_PORT": "5080"})

    assert (settings.sip.port, settings.sip.advertised_address, settings.sip.min_se) == (
        5080,
        "192.0.2.7",
        90.0,
    )


def test_an_environment_variable_can_hold_every_kind_of_value() -> None:
    settings = load(
        environ={
            "COMPTOIR_SIP_LISTEN": "192.0.2.1, 192.0.2.2",
            "COMPTOIR_WEB_SECURE_COOKIES": "yes",
            "COMPTOIR_RECORDING_MIN_FREE": "2 GiB",
            "COMPTOIR_MEDIA_RTP_TIMEOUT_HELD": "5m",
            "COMPTOIR_SIP_RATE": "12.5",
        }
    )

    assert settings.sip.listen == ("192.0.2.1", "192.0.2.2")
    assert settings.web.secure_cookies is True
    assert settings.recording.min_free == 2 * 2**30
    assert settings.media.rtp_timeout_held == 300.0
    assert settings.sip.rate == 12.5


def test_the_state_directory_is_put_into_paths_and_addresses_that_name_it(tmp_path: Path) -> None:
    settings = load(environ={"COMPTOIR_PATHS_STATE_DIR": str(tmp_path)})

    assert settings.recording.directory == tmp_path / "recordings"
    assert settings.database.url == f"sqlite:///{tmp_path}/comptoir.db"


def test_a_wrong_value_is_refused_with_file_line_dotted_name_and_what_is_allowed(write: Write) -> None:
    file = write("[web]\nport = 8000\n\n[sip]\n# the port\nport = 99999\n")

    assert (
        refusal(file)
        == f"{file}:6: sip.port: 99999 is not allowed; it must be a whole number, from 0 to 65535"
    )


def test_the_line_is_right_after_a_multi_line_string_that_looks_like_a_key(write: Write) -> None:
    file = write('[sip]\nadvertised_address = """\nport = 1\n[web]\n"""\nport = "x"\n')

    assert f"{file}:6: sip.port: 'x' is not allowed" in refusal(file)


def test_the_line_of_a_dotted_key_and_of_an_inline_table_is_found(write: Write) -> None:
    assert ":2: sip.port:" in refusal(write("\nsip.port = -1\n"))
    assert ":1: web.port:" in refusal(write("web = { port = -1 }\n"))


def test_a_wrong_key_is_refused_with_the_nearest_one(write: Write) -> None:
    message = refusal(write("[acd]\nwrap_upp = 3\n"))

    assert ":2: acd.wrap_upp: there is no such setting; did you mean acd.wrap_up?" in message


def test_a_key_like_no_other_is_refused_with_the_keys_of_its_section(write: Write) -> None:
    assert "known in [api]: listen, port, token, token_file" in refusal(write("[api]\nzzzzzzzz = 3\n"))


def test_a_wrong_section_is_refused_with_the_sections_there_are(write: Write) -> None:
    message = refusal(write("[telephone]\nx = 1\n"))

    assert "there is no section [telephone]" in message
    assert "the sections are paths, database, sip" in message


def test_a_table_where_a_value_belongs_is_refused(write: Write) -> None:
    assert "sip.port: {'udp': 1} is not allowed" in refusal(write("[sip.port]\nudp = 1\n"))


def test_a_value_outside_any_section_is_refused(write: Write) -> None:
    assert ":1: port: there is no section [port]" in refusal(write("port = 5060\n"))


def test_a_wrong_environment_variable_is_refused_by_its_name() -> None:
    environ = {"COMPTOIR_LOGGING_FORMAT": "xml", "COMPTOIR_API_PRT": "1"}

    lines = refusal(environ=environ).splitlines()

    assert lines == [
        "environment variable COMPTOIR_API_PRT: there is no such setting; did you mean api.port?",
        "environment variable COMPTOIR_LOGGING_FORMAT: logging.format: 'xml' is not allowed; "
        'it must be one of "text", "json"',
    ]


def test_all_mistakes_are_told_at_once(write: Write) -> None:
    file = write('[sip]\nport = "a"\nlisten = "::"\n[web]\nsecure_cookies = 1\n')

    assert [line.split(": ")[1] for line in refusal(file).splitlines()] == [
        "sip.port",
        "sip.listen",
        "web.secure_cookies",
    ]


@pytest.mark.parametrize("value", ["true", "1.5", '"5060"'])
def test_a_port_must_be_a_whole_number_in_toml(write: Write, value: str) -> None:
    assert "sip.port" in refusal(write(f"[sip]\nport = {value}\n"))


def test_broken_toml_is_refused_with_its_line(write: Write) -> None:
    file = write("[sip]\nport == 3\n")

    message = refusal(file)

    assert message.startswith(f"{file}: not valid TOML:")
    assert "line 2" in message


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "absent.toml: cannot be read" in refusal(tmp_path / "absent.toml")


def test_a_secret_may_come_from_a_file(write: Write, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("abc\n")

    settings = load(write(f'[api]\ntoken_file = "{tmp_path}/token"\n'), {})

    assert settings.api.token == "abc"


def test_a_secret_given_twice_is_refused(write: Write) -> None:
    file = write('[api]\ntoken = "abc"\n')

    message = refusal(file, {"COMPTOIR_API_TOKEN_FILE": "/run/token"})

    assert message == (
        f"{file}:2: api.token: is set here and as api.token_file in environment variable "
        "COMPTOIR_API_TOKEN_FILE; keep one of them"
    )


def test_a_secret_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    message = refusal(environ={"COMPTOIR_API_TOKEN_FILE": str(tmp_path / "none")})

    assert "api.token_file: cannot be read" in message


def test_a_refused_secret_is_not_shown(write: Write) -> None:
    message = refusal(write("[api]\ntoken = 123456789\n"))

    assert "api.token: the value is not allowed" in message
    assert "123456789" not in message


def test_secrets_are_not_in_the_representation_of_settings() -> None:
    assert "hunter2" not in repr(load(environ={"COMPTOIR_WEB_SECRET_KEY": "hunter2"}))


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({"COMPTOIR_MEDIA_RTP_END": "20100"}, "media.rtp_end"),
        ({"COMPTOIR_MEDIA_MAX_CALLS": "1000"}, "media.admit_calls"),
        ({"COMPTOIR_SIP_REGISTRATION_MIN": "2h"}, "sip.registration_min"),
        ({"COMPTOIR_SIP_MIN_SE": "1h"}, "sip.min_se"),
        ({"COMPTOIR_SIP_BAN_TIME": "48h"}, "sip.ban_time"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(environ: dict[str, str], name: str) -> None:
    assert f": {name}: " in refusal(environ=environ)


def test_the_settings_file_is_the_named_one_else_the_users(tmp_path: Path) -> None:
    users = tmp_path / "comptoir" / "comptoir.toml"
    users.parent.mkdir()
    users.touch()

    assert find_file({"COMPTOIR_SETTINGS": "/x/y.toml", "XDG_CONFIG_HOME": str(tmp_path)}) == Path(
        "/x/y.toml"
    )
    assert find_file({"XDG_CONFIG_HOME": str(tmp_path)}) == users


def test_the_cache_directory_follows_the_xdg_specification(tmp_path: Path) -> None:
    assert cache_home({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path
    assert cache_home({"XDG_CACHE_HOME": "relative"}) == Path.home() / ".cache"


def test_only_the_loader_reads_the_environment() -> None:
    root = Path(__file__).parents[3]
    words = r"os\.environ|os\.getenv|from os import .*(environ|getenv)"
    folders = ["config", "orders", "ivr", "pbx", "agent_ui", "migrations"]

    found = subprocess.run(
        ["grep", "-rlE", "--include=*.py", "--exclude-dir=node_modules", words, *folders],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )

    assert found.stdout.split() == ["config/loader.py"]


def test_the_process_environment_is_read_when_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("COMPTOIR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COMPTOIR_WEB_PORT", "8123")

    assert load().web.port == 8123


def test_plain_settings_can_be_made_without_the_loader() -> None:
    assert Settings().api.event_buffer == 10000
