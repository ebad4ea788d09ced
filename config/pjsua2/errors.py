"""What can go wrong while pjsua2 is built; the text of each error says what to do."""


class BuildError(Exception):
    """The wheel cannot be built; the message is meant for the person at the terminal."""

    id = "pjsua2-build-failed"


class MissingPackages(BuildError):
    """System packages are missing."""

    id = "pjsua2-packages-missing"

    def __init__(self, missing: dict[str, str]) -> None:
        """`missing` maps a Debian package's name to why it is needed."""
        self.missing = missing
        reasons = "\n".join(f"  {package}: {why}" for package, why in missing.items())
        command = "apt-get install " + " ".join(missing)
        super().__init__(f"system packages are missing:\n{reasons}\nInstall them: {command}")


class SourceUnavailable(BuildError):
    """No pjproject source could be had."""

    id = "pjsua2-source-unavailable"


class StepFailed(BuildError):
    """A command of the build ended with an error."""

    id = "pjsua2-step-failed"
