"""`python -m config.child ARGUMENTS`: one of the two processes, started by `comptoir up`.

It leaves the terminal's process group, so that Ctrl-C reaches only the supervisor, which then stops its
children in order; and it is told to stop by the kernel when the supervisor is killed.
"""

import ctypes
import os
import signal
import sys

from config.cli import main

PR_SET_PDEATHSIG = 1  # prctl(2)


def follow_parent() -> None:
    """Ask the kernel for a SIGTERM when the parent dies; elsewhere than on Linux nothing happens."""
    os.setpgid(0, 0)
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before the kernel was asked
        sys.exit(1)


if __name__ == "__main__":
    follow_parent()
    sys.exit(main())
