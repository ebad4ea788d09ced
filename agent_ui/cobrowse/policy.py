"""Which fields of a site's pages may be shared. Signed by the server: neither page nor agent can widen it.

Everything that is typed or chosen is private unless the site's allowlist names the field; fields that look like a
payment's or a password's stay private though they are named there.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise

from agent_ui.cobrowse.words import words

BY = ("name", "id", "autocomplete")
"""What a rule may look at: the value after the colon is the attribute's, letter for letter."""

MASK = "•••"
"""What the mirror shows in place of a private value, however long that is."""

SENSITIVE_TYPES = frozenset({"password", "hidden", "file"})
SENSITIVE_AUTOCOMPLETE = frozenset({"one-time-code", "current-password", "new-password"})
SENSITIVE_WORDS = words(
    """
    card cards cardnumber cardno ccnumber ccnum cc pan cvv cvv2 cvc cvc2 csc cvn expiry expiration expires
    exp expdate iban bic otp pin tan passcode password passwd pwd pass secret token carte cartao cartão
    validade vencimento senha cryptogramme motdepasse securitycode ssn
    """
)
_WORD = re.compile(r"[^\W\d_]+\d?", re.UNICODE)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_CONTEXT = b"comptoir cobrowse mask policy"


@dataclass(frozen=True, slots=True)
class MaskPolicy:
    """A site's policy. `share` and `pay` are rules such as `name:email`; `pay` names what finally pays."""

    site: str
    version: int
    share: tuple[str, ...] = ()
    pay: tuple[str, ...] = ()

    def shares(self, attributes: Mapping[str, str]) -> bool:
        """Whether the field's value may be seen."""
        return _named(self.share, attributes) and not is_sensitive(attributes)

    def pays(self, attributes: Mapping[str, str]) -> bool:
        """Whether the site says that this element pays."""
        return "data-cc-pay" in attributes or _named(self.pay, attributes)


def is_sensitive(attributes: Mapping[str, str]) -> bool:
    """Whether a field's own attributes say that it must never be seen."""
    if attributes.get("type", "").lower() in SENSITIVE_TYPES or "data-cc-mask" in attributes:
        return True
    hints = attributes.get("autocomplete", "").lower().split()
    if any(hint.startswith("cc-") or hint in SENSITIVE_AUTOCOMPLETE for hint in hints):
        return True
    named = (attributes.get(name, "") for name in ("name", "id", "placeholder", "aria-label"))
    return any(says_sensitive(text) for text in named)


def says_sensitive(text: str) -> bool:
    """Whether a name or label speaks of a card, a code or a password."""
    said = [word.lower() for word in _WORD.findall(_CAMEL.sub(" ", text.replace("_", " ")))]
    pairs = ("".join(pair) for pair in pairwise(said))
    return not SENSITIVE_WORDS.isdisjoint(said) or not SENSITIVE_WORDS.isdisjoint(pairs)


def checked(rules: tuple[str, ...]) -> tuple[str, ...]:
    """The rules of a policy. Raises ValueError for one that is no rule."""
    for rule in rules:
        by, _, value = rule.partition(":")
        if by not in BY or not value or len(rule) > 200:
            raise ValueError(f"a rule is one of {', '.join(BY)}, a colon and the attribute's value")
    return rules


def signed(policy: MaskPolicy, secret: str) -> dict[str, str]:
    """The policy as the page gets it: the text that was signed, and the signature."""
    text = json.dumps(asdict(policy), separators=(",", ":"), sort_keys=True)
    return {"policy": text, "signature": _mac(text, secret)}


def verified(document: Mapping[str, str], secret: str) -> MaskPolicy:
    """The policy of a signed document. Raises ValueError when it was changed."""
    text = document.get("policy", "")
    if not hmac.compare_digest(_mac(text, secret).encode(), document.get("signature", "").encode()):
        raise ValueError("the policy's signature is not ours")
    found = json.loads(text)
    return MaskPolicy(found["site"], found["version"], tuple(found["share"]), tuple(found["pay"]))


def _named(rules: tuple[str, ...], attributes: Mapping[str, str]) -> bool:
    return any(attributes.get(by) == value for by, _, value in (rule.partition(":") for rule in rules))


def _mac(text: str, secret: str) -> str:
    if not secret:
        raise ValueError("a policy cannot be signed without a secret")
    key = hmac.digest(secret.encode(), _CONTEXT, hashlib.sha256)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
