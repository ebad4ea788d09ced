"""Reads the settings: defaults, then the TOML file, then the environment. The only reader of os.environ.

An environment variable is named COMPTOIR_<SECTION>_<KEY>. A secret may come from a file that
`<key>_file` names. Every mistake is reported with its dotted name, where it stands, and what is allowed.
"""

import dataclasses
import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.consistency import contradictions
from config.errors import Problem, SettingsError
from config.fields import Kind, Spec, spec
from config.settings import Settings
from config.toml_lines import key_lines, line_of
from config.values import NotAllowed, from_environment, from_toml

PREFIX = "COMPTOIR_"
FILE_VARIABLE = "COMPTOIR_SETTINGS"
SYSTEM_FILE = Path("/etc/comptoir/comptoir.toml")
STATE_DIR = "{state_dir}"


def cache_home(environ: Mapping[str, str] | None = None) -> Path:
    """Return the user's cache directory (XDG Base Directory Specification: $XDG_CACHE_HOME or ~/.cache)."""
    value = environment(environ).get("XDG_CACHE_HOME", "")
    return Path(value) if value.startswith("/") else Path.home() / ".cache"


def find_file(environ: Mapping[str, str] | None = None) -> Path | None:
    """Return the settings file: $COMPTOIR_SETTINGS, else the user's, else the system's, else None."""
    variables = environment(environ)
    if named := variables.get(FILE_VARIABLE):
        return Path(named).expanduser()
    home = variables.get("XDG_CONFIG_HOME") or "~/.config"
    candidates = (Path(home).expanduser() / "comptoir" / "comptoir.toml", SYSTEM_FILE)
    return next((path for path in candidates if path.is_file()), None)


def load(file: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings from `file` (None: no file) and the environment. Raises SettingsError."""
    problems: list[Problem] = []
    given: dict[str, Given] = {}
    for reader in (_from_file(file, problems), _from_environment(environment(environ), problems)):
        given.update(reader)
    settings = _expanded(_settings(given, problems))
    if not problems:
        problems += _contradictions(settings, given)
    if problems:
        raise SettingsError(problems)
    return settings


@dataclass(frozen=True)
class Given:
    """A value that somebody set, and where."""

    value: Any
    where: str


def environment(environ: Mapping[str, str] | None = None) -> Mapping[str, str]:
    """The process's environment, or the one that is given in its place."""
    return os.environ if environ is None else environ


def _specs() -> dict[str, Spec]:
    """Map dotted names to declarations, including `<key>_file` for secrets."""
    specs: dict[str, Spec] = {}
    for section in dataclasses.fields(Settings):
        for field in dataclasses.fields(section.default_factory):  # type: ignore[arg-type]
            declared = spec(field)
            specs[f"{section.name}.{field.name}"] = declared
            if declared.kind is Kind.SECRET:
                specs[f"{section.name}.{field.name}_file"] = Spec(Kind.PATH, declared.doc, "")
    return specs


def _from_file(file: Path | None, problems: list[Problem]) -> Iterator[tuple[str, Given]]:
    if file is None:
        return
    text, document = _read(file, problems)
    lines, specs = key_lines(text), _specs()
    for name, raw in _flat(document):
        where = f"{file}:{line_of(lines, name)}"
        if name not in specs:
            problems.append(Problem(where, name, _unknown(name, specs)))
            continue
        try:
            yield name, Given(from_toml(specs[name], raw), where)
        except NotAllowed as problem:
            problems.append(Problem(where, name, _refused(specs[name], raw, problem)))


def _from_environment(environ: Mapping[str, str], problems: list[Problem]) -> Iterator[tuple[str, Given]]:
    specs = _specs()
    for variable in sorted(environ):
        if not variable.startswith(PREFIX) or variable == FILE_VARIABLE:
            continue
        where = f"environment variable {variable}"
        section, _, key = variable.removeprefix(PREFIX).lower().partition("_")
        name = f"{section}.{key}"
        if name not in specs:
            problems.append(Problem(where, "", _unknown(name, specs)))
            continue
        try:
            yield name, Given(from_environment(specs[name], environ[variable]), where)
        except NotAllowed as problem:
            problems.append(Problem(where, name, _refused(specs[name], environ[variable], problem)))


def _read(file: Path, problems: list[Problem]) -> tuple[str, dict[str, Any]]:
    try:
        text = file.read_text(encoding="utf-8")
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        problems.append(Problem(str(file), "", f"not valid TOML: {problem}"))
    except (OSError, UnicodeDecodeError) as problem:
        problems.append(Problem(str(file), "", f"cannot be read: {problem}"))
    return "", {}


def _flat(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for section, content in document.items():
        if isinstance(content, dict):
            for key, value in content.items():
                yield f"{section}.{key}", value
        else:
            yield section, content


def _unknown(name: str, specs: Mapping[str, Spec]) -> str:
    """Explain an unknown name, with the nearest known one."""
    section = name.partition(".")[0]
    near = difflib.get_close_matches(name, specs, n=1, cutoff=0.6)
    hint = f"; did you mean {near[0]}?" if near else ""
    sections = list(dict.fromkeys(known.partition(".")[0] for known in specs))
    if section not in sections:
        return f"there is no section [{section}]{hint}; the sections are {', '.join(sections)}"
    keys = [known.partition(".")[2] for known in specs if known.startswith(f"{section}.")]
    return f"there is no such setting{hint or '; known in [' + section + ']: ' + ', '.join(keys)}"


def _refused(declared: Spec, raw: Any, problem: NotAllowed) -> str:
    shown = "the value" if declared.kind is Kind.SECRET else repr(raw)
    return f"{shown} is not allowed; it must be {problem}"


def _settings(given: Mapping[str, Given], problems: list[Problem]) -> Settings:
    sections = {}
    for section in dataclasses.fields(Settings):
        kind: Any = section.default_factory
        values = {}
        for field in dataclasses.fields(kind):
            name = f"{section.name}.{field.name}"
            found = _secret(name, given, problems) if spec(field).kind is Kind.SECRET else given.get(name)
            if found is not None:
                values[field.name] = found.value
        sections[section.name] = kind(**values)
    return Settings(**sections)


def _secret(name: str, given: Mapping[str, Given], problems: list[Problem]) -> Given | None:
    plain, file = given.get(name), given.get(f"{name}_file")
    if file is None:
        return plain
    if plain is not None:
        what = f"is set here and as {name}_file in {file.where}; keep one of them"
        problems.append(Problem(plain.where, name, what))
        return None
    try:
        return Given(file.value.expanduser().read_text(encoding="utf-8").strip(), file.where)
    except (OSError, UnicodeDecodeError) as problem:
        problems.append(Problem(file.where, f"{name}_file", f"cannot be read: {problem}"))
        return None


def _expanded(settings: Settings) -> Settings:
    """Replace "~" and "{state_dir}" in paths, and "{state_dir}" in strings."""
    state_dir = settings.paths.state_dir.expanduser().absolute()
    sections = {}
    for section in dataclasses.fields(settings):
        values = getattr(settings, section.name)
        changes = {f.name: _expand(getattr(values, f.name), state_dir) for f in dataclasses.fields(values)}
        sections[section.name] = dataclasses.replace(values, **changes)
    return dataclasses.replace(settings, **sections)


def _expand(value: Any, state_dir: Path) -> Any:
    if isinstance(value, Path):
        return Path(str(value).replace(STATE_DIR, str(state_dir))).expanduser().absolute()
    return value.replace(STATE_DIR, str(state_dir)) if isinstance(value, str) else value


def _contradictions(settings: Settings, given: Mapping[str, Given]) -> list[Problem]:
    return [
        Problem(given[rule.name].where if rule.name in given else "settings", rule.name, rule.otherwise)
        for rule in contradictions(settings)
    ]
