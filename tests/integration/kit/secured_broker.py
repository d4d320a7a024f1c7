"""A broker that takes nobody without a certificate and lets nobody do more than they may, as Strimzi's does."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from socket import socket
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from aiokafka.protocol.admin import CreateAclsRequest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from embedded import kafka
from embedded.jars import cache_directory, ensure_jars
from kit.broker_security import Tls, client_options

ADMIN: Final = "admin"
START_SECONDS: Final = 90
_KINDS: Final = {"topic": 2, "group": 3, "cluster": 4, "transactionalId": 5}
_PATTERNS: Final = {"literal": 3, "prefix": 4}
_OPERATIONS: Final = {"Read": 3, "Write": 4, "Describe": 8, "DescribeConfigs": 10}
_ALLOW: Final = 3
_SETTINGS: Final = """
listener.security.protocol.map=CLIENT:SSL,CONTROLLER:PLAINTEXT
ssl.client.auth=required
ssl.keystore.type=PEM
ssl.keystore.location={directory}/broker.pem
ssl.truststore.type=PEM
ssl.truststore.location={directory}/ca.crt
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:CN=broker;User:CN=admin;User:ANONYMOUS
"""


class Authority:
    """Signs for brokers and clients; writes what it signs below a directory.

    Args:
        directory: of `ca.crt`, and of a directory for each client.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")])
        self._own = self._signed(self._name, self._key, authority=True)
        (directory / "ca.crt").write_bytes(self._own.public_bytes(serialization.Encoding.PEM))

    def broker(self) -> None:
        """Write `broker.pem`: the broker's key and certificate."""
        key, certificate = self._pair("broker")
        (self.directory / "broker.pem").write_bytes(key + certificate)

    def client(self, name: str) -> Tls:
        """Return certificates by which a client is known as `CN=<name>`."""
        place = self.directory / name
        place.mkdir(exist_ok=True)
        key, certificate = self._pair(name)
        (place / "ca.crt").write_bytes((self.directory / "ca.crt").read_bytes())
        (place / "user.key").write_bytes(key)
        (place / "user.crt").write_bytes(certificate)
        return Tls(place)

    def _pair(self, name: str) -> tuple[bytes, bytes]:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        written = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return written, self._signed(subject, key).public_bytes(serialization.Encoding.PEM)

    def _signed(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, *, authority: bool = False
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(here, critical=False)
            .sign(self._key, hashes.SHA256())
        )


@dataclass(frozen=True, slots=True)
class SecuredBroker:
    """A running broker.

    Attributes:
        address: `host:port`.
        authority: who signs for its clients.
        admin: the certificates of one who may everything.
    """

    address: str
    authority: Authority
    admin: Tls

    async def allow(self, users: Sequence[dict[str, Any]]) -> None:
        """Let users do what manifests of `KafkaUser` say, as Strimzi's operator does."""
        client = AIOKafkaAdminClient(bootstrap_servers=self.address, **client_options(self.admin))
        await client.start()
        try:
            for user in users:
                principal = f"User:CN={user['metadata']['name']}"
                for rule in user["spec"]["authorization"]["acls"]:
                    await self._allow(client, principal, rule)
        finally:
            await client.close()

    async def _allow(self, client: AIOKafkaAdminClient, principal: str, rule: dict[str, Any]) -> None:
        what = rule["resource"]
        kind, pattern = _KINDS[what["type"]], _PATTERNS[what.get("patternType", "literal")]
        for operation in rule["operations"]:
            request = CreateAclsRequest(
                kind, what.get("name", "kafka-cluster"), pattern, principal, "*", _OPERATIONS[operation], _ALLOW
            )
            answer = await client._send_request(request)
            assert [one[0] for one in answer.creation_responses] == [0], answer


@asynccontextmanager
async def secured_broker(directory: Path) -> AsyncIterator[SecuredBroker]:
    """Run a broker below a directory while the block runs."""
    authority = Authority(directory)
    authority.broker()
    admin = authority.client(ADMIN)
    jars = ensure_jars(cache_directory(os.environ))
    broker = kafka.prepare(directory / "kafka", jars, kafka.Node(free_port(), free_port()))
    properties = directory / "kafka" / "server.properties"
    plain = properties.read_text(encoding="utf-8").replace(
        "listener.security.protocol.map=CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT\n", ""
    )
    properties.write_text(plain + _SETTINGS.format(directory=directory), encoding="utf-8")
    with (directory / "broker.log").open("wb") as log:
        process = subprocess.Popen(broker.command(), stdout=log, stderr=log)  # noqa: ASYNC220 - it starts at once
    try:
        await _until_it_answers(broker.bootstrap, admin, process)
        yield SecuredBroker(broker.bootstrap, authority, admin)
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


async def _until_it_answers(address: str, admin: Tls, process: "subprocess.Popen[bytes]") -> None:
    async with asyncio.timeout(START_SECONDS):
        while True:
            assert process.poll() is None, "the broker ended; see broker.log"
            client = AIOKafkaAdminClient(bootstrap_servers=address, **client_options(admin))
            try:
                await client.start()
                if (await client.describe_cluster())["brokers"]:
                    return
            except (KafkaError, OSError):
                await asyncio.sleep(0.5)
            finally:
                await client.close()


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
