"""What a site speaks, whom it calls, and how its shop vouches for a customer."""

import hashlib
import hmac
from dataclasses import replace

from tests.shop import a_site

SITE = a_site()


def test_a_site_speaks_the_wanted_language_or_its_usual_one() -> None:
    assert [SITE.language(wanted) for wanted in ("en", "fr-CA", "EN-us", "de", "")] == [
        "en", "fr", "en", "fr", "fr",
    ]  # fmt: skip


def test_each_language_has_its_number() -> None:
    assert (SITE.number("en"), SITE.number("fr"), SITE.number("pt")) == ("4000", "4001", "4001")


def test_a_proof_is_what_any_shop_can_compute_from_the_secret() -> None:
    proof = hmac.new(b"a shared secret", b"ana", hashlib.sha256).hexdigest()

    assert SITE.vouches_for("ana", proof)
    assert SITE.vouches_for("ana", proof.upper())


def test_a_proof_is_good_for_one_customer_and_one_secret_only() -> None:
    proof = SITE.proof_of("ana")

    assert not SITE.vouches_for("rui", proof)
    assert not replace(SITE, secret="another").vouches_for("ana", proof)
    assert not SITE.vouches_for("ana", "é" * 64)


def test_without_a_secret_nobody_is_vouched_for() -> None:
    bare = replace(SITE, secret="")

    assert not bare.vouches_for("ana", bare.proof_of("ana"))


def test_the_secret_is_not_in_what_a_log_may_show() -> None:
    assert SITE.secret not in repr(SITE)
