"""How this process and the broker know each other: by certificates, or on a network of their own by nothing."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

AUTHORITY: Final = "ca.crt"
CERTIFICATE: Final = "user.crt"
KEY: Final = "user.key"
"""As Strimzi names them in the secrets of a cluster and of a user."""


@dataclass(frozen=True, slots=True)
class Tls:
    """The certificates by which a process and the broker know each other.

    Attributes:
        directory: holds `ca.crt`, who signs for the broker, and `user.crt` and `user.key`, who this process is.
    """

    directory: Path

    def missing(self) -> list[str]:
        """Return the names of the files that are not there."""
        return [name for name in (AUTHORITY, CERTIFICATE, KEY) if not (self.directory / name).is_file()]

    def context(self) -> ssl.SSLContext:
        """Read the files, anew for each client: certificates are renewed while a process runs.

        Raises:
            OSError: a file can't be read, or holds no certificate or key (`ssl.SSLError`).
        """
        context = ssl.create_default_context(cafile=self.directory / AUTHORITY)
        context.load_cert_chain(self.directory / CERTIFICATE, self.directory / KEY)
        return context


def client_options(tls: Tls | None) -> dict[str, Any]:
    """Return what aiokafka's clients take beside the address of the broker.

    Raises:
        OSError: as `Tls.context`.
    """
    return {} if tls is None else {"security_protocol": "SSL", "ssl_context": tls.context()}
