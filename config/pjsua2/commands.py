"""Runs the build's commands with their output in a log file."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from config.pjsua2.errors import StepFailed
from config.pjsua2.progress import Progress

TAIL = 25


class Commands:
    """Runs commands one after another; a failing one raises StepFailed with the log's last lines."""

    def __init__(self, log: Path, progress: Progress) -> None:
        self._log = log
        self._progress = progress

    def start_log(self) -> None:
        """Empty the log of an earlier build."""
        self._log.write_bytes(b"")

    def run(self, words: Sequence[str], cwd: Path, variables: Mapping[str, str] | None = None) -> str:
        """Run `words` in `cwd` with extra environment `variables`; return what it wrote to stdout."""
        settings = [f"{name}={value}" for name, value in (variables or {}).items()]
        command = ["env", "LC_ALL=C", *settings, *words]
        output = self._log.with_suffix(".out")
        with self._log.open("ab") as log, output.open("wb+") as out:
            log.write(f"\n$ {' '.join(words)}\n".encode())
            log.flush()
            child = subprocess.Popen(command, cwd=cwd, stdout=out, stderr=log)  # noqa: S603 - no shell
            self._wait(child)
            out.seek(0)
            written = out.read()
            log.write(written)
        if child.returncode != 0:
            raise StepFailed(self._explain(words, child.returncode))
        output.unlink()
        return written.decode(errors="replace")

    def _wait(self, child: subprocess.Popen[bytes]) -> None:
        while True:
            try:
                child.wait(timeout=1)
                return
            except subprocess.TimeoutExpired:
                self._progress.tick()
            except BaseException:
                child.kill()
                child.wait()
                raise

    def _explain(self, words: Sequence[str], code: int) -> str:
        tail = self._log.read_text(errors="replace").splitlines()[-TAIL:]
        return "\n".join((f"{words[0]} ended with {code}; the end of {self._log}:", *tail))
