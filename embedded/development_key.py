"""The key that signs tokens on one machine: made once, kept with the other secrets, and refused in production."""

import json
from pathlib import Path
from typing import Final

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeyParameters
from pydantic import TypeAdapter, ValidationError

from embedded.errors import EmbeddedError
from embedded.files import secret_kept, write_atomically

ISSUER: Final = "lianhe-development"
"""The tokens' issuer and the key's id."""

_JWK: Final = TypeAdapter(dict[str, str | list[str]])


def _private(directory: Path) -> Path:
    return directory / "secrets" / "development-key.json"


def make(directory: Path) -> Path:
    """Return the file with the public key as a JWKS, making the pair the first time.

    Raises:
        EmbeddedError: the file that is there holds no key.
    """
    parameters: KeyParameters = {"kid": ISSUER, "use": "sig", "alg": "ES256"}
    secret_kept(_private(directory), lambda: json.dumps(ECKey.generate_key("P-256", parameters).as_dict(private=True)))
    public = directory / "secrets" / "development-jwks.json"
    write_atomically(public, json.dumps({"keys": [load(directory).as_dict(private=False)]}), mode=0o600)
    return public


def load(directory: Path) -> ECKey:
    """Return the pair.

    Raises:
        EmbeddedError: nothing was started here, or the file holds no key.
    """
    path = _private(directory)
    try:
        return ECKey.import_key(_JWK.validate_json(path.read_bytes()))
    except FileNotFoundError:
        raise EmbeddedError(
            f"{path} is missing: the key is made by `lianhe up`. Run that first, or name its directory by --data-dir.",
            f"缺少 {path}：该密钥由 `lianhe up` 生成。请先运行它，或用 --data-dir 指定数据目录。",
        ) from None
    except (ValidationError, JoseError, ValueError):
        raise EmbeddedError(
            f"{path} holds no key. Remove it and run `lianhe up` again; tokens made before are then refused.",
            f"{path} 中没有有效密钥。请删除后重新运行 `lianhe up`；此前签发的令牌将失效。",
        ) from None
