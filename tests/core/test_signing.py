"""
A webhook's signatures, as others read them: the reference's snippet, and the library of Standard Webhooks.
"""

import base64
import hashlib
import hmac
import json
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from calendo.core.signing import body_signature, message_key, message_signature, sign, verify

TOPICS = Path(__file__).parents[2] / "docs" / "reference" / "topics.md"
NOW = 1_773_151_200
UID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
BODY = '{"event":"booking.created","name":"Zoë 日本"}'.encode()
KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
FORMER = "whsec_" + base64.b64encode(KEY[::-1]).decode()
PLAIN = "a secret of our own, é"

# The reference's way to check a signature, fed from standard input.
NODE = """
const crypto = require('crypto');
function verifySignature(body, signature, secret) {
  const expected = crypto.createHmac('sha256', secret).update(body).digest('hex');
  return crypto.timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
}
const call = JSON.parse(require('fs').readFileSync(0));
console.log(verifySignature(Buffer.from(call.body, 'base64'), call.signature, call.secret));
"""


def test_the_body_is_signed_with_the_secret_as_it_is() -> None:
    """
    X-Calendo-Signature is the HMAC-SHA256 of the body in hex, prefix and all in the key.
    """
    # RFC 4231, test case 2.
    assert "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" == body_signature(
        "Jefe", b"what do ya want for nothing?"
    )
    assert hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest() == body_signature(SECRET, BODY)


@pytest.mark.parametrize(
    ("secret", "key"),
    [
        (SECRET, KEY),
        ("whsec_" + base64.b64encode(b"x" * 24).decode(), b"x" * 24),
        ("whsec_" + base64.b64encode(b"x" * 64).decode(), b"x" * 64),
        ("whsec_" + base64.b64encode(b"x" * 23).decode(), None),
        ("whsec_your_secret", None),
        ("whsec_", None),
        ("whsec_" + "=" * 40, None),
        ("whsec_" + base64.b64encode(KEY).decode().rstrip("="), None),
        ("whsec_" + base64.b64encode(KEY).decode() + "\n", None),
        ("whsec_" + "é" * 40, None),
        (base64.b64encode(KEY).decode(), None),
        ("WHSEC_" + base64.b64encode(KEY).decode(), None),
        (PLAIN, None),
    ],
)
def test_a_key_is_read_from_base64_if_it_is_some(secret: str, key: bytes | None) -> None:
    """
    What follows whsec_ is the key where it is base64 of 24 bytes or more; otherwise the secret's bytes are.
    """
    assert (secret.encode() if key is None else key) == message_key(secret)


def test_a_message_is_signed_with_its_id_and_its_time() -> None:
    """
    The example of the Standard Webhooks library comes out as it stands there.
    """
    signature = message_signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "1614265330",
        b'{"test": 2432232314}',
    )

    assert "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" == signature


def test_a_call_carries_four_headers() -> None:
    """
    Both schemes go out together, the id being the message's uid.
    """
    assert {
        "X-Calendo-Signature": body_signature(SECRET, BODY),
        "webhook-id": UID,
        "webhook-timestamp": str(NOW),
        "webhook-signature": message_signature(SECRET, UID, str(NOW), BODY),
    } == sign(SECRET, None, UID, BODY, NOW)


def test_during_a_rotation_both_secrets_sign() -> None:
    """
    webhook-signature carries one by each secret, the new one first; X-Calendo-Signature is by the new one.
    """
    headers = sign(SECRET, FORMER, UID, BODY, NOW)

    assert body_signature(SECRET, BODY) == headers["X-Calendo-Signature"]
    assert [message_signature(secret, UID, str(NOW), BODY) for secret in (SECRET, FORMER)] == headers[
        "webhook-signature"
    ].split(" ")
    assert (None, None) == verify(SECRET, headers, BODY, NOW)
    assert verify(FORMER, headers, BODY, NOW).is_genuine
    assert verify(FORMER, headers, BODY, NOW).body_problem is not None


@pytest.mark.parametrize("secret", [SECRET, FORMER])
def test_the_standard_webhooks_library_verifies_ours(secret: str) -> None:
    """
    A receiver that holds either secret of a rotation can use the library as it is.
    """
    headers = sign(SECRET, FORMER, UID, BODY, int(time.time()))

    assert json.loads(BODY) == Webhook(secret).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY + b" ", headers)


def run_node(program: str, call: object) -> str:
    """
    Run a program with a value on standard input, where there is Node, and return what it prints.
    """
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: a snippet for it was NOT run")
    run = subprocess.run(
        [node, "-e", program], input=json.dumps(call), capture_output=True, text=True, check=True
    )
    return run.stdout.strip()


@pytest.mark.parametrize("secret", [SECRET, "whsec_your_secret", PLAIN])
def test_the_reference_snippet_verifies_ours(secret: str) -> None:
    """
    The check that the reference prints for Node says yes to our signature, and no to another body.
    """
    calls = [
        {"body": base64.b64encode(body).decode(), "signature": body_signature(secret, BODY), "secret": secret}
        for body in (BODY, BODY + b" ")
    ]

    assert ["true", "false"] == [run_node(NODE, call) for call in calls]


def snippet(language: str) -> str:
    """
    Return the code in a language on the page about topics.
    """
    (code,) = re.findall(rf"^```{language}\n(.*?)^```", TOPICS.read_text(), re.MULTILINE | re.DOTALL)
    return str(code)


@pytest.mark.parametrize(("body", "expected"), [(BODY, "true"), (BODY + b" ", "false")])
def test_our_snippet_for_node_verifies_ours(body: bytes, expected: str) -> None:
    """
    What the docs offer for Node says yes to our headers, and no to another body.
    """
    program = snippet("js") + (
        "const call = JSON.parse(require('fs').readFileSync(0));"
        "console.log(isOurs(Buffer.from(call.body, 'base64'), call.headers, call.secret));"
    )
    headers = {name.lower(): value for name, value in sign(SECRET, FORMER, UID, BODY, NOW).items()}
    call = {"body": base64.b64encode(body).decode(), "headers": headers, "secret": SECRET}

    assert expected == run_node(program, call)
    assert "false" == run_node(program, {**call, "headers": {}})


def test_our_snippet_for_python_verifies_ours() -> None:
    """
    What the docs offer for Python says yes to either secret of a rotation, and no to what is old or changed.
    """
    names: dict[str, Any] = {}
    exec(snippet("python"), names)
    is_ours = names["is_ours"]
    now = int(time.time())

    assert is_ours(BODY, sign(SECRET, FORMER, UID, BODY, now), SECRET)
    assert is_ours(BODY, sign(SECRET, FORMER, UID, BODY, now), FORMER)
    assert not is_ours(BODY + b" ", sign(SECRET, None, UID, BODY, now), SECRET)
    assert not is_ours(BODY, sign(SECRET, None, UID, BODY, now), FORMER)
    assert not is_ours(BODY, sign(SECRET, None, UID, BODY, now - 400), SECRET)


@given(
    st.one_of(st.just(SECRET), st.text(min_size=8, max_size=80)),
    st.none() | st.text(min_size=8, max_size=80),
    st.binary(max_size=200),
)
def test_what_is_signed_verifies(secret: str, former: str | None, body: bytes) -> None:
    """
    Any secret and any body, in whatever case the headers' names arrive.
    """
    headers = sign(secret, former, UID, body, NOW)

    assert (None, None) == verify(
        secret, [(name.upper(), value) for name, value in headers.items()], body, NOW
    )


@pytest.mark.parametrize(
    ("changes", "body", "problem"),
    [
        ({}, BODY + b" ", "No webhook-signature fits"),
        ({"webhook-id": "another"}, BODY, "No webhook-signature fits"),
        ({"webhook-timestamp": str(NOW + 1)}, BODY, "No webhook-signature fits"),
        ({"webhook-signature": "v1,"}, BODY, "No webhook-signature fits"),
        ({"webhook-signature": "v2,g0hM9SsE"}, BODY, "No webhook-signature fits"),
        ({"webhook-signature": "é"}, BODY, "No webhook-signature fits"),
        ({"webhook-id": "\udcff"}, BODY, "No webhook-signature fits"),
        ({"webhook-id": None}, BODY, "The header webhook-id is missing."),
        ({"webhook-timestamp": None}, BODY, "The header webhook-timestamp is missing."),
        ({"webhook-signature": ""}, BODY, "The header webhook-signature is missing."),
        ({"webhook-timestamp": "soon"}, BODY, "not a number of seconds"),
        ({"webhook-timestamp": "-1"}, BODY, "not a number of seconds"),
        ({"webhook-timestamp": "٣"}, BODY, "not a number of seconds"),
        ({"webhook-timestamp": "9" * 10_000}, BODY, "not a number of seconds"),
    ],
)
def test_what_was_tampered_with_does_not_verify(
    changes: dict[str, str | None], body: bytes, problem: str
) -> None:
    """
    A changed body, id, time or signature is named for what it is.
    """
    changed = {**sign(SECRET, None, UID, BODY, NOW), **changes}
    headers = {name: value for name, value in changed.items() if value is not None}

    verification = verify(SECRET, headers, body, NOW)

    assert not verification.is_genuine
    assert problem in str(verification.message_problem)


def test_the_body_signature_is_checked_by_itself() -> None:
    """
    A wrong or missing X-Calendo-Signature is told, and leaves the other one be.
    """
    headers = sign(SECRET, None, UID, BODY, NOW)

    wrong = verify(SECRET, {**headers, "X-Calendo-Signature": "00"}, BODY, NOW)
    missing = verify(SECRET, {k: v for k, v in headers.items() if k != "X-Calendo-Signature"}, BODY, NOW)

    assert ("The X-Calendo-Signature does not fit the body and the secret.", None) == wrong
    assert ("The header X-Calendo-Signature is missing.", None) == missing


@pytest.mark.parametrize(
    ("age", "problem"),
    [
        (300, None),
        (301, "The webhook-timestamp is more than 300 seconds ago."),
        (-300, None),
        (-301, "The webhook-timestamp is more than 300 seconds ahead."),
    ],
)
def test_an_old_call_cannot_be_sent_again(age: int, problem: str | None) -> None:
    """
    Five minutes in either direction are what clocks may be apart.
    """
    headers = sign(SECRET, None, UID, BODY, NOW)

    assert problem == verify(SECRET, headers, BODY, NOW + age).message_problem
