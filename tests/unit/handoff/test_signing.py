"""Signatures of webhooks are those of the Standard Webhooks specification."""

from base64 import b64encode
from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from ripeline.handoff.signing import key_of, signed_headers
from ripeline.vocabulary.issues import InputError

OLD, NEW = (f"whsec_{b64encode(bytes(range(start, start + 32))).decode()}" for start in (0, 100))
BODY = '{"type":"handoff.created","data":{"name":"Zoë"}}'.encode()


def now_us() -> int:
    return int(datetime.now(UTC).timestamp() * 10**6)


def test_a_worked_signature() -> None:
    """The specification's own example of a secret, with a signature that its library makes."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    headers = signed_headers(
        [key_of(secret)], "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', 1_614_265_330_000_000
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_receivers_verify_with_the_library() -> None:
    headers = signed_headers([key_of(NEW)], "msg_1", BODY, now_us())
    assert Webhook(NEW).verify(BODY, headers)["data"]["name"] == "Zoë"
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(BODY + b" ", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(BODY, headers | {"webhook-id": "msg_2"})


def test_while_a_secret_is_changed_both_verify() -> None:
    headers = signed_headers([key_of(NEW), key_of(OLD)], "msg_1", BODY, now_us())
    for secret in (NEW, OLD):
        Webhook(secret).verify(BODY, headers)


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        "hunter2",
        f"whsec_{b64encode(bytes(23)).decode()}",
        f"whsec_{b64encode(bytes(65)).decode()}",
        OLD[6:],
        OLD + "!",
        OLD + "é",
    ],
)
def test_what_is_no_secret_is_refused_and_not_shown(secret: str) -> None:
    with pytest.raises(InputError, match="24 to 64 random bytes") as error:
        key_of(secret)
    assert not secret or secret not in str(error.value) or secret == "whsec_"
