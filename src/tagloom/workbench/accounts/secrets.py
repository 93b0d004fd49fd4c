"""Secrets that are made here, of sessions, tokens, invitations: 256 random bits, kept as SHA-256 digests alone."""

import hashlib
import secrets

_BYTES = 32


def new_secret(prefix: str = "") -> tuple[str, bytes]:
    """A secret that nobody can guess, and the digest that it is known by."""
    secret = prefix + secrets.token_urlsafe(_BYTES)
    return secret, digest(secret)


def digest(secret: str) -> bytes:
    """What a secret is known by. There is nothing that a slow hash would add to so many random bits."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
