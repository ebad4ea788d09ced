"""The builder of pjsua2, without building."""

import io
from pathlib import Path

import pytest

from config.pjsua2 import build, recipe
from config.pjsua2.apt_sources import AptSource, debian_sources
from config.pjsua2.commands import Commands
from config.pjsua2.errors import MissingPackages, SourceUnavailable, StepFailed
from config.pjsua2.packages import REQUIREMENTS, Requirement, missing_packages
from config.pjsua2.progress import Progress
from config.pjsua2.source import COMPONENT, given_source

DEB822 = """\
# Debian's own
Types: deb
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc
 -----END PGP PUBLIC KEY BLOCK-----

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
"""
ONE_LINE = """\
deb [arch=amd64 signed-by=/k.gpg] http://other.example/node nodistro main
# deb http://commented.example/debian bookworm main
deb [signed-by=/d.gpg] http://mirror.example/debian/ bookworm main contrib
deb-src http://mirror.example/src bookworm main
"""


def etc(tmp_path: Path, **files: str) -> Path:
    (tmp_path / "sources.list.d").mkdir()
    for name, text in files.items():
        place = tmp_path if name == "sources_list" else tmp_path / "sources.list.d"
        (place / name.replace("_", ".")).write_text(text)
    return tmp_path


def test_debians_own_entry_is_found_in_deb822_files_with_its_inline_key(tmp_path: Path) -> None:
    (source,) = debian_sources(etc(tmp_path, debian_sources=DEB822), "bookworm")

    assert source.uris == "http://mirror.example/debian"
    assert "\n abc\n" in source.signed_by


def test_debians_own_entry_is_found_in_one_line_files(tmp_path: Path) -> None:
    found = debian_sources(etc(tmp_path, sources_list=ONE_LINE), "bookworm")

    assert found == [AptSource("http://mirror.example/debian/", "/d.gpg")]


def test_a_disabled_entry_and_other_peoples_archives_are_left_out(tmp_path: Path) -> None:
    disabled = DEB822.replace("Suites: bookworm bookworm-updates", "Enabled: no\nSuites: bookworm")

    assert debian_sources(etc(tmp_path, debian_sources=disabled), "bookworm") == []


def test_the_private_entry_asks_for_source_packages_of_the_suite_with_the_same_key() -> None:
    stanza = AptSource("http://mirror.example/debian", "/k.gpg").stanza("forky")

    assert stanza.splitlines() == [
        "Types: deb-src",
        "URIs: http://mirror.example/debian",
        "Suites: forky",
        "Components: main",
        "Signed-By: /k.gpg",
    ]


def test_the_component_with_pjproject_is_found_with_its_checksum() -> None:
    digest = "ab" * 32
    listing = (
        f"'http://m/a.orig-Xopus.tar.xz' a_1.orig-Xopus.tar.xz 11 SHA256:{'00' * 32}\n"
        f"'http://m/a%2b.orig-Xpjproject.tar.xz' a_1.orig-Xpjproject.tar.xz 6775552 SHA256:{digest}\n"
    )

    match = COMPONENT.search(listing)

    assert match is not None
    assert match.groups() == ("a_1.orig-Xpjproject.tar.xz", digest)


def test_the_cache_key_changes_with_source_options_and_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {recipe.cache_key("a"), recipe.cache_key("b")}
    monkeypatch.setattr(recipe, "CFLAGS", "-O0")
    keys.add(recipe.cache_key("a"))
    monkeypatch.setattr(recipe, "interpreter_tag", lambda: "cpython-399")
    keys.add(recipe.cache_key("a"))

    assert len(keys) == 4


def test_a_missing_package_is_named_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = Requirement("libnothing-dev", "the nothing codec", header="nothing/nothing.h")
    monkeypatch.setattr("config.pjsua2.packages.REQUIREMENTS", (absent,))

    missing = missing_packages()

    assert missing["libnothing-dev"] == "the nothing codec"
    assert "apt-get install libnothing-dev" in str(MissingPackages({"libnothing-dev": "the nothing codec"}))


def test_every_package_the_builder_needs_is_installed_by_the_set_up() -> None:
    listed = (Path(build.__file__).parents[1] / "setup" / "packages.txt").read_text().splitlines()
    names = {line.split()[1] for line in listed if line and not line.startswith("#")}

    assert {requirement.package for requirement in REQUIREMENTS} <= names


def test_a_given_tarball_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match=r"none\.tar: there is no such file"):
        given_source(str(tmp_path / "none.tar"), tmp_path)


def test_a_cached_wheel_is_taken_without_building(tmp_path: Path) -> None:
    tarball = tmp_path / "pjproject.tar"
    tarball.write_bytes(b"anything")
    key = recipe.cache_key(given_source(str(tarball), tmp_path).sha256)
    wheel = tmp_path / f"pjsua2-2.17+comptoir.{key}-cp311-cp311-linux_x86_64.whl"
    wheel.touch()

    assert build.wheel_for(str(tarball), tmp_path) == wheel


def test_a_tarball_that_is_no_pjproject_is_refused_and_the_build_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tarball = tmp_path / "x.tar"
    tarball.write_bytes(b"no tarball at all")

    code = build.main(["--source", str(tarball), "--wheel-dir", str(tmp_path / "wheels")])

    assert code == 1
    assert "tar ended with 2" in capsys.readouterr().err


def test_a_failing_step_shows_the_end_of_its_output(tmp_path: Path) -> None:
    commands = Commands(tmp_path / "log", Progress("x", 1, io.StringIO()))
    commands.start_log()

    with pytest.raises(StepFailed, match=r"(?s)sh ended with 3.*no gcc here"):
        commands.run(["sh", "-c", "echo no gcc here; exit 3"], tmp_path)


def test_progress_tells_the_step_its_time_and_the_time_in_all() -> None:
    times = iter([0.0, 10.0, 12.0, 20.0, 61.0])
    out = io.StringIO()
    progress = Progress("pjsua2", 2, out, clock=lambda: next(times))

    with progress.step("configure"):
        pass
    with progress.step("compile"):
        pass

    assert out.getvalue().splitlines() == [
        "pjsua2 [1/2] configure ...",
        "pjsua2 [1/2] configure: 2 s (12 s in all)",
        "pjsua2 [2/2] compile ...",
        "pjsua2 [2/2] compile: 41 s (61 s in all)",
    ]
