import hashlib

import pytest

from pbx.sip.digest import Credentials, challenges, ha1, proves, read_credentials, response_for
from pbx.sip.headers import parse_auth
from pbx.sip.message import Header, Request


def request(method: str = "REGISTER", uri: str = "sip:shop", authorization: str = "") -> Request:
    headers = (Header("Authorization", authorization),) if authorization else ()
    return Request(method=method, uri=uri, headers=headers)


def credentials(**changed: str) -> Credentials:
    values = {
        "username": "ana",
        "nonce": "n",
        "uri": "sip:shop",
        "response": "",
        "algorithm": "SHA-256",
        "cnonce": "c",
        "nc": "00000001",
    } | changed
    return Credentials(**values)


def answered(secret: str, method: str = "REGISTER", **changed: str) -> Credentials:
    plain = credentials(**changed)
    return credentials(**(changed | {"response": response_for(secret, plain, method)}))


def test_the_example_of_rfc_7616_3_9_1_is_reproduced():
    mufasa = {
        "username": "Mufasa",
        "uri": "/dir/index.html",
        "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        "cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    }
    expected = {
        "MD5": "8ca523f5e9506fed4657c9700eebdbec",
        "SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    }
    for algorithm, response in expected.items():
        stored = ha1("Mufasa", "http-auth@example.org", "Circle of Life", algorithm)
        assert response_for(stored, credentials(**mufasa, algorithm=algorithm), "GET") == response


def test_an_ha1_is_the_hash_of_name_realm_and_password():
    assert ha1("ana", "shop", "pw", "MD5") == hashlib.md5(b"ana:shop:pw").hexdigest()
    assert ha1("ana", "shop", "pw", "SHA-256") == hashlib.sha256(b"ana:shop:pw").hexdigest()


def test_both_challenges_are_offered_with_the_stronger_first():
    values = [parse_auth(value) for value in challenges("shop", "abc")]
    assert [value.get("algorithm") for value in values] == ["SHA-256", "MD5"]
    assert all(value.get("qop") == "auth" and value.get("stale") is None for value in values)
    assert parse_auth(challenges("shop", "abc", stale=True)[0]).get("stale") == "true"


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_the_right_answer_proves_and_a_wrong_one_does_not(algorithm):
    stored = {algorithm: ha1("ana", "shop", "pw", algorithm)}
    right = answered(stored[algorithm], algorithm=algorithm)
    assert proves(right, stored, request())
    assert not proves(answered("f" * 64, algorithm=algorithm), stored, request())
    assert not proves(right, stored, request(method="INVITE"))


def test_nobody_proves_anything_for_an_unknown_user_or_a_hash_that_is_not_stored():
    guess = answered("0" * 64)
    assert not proves(guess, None, request())
    assert not proves(guess, {"MD5": "0" * 64}, request())


def test_credentials_for_another_number_prove_nothing():
    stored = {"MD5": ha1("ana", "shop", "pw", "MD5")}
    right = answered(stored["MD5"], method="INVITE", algorithm="MD5", uri="sip:100@shop")
    assert proves(right, stored, request("INVITE", "sip:100@10.0.0.1:5060"))
    assert not proves(right, stored, request("INVITE", "sip:+99900@shop"))


def test_credentials_are_read_only_for_our_realm_with_qop_and_a_known_algorithm():
    line = 'Digest username="ana",realm="{}",nonce="n",uri="sip:shop",response="r",cnonce="c",nc=00000001,{}'
    assert read_credentials(request(authorization=line.format("shop", "qop=auth")), "shop") is not None
    for realm, rest in (
        ("other", "qop=auth"),
        ("shop", "qop=auth-int"),
        ("shop", "opaque=x"),
        ("shop", "qop=auth,algorithm=SHA-512-256"),
        ("shop", "qop=auth,algorithm=MD5-sess"),
    ):
        assert read_credentials(request(authorization=line.format(realm, rest)), "shop") is None
    assert read_credentials(request(), "shop") is None
