"""
The how-to for receivers: its snippets verify what Calendo signs, and refuse the rest.
"""

import re
import time
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from calendo.core.signing import sign
from calendo.ops.webhooks import new_secret

HOW_TO = Path(__file__).parent.parent.parent / "docs" / "how-to" / "receive-webhooks.md"
BODY = '{"event":"booking.created","data":{"booking":{"invitee_name":"Zoë"}}}'.encode()


@pytest.fixture(scope="module")
def snippets() -> dict[str, Any]:
    """
    What the page's Python defines.
    """
    found: dict[str, Any] = {}
    for code in re.findall(r"^```python\n(.*?)^```$", HOW_TO.read_text(), re.MULTILINE | re.DOTALL):
        exec(code, found)
    return found


@pytest.mark.parametrize(
    "secret", ["whsec_your_secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "zoë's secret"]
)
def test_the_snippet_checks_the_body_s_signature(snippets: dict[str, Any], secret: str) -> None:
    """
    Whatever the secret is; another body, secret or signature is refused.
    """
    signature = sign(secret, None, "id", BODY, 0)["X-Calendo-Signature"]

    assert snippets["is_genuine"](BODY, signature, secret)
    for wrong in ((BODY + b" ", signature, secret), (BODY, signature, "other"), (BODY, "é", secret)):
        assert not snippets["is_genuine"](*wrong)


def test_the_package_reads_what_is_signed(snippets: dict[str, Any]) -> None:
    """
    By the present secret and by the former one, as they are made, and by the bytes of any other.
    """
    now, present, former = int(time.time()), new_secret(), new_secret()
    headers = sign(present, former, "id", BODY, now)

    for secret in (present, former):
        read = snippets["read"](BODY, headers, secret)
        assert "Zoë" == read["data"]["booking"]["invitee_name"]
    for wrong in (
        lambda: snippets["read"](BODY + b" ", headers, present),
        lambda: snippets["read"](BODY, headers, new_secret()),
        lambda: snippets["read"](BODY, sign(present, None, "id", BODY, now - 301), present),
    ):
        with pytest.raises(WebhookVerificationError):
            wrong()
    own = "a secret of one's own"
    assert Webhook(own.encode()).verify(BODY, sign(own, None, "id", BODY, now))
