"""Compiles pjproject and wraps it: configure, libraries, SWIG, wheel."""

import os
import sys
from pathlib import Path

from config.pjsua2.commands import Commands
from config.pjsua2.errors import BuildError
from config.pjsua2.progress import Progress
from config.pjsua2.recipe import CFLAGS, CONFIGURE_OPTIONS, EDITS, INTERFACES, SITE_HEADER, WRAPPER_FLAGS

STEPS = 5


def build_wheel(tarball: Path, work: Path, key: str, commands: Commands, progress: Progress) -> Path:
    """Build `tarball` in `work`; return the wheel, whose local version ends in the cache `key`."""
    tree = work / "pjproject"
    with progress.step("unpack"):
        _unpack(tarball, tree, commands)
        _prepare(tree)
    with progress.step("configure"):
        commands.run(["./configure", *CONFIGURE_OPTIONS], tree, {"CFLAGS": CFLAGS})
    with progress.step("compile the libraries"):
        commands.run(["make", "dep"], tree)
        commands.run(["make", f"-j{os.cpu_count() or 1}", "lib"], tree)
    return _wrap(tree, key, commands, progress)


def _unpack(tarball: Path, tree: Path, commands: Commands) -> None:
    """GNU tar refuses names that lead out of the folder; Python's own filter is missing before 3.11.4."""
    tree.mkdir()
    commands.run(["tar", "-xf", str(tarball.absolute()), "--strip-components=1", "--no-same-owner"], tree)
    if not (tree / "version.mak").exists():
        raise BuildError(f"{tarball.name} is no pjproject source: it has no version.mak in its top folder")


def _prepare(tree: Path) -> None:
    """Write our options, and drop what Debian's tarball lists but does not contain."""
    (tree / "pjlib/include/pj/config_site.h").write_text(SITE_HEADER.read_text("utf-8"), "utf-8")
    makefile = tree / "pjmedia/build/Makefile"
    if not (tree / "pjmedia/src/pjmedia-audiodev/bdimad_dev.c").exists():
        makefile.write_text(makefile.read_text("utf-8").replace("bdimad_dev.o", ""), "utf-8")
    with (tree / "pjsip-apps/src/swig/pjsua2.i").open("a", encoding="utf-8") as interface:
        for ours in INTERFACES:
            interface.write("\n" + ours.read_text("utf-8"))
    for name, text, replacement in EDITS:
        _edit(tree / name, text, replacement)


def _edit(path: Path, text: str, replacement: str) -> None:
    before = path.read_text("utf-8")
    if text not in before:
        raise BuildError(f"{path.name} is not as expected: this is another pjproject than the one we know")
    path.write_text(before.replace(text, replacement), "utf-8")


def _wrap(tree: Path, key: str, commands: Commands, progress: Progress) -> Path:
    folder = tree / "pjsip-apps/src/swig/python"
    flags = {"CFLAGS": WRAPPER_FLAGS, "CXXFLAGS": WRAPPER_FLAGS}
    with progress.step("generate the Python wrapper"):
        commands.run(["make", f"PYTHON_EXE={sys.executable}", "pjsua2_wrap.cpp"], folder)
    with progress.step("compile the Python wrapper"):
        version = ["egg_info", f"--tag-build=+comptoir.{key}"]
        commands.run([sys.executable, "setup.py", *version, "bdist_wheel"], folder, flags)
    wheels = list((folder / "dist").glob("*.whl"))
    if len(wheels) != 1:
        raise BuildError(f"the build left {len(wheels)} wheels in {folder / 'dist'} instead of one")
    return wheels[0]
