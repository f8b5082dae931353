"""How a message is signed, so that its receiver knows who sent it and that it is fresh."""

import hashlib
import hmac


def signed(secret: str, body: bytes, at: int) -> str:
    """The header `Tiendo-Signature`: when, and an HMAC-SHA256 over when and what."""
    made = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={made.hexdigest()}"
