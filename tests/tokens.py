"""Tokens for tests: an issuer with a key of its own."""

import json
import time
from pathlib import Path
from typing import Final

from joserfc import jwt
from joserfc.jwk import ECKey

ISSUER: Final = "https://issuer.test"


class Issuer:
    """Signs tokens as an OIDC issuer does.

    Args:
        key_id: of its key.
        name: its `iss`.
    """

    def __init__(self, key_id: str = "first", name: str = ISSUER) -> None:
        self.name = name
        self.key_id = key_id
        self.key = ECKey.generate_key("P-256", {"kid": key_id, "use": "sig", "alg": "ES256"})

    def jwks(self) -> bytes:
        """Return what it publishes."""
        return json.dumps({"keys": [self.key.as_dict(private=False)]}).encode()

    def publish(self, directory: Path) -> Path:
        """Write what it publishes to a file."""
        path = directory / f"{self.key_id}.json"
        path.write_bytes(self.jwks())
        return path

    def token(self, role: str = "DISTRICT", division: str = "500111000000", **changed: object) -> str:
        """Return a token that holds for a minute; a claim given as None is left out."""
        claims = {
            "iss": self.name,
            "aud": "lianhe",
            "sub": "clerk-17",
            "exp": int(time.time()) + 60,
            "role": role,
            "division": division,
        } | changed
        stated = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "ES256", "kid": self.key_id}, stated, self.key)

    def header(self, role: str = "DISTRICT", division: str = "500111000000", **changed: object) -> dict[str, str]:
        """Return the header of a request."""
        return {"Authorization": f"Bearer {self.token(role, division, **changed)}"}
