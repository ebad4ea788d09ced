"""Opens pjsua2's file players and recorders."""

from collections.abc import Sequence
from pathlib import Path

import pjsua2 as pj

from pbx.errors import MediaError
from pbx.media.library import strings


def open_player(files: Sequence[Path], loop: bool) -> pj.AudioMediaPlayer:
    """A player of WAV files of one rate, in a row. Raises MediaError."""
    player = pj.AudioMediaPlayer()
    options = 0 if loop else pj.PJMEDIA_FILE_NO_LOOP
    try:
        if len(files) == 1:
            player.createPlayer(str(files[0]), options)
        else:
            player.createPlaylist(strings([str(path) for path in files]), "", options)
    except pj.Error as error:
        raise MediaError(f"A player could not be opened: {error.reason}") from None
    return player


def open_recorder(path: Path) -> pj.AudioMediaRecorder:
    """A recorder that writes a mono WAV file at the bridge's rate. Raises MediaError."""
    recorder = pj.AudioMediaRecorder()
    try:
        recorder.createRecorder(str(path))
    except pj.Error as error:
        raise MediaError(f"A recorder could not be opened: {error.reason}") from None
    return recorder
