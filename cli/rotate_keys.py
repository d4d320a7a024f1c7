"""`lianhe rotate-keys`: what former keys sealed is sealed anew under the current one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, ClassVar, Final

import orjson
import typer
from rich.console import Console

from cli.environment import NothingRunsError, use_what_runs
from cli.errors import stderr, told
from cli.up import DEFAULT_DIRECTORY, DataDirectory
from kit import loop
from kit.database import AWAY, Database
from kit.rotation import PROCESS_NOTES, Kept, Rotated, rotate
from kit.sealing import KeyRing, SealBrokenError
from kit.settings import NOT_SET, KeySettings, SettingsError, load, setting
from services.ledgers.handlers import rotation as ledgers
from services.registration.handlers import rotation as registration

SERVICES: Final[Mapping[str, Sequence[Kept]]] = {
    "registration": registration.SEALED,
    "ledgers": ledgers.SEALED,
    "assessment": PROCESS_NOTES,
    "pairing": PROCESS_NOTES,
}
"""What each service keeps under keys; of a service without processes nothing is there to be sealed anew."""

Moved = Callable[[str, int, int], None]


class RotationSettings(KeySettings):
    """The keys: the new one, and those that it replaces."""

    service: ClassVar[str] = "rotate-keys"


def rotate_keys(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object a service.")] = False,
    data_dir: DataDirectory = DEFAULT_DIRECTORY,
) -> None:
    """Seal anew under PERSONAL_DATA_KEY what PERSONAL_DATA_KEYS_FORMER sealed. 轮换个人信息密钥。

    In batches; interrupted, give the same command again. When it says that nothing is left, the former keys can be
    taken out of the settings. The databases are DATABASE_URL_<SERVICE>; one that isn't set is left out. Exit status 1
    where something is left, or was sealed by a key that is not here.

    Example 示例: lianhe rotate-keys
    """
    with told(NothingRunsError, SettingsError, SealBrokenError, *AWAY):
        use_what_runs(data_dir)
        keys = load(RotationSettings).master_key()
        urls = {name: url for name in SERVICES if (url := setting(f"DATABASE_URL_{name.upper()}"))}
        if not urls:
            raise SettingsError(f"DATABASE_URL_LEDGERS: {NOT_SET}")
        whole = [_service(name, url, keys, as_json=as_json) for name, url in urls.items()]
    if not all(whole):
        raise typer.Exit(1)


def _service(name: str, url: str, keys: KeyRing, *, as_json: bool) -> bool:
    """Rotate what one service keeps, say what was done, and return whether nothing is left."""

    def moved(what: str, done: int, left: int) -> None:
        if not as_json:
            stderr.print(f"{name} {what}: {done:,} renewed 已轮换, {left:,} left 剩余")

    rotated = loop.run(_rotate(url, SERVICES[name], keys, moved))
    if as_json:
        counts = {"renewed": rotated.renewed, "left": dict(rotated.left), "lost": dict(rotated.lost)}
        print(orjson.dumps({"service": name, **counts}).decode())
    else:
        Console(highlight=False, soft_wrap=True).print(f"{name}: {_said(rotated)}")
    return not rotated.left and not rotated.lost


def _said(rotated: Rotated) -> str:
    if rotated.lost:
        return (
            f"sealed by a key that is not here 由未配置的密钥加密: {_counts(rotated.lost)}. "
            "Add it to PERSONAL_DATA_KEYS_FORMER and give the command again 请将其加入后重新运行"
        )
    if rotated.left:
        return (
            f"left under a former key 仍使用旧密钥: {_counts(rotated.left)}. A process still has the former key as its "
            "PERSONAL_DATA_KEY: restart it, then give the command again 请重启仍使用旧密钥的进程后重新运行"
        )
    if not rotated.renewed:
        return "nothing to do 无需轮换"
    return f"renewed 已轮换 {rotated.renewed:,}; the former keys can be taken out 旧密钥可以移除"


def _counts(several: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in several.items())


async def _rotate(url: str, everything: Sequence[Kept], keys: KeyRing, moved: Moved) -> Rotated:
    database = Database(url, application_name="rotate-keys", pool_size=1)
    try:
        return await rotate(database, keys, everything, moved)
    finally:
        await database.close()
