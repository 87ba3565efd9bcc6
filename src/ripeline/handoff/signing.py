"""Signatures of webhooks, by which a receiver knows who sent them: Standard Webhooks, HMAC-SHA256."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Final

from ripeline.vocabulary.issues import InputError

PREFIX: Final = "whsec_"
LEAST_BYTES, MOST_BYTES = 24, 64
SECRET_FORM: Final = f'"{PREFIX}" and {LEAST_BYTES} to {MOST_BYTES} random bytes in base64'


def key_of(secret: str) -> bytes:
    """Return the key that a secret stands for, or raise InputError, which does not show it."""
    try:
        key = b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        key = b""
    if not secret.startswith(PREFIX) or not LEAST_BYTES <= len(key) <= MOST_BYTES:
        raise InputError(f"a secret of webhooks is {SECRET_FORM}")
    return key


def signed_headers(keys: Sequence[bytes], message_id: str, body: bytes, at_us: int) -> dict[str, str]:
    """Return the headers that sign a body for one attempt: a signature by each key, the newest first."""
    seconds = str(at_us // 1_000_000)
    signed = b".".join((message_id.encode(), seconds.encode(), body))
    signatures = (b64encode(hmac.digest(key, signed, "sha256")).decode() for key in keys)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
    }
