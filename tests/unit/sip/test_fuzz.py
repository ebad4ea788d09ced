"""A bounded fuzz run: the torture messages, damaged in a thousand ways, and the parser's promises."""

import random
import time

from tests.unit.sip.test_properties import SIP_PIECES, examine
from tests.unit.sip.torture.catalogue import CASES

SECONDS = 3.0
MOST = 20_000
SEED = 4475
RAWS = [case.raw for case in CASES]


def damaged(chance: random.Random) -> bytes:
    raw = bytearray(chance.choice(RAWS))
    for _ in range(chance.randint(1, 6)):
        place, other = chance.randrange(len(raw) + 1), chance.randrange(len(raw) + 1)
        start, end = min(place, other), min(max(place, other), min(place, other) + 40)
        match chance.randrange(5):
            case 0:
                raw[place:place] = chance.choice(SIP_PIECES)
            case 1:
                del raw[start:end]
            case 2:
                raw[start:end] = chance.randbytes(end - start)
            case 3:
                raw[place:place] = raw[start:end] * chance.randint(1, 20)
            case _:
                donor = chance.choice(RAWS)
                raw[start:end] = donor[start:end]
    return bytes(raw)


def test_damaged_messages_are_read_or_refused_and_nothing_else() -> None:
    chance = random.Random(SEED)
    deadline = time.monotonic() + SECONDS
    done = 0
    while done < MOST and time.monotonic() < deadline:
        data = damaged(chance)
        try:
            examine(data)
        except Exception as error:
            raise AssertionError(f"message {done} of seed {SEED}: {data!r}") from error
        done += 1
    print(f"fuzz: {done} messages, seed {SEED}")
    assert done > 200
