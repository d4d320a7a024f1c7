"""The whole of Lianhe on one machine: database and broker, then migrations and topics, then the services."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx

from embedded import development_key, traces, zipkin
from embedded.databases import ensure_databases
from embedded.environment import key_file, write_environment
from embedded.errors import EmbeddedError
from embedded.files import key_made, require_free_space, secret_kept
from embedded.plan import DEAD_LETTER_KEY, Plan, ServiceProcess
from embedded.ports import LOOPBACK, PortBook, Ports
from embedded.process import ProcessSpec
from embedded.report import Report
from embedded.scale import Scale
from embedded.servers import KAFKA_SETTING, POSTGRES_ADMIN_SETTING, both, start_kafka, start_postgres
from embedded.supervisor import Supervisor

_DATABASE_PREFIX = "DATABASE_URL_"


@dataclass(slots=True)
class Stack:
    """Runs a plan in the current event loop and reports on it.

    Attributes:
        directory: The data directory; it exists.
        plan: What runs on top of the servers.
        ports: What the user set.
        environ: The environment: settings, and servers that are there already.
        report: Where progress is told.
        scale: How many brokers, and replicas of each service's process.
    """

    directory: Path
    plan: Plan
    ports: Ports
    environ: Mapping[str, str]
    report: Report
    scale: Scale = field(default_factory=Scale)
    _supervisor: Supervisor = field(init=False)
    _book: PortBook = field(init=False)
    _client: httpx.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        self._supervisor = Supervisor(self.directory / "logs", on_change=self.report.processes)
        self._book = PortBook(self.directory / "run" / "ports.json")
        # Not by a proxy of the environment: it can't reach this loopback.
        self._client = httpx.AsyncClient(trust_env=False)

    async def start(self) -> None:
        """Start everything and return when all is ready.

        Raises:
            EmbeddedError: Something can't be prepared or doesn't come up.
        """
        require_free_space(self.directory, self.environ)
        given = self._databases_given()
        # Ports first: one that is taken must be told before a minute's download.
        services = tuple(self._replicas())
        http_ports = {service.name: self._http_port(service) for service in services}
        bootstrap, admin_url = await both(self._kafka(), self._postgres(needed=given is None))
        self.report.addresses({"kafka": bootstrap})
        if given is None:
            with self.report.step("databases"):
                given = await ensure_databases(admin_url, self.plan.databases, self.directory / "secrets")
        urls = {_DATABASE_PREFIX + name.upper(): url for name, url in given.items()}
        addresses = {name: f"http://{LOOPBACK}:{port}" for name, port in http_ports.items()}
        owners = {service.name: addresses[service.name] for service in self.plan.services}
        tracing = await self._tracing()
        common = {**tracing, **self._common_environment(bootstrap, owners)}
        write_environment(
            self.directory,
            {**urls, **tracing, KAFKA_SETTING: bootstrap, DEAD_LETTER_KEY: common[DEAD_LETTER_KEY]},
        )
        for one_shot in self.plan.one_shots:
            with self.report.step(one_shot.name):
                await self._supervisor.start(
                    ProcessSpec(
                        name=one_shot.name,
                        argv=one_shot.argv,
                        env={**common, **urls},
                        one_shot=True,
                        ready_seconds=600,
                        depends_on=self._running(),
                    )
                )
        depends_on = self._running()
        specs = [self._service(service, http_ports[service.name], common, urls, depends_on) for service in services]
        with self.report.step("services"):
            await self._supervisor.start(*specs)
        self.report.addresses(addresses)

    async def stop(self) -> None:
        """Stop everything, the services first."""
        await self._supervisor.stop()
        await self._client.aclose()

    async def _kafka(self) -> str:
        loop = asyncio.get_running_loop()

        def tell(note: str) -> None:
            loop.call_soon_threadsafe(self.report.note, "kafka", note)

        with self.report.step("kafka"):
            return await start_kafka(
                self._supervisor,
                self.directory,
                self._book,
                self.environ,
                port=self.ports.kafka,
                brokers=self.scale.brokers,
                progress=tell,
            )

    async def _postgres(self, *, needed: bool) -> str:
        if not needed:
            return ""
        with self.report.step("postgres"):
            return await start_postgres(
                self._supervisor, self.directory, self._book, self.environ, port=self.ports.postgres
            )

    async def _tracing(self) -> dict[str, str]:
        """Start the trace viewer where it is asked for, and return the settings that lead there."""
        if not traces.are_asked_for(self.environ):
            return {}
        loop = asyncio.get_running_loop()

        def tell(note: str) -> None:
            loop.call_soon_threadsafe(self.report.note, "zipkin", note)

        with self.report.step("zipkin"):
            started = await zipkin.start_zipkin(self._supervisor, self._book, self.environ, progress=tell)
        self.report.addresses({traces.ADDRESS: started.address})
        return {name: self.environ.get(name, value) for name, value in zipkin.settings(started).items()}

    def _databases_given(self) -> dict[str, str] | None:
        """The databases the environment names: all of them, or None for none.

        Raises:
            EmbeddedError: Some are named and some are not.
        """
        settings = {name: _DATABASE_PREFIX + name.upper() for name in self.plan.databases}
        given = {name: self.environ[setting] for name, setting in settings.items() if self.environ.get(setting)}
        if given and len(given) < len(settings):
            missing = ", ".join(setting for name, setting in settings.items() if name not in given)
            raise EmbeddedError(
                f"Some databases are set in the environment, but not {missing}. Set all of them, or none to use the "
                "embedded PostgreSQL.",
                f"环境变量只设置了部分数据库，缺少 {missing}。请全部设置，或全部不设置以使用内置的 PostgreSQL。",
            )
        return given or None

    def _replicas(self) -> Iterator[ServiceProcess]:
        for number in range(self.scale.replicas):
            for service in self.plan.services:
                yield (
                    service
                    if number == 0
                    else replace(service, name=f"{service.name}-{number + 1}", http_port=None, instance=number)
                )

    def _http_port(self, service: ServiceProcess) -> int:
        wanted = self.ports.gateway if service.name == "gateway" else service.http_port
        return self._book.choose(service.name, wanted, option="--gateway-port" if service.name == "gateway" else None)

    def _common_environment(self, bootstrap: str, addresses: Mapping[str, str]) -> dict[str, str]:
        """What every process gets: the user's settings without anybody's database, the broker, and who is where."""
        key = self._key(DEAD_LETTER_KEY)
        inherited = {
            name: value
            for name, value in self.environ.items()
            if not name.startswith(_DATABASE_PREFIX) and name != POSTGRES_ADMIN_SETTING
        }
        identity = {
            "LIANHE_ENVIRONMENT": "development",
            "AUTH_ISSUER": development_key.ISSUER,
            "AUTH_JWKS": str(development_key.make(self.directory)),
        }
        urls = {f"{name.upper().replace('-', '_')}_URL": address for name, address in addresses.items()}
        return {DEAD_LETTER_KEY: key, **urls, **identity, **inherited, KAFKA_SETTING: bootstrap}

    def _key(self, setting: str) -> str:
        return secret_kept(
            key_file(self.directory, setting),
            key_made,
        )

    def _running(self) -> tuple[str, ...]:
        return tuple(process.name for process in self._supervisor.processes)

    def _service(
        self,
        service: ServiceProcess,
        port: int,
        common: Mapping[str, str],
        urls: Mapping[str, str],
        depends_on: Sequence[str],
    ) -> ProcessSpec:
        own = _DATABASE_PREFIX + service.database.upper() if service.database else None
        address = f"http://{LOOPBACK}:{port}/health/ready"

        async def ready() -> bool:
            try:
                return (await self._client.get(address)).status_code == httpx.codes.OK
            except httpx.TransportError:
                return False

        return ProcessSpec(
            name=service.name,
            argv=service.argv,
            env={
                **{setting: self._key(setting) for setting in service.keys},
                **common,
                **({own: urls[own]} if own else {}),
                "HTTP_PORT": str(port),
                **({"INSTANCE_ID": str(service.instance)} if service.instance else {}),
            },
            ready=ready,
            depends_on=tuple(depends_on),
            port=port,
        )
