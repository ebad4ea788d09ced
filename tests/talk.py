"""Two phones that talk through the media stack."""

from tests.mediabox import MediaBox
from tests.phone import Phone


class Conversation:
    """Alice has called, bob was called, and they hear each other."""

    def __init__(self, box: MediaBox, alice: Phone, bob: Phone, *, mixed: bool = True) -> None:
        self.alice = alice.call(f"sip:100@127.0.0.1:{box.port}")
        self.left = box.answered()
        self.right = "bob"
        box.dialled(self.right, f"sip:bob@127.0.0.1:{bob.port}")
        self.bob = bob.wait("incoming")["call"]
        bob.wait("media", call=self.bob, active=True)
        alice.wait("media", call=self.alice, active=True)
        if mixed:
            box.mix("talk", (self.left, self.right), (self.right, self.left))
