"""Files for the ledgers, and the command line that takes them in."""

import asyncio
import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg
import orjson
from typer.testing import CliRunner, Result

from cli.main import command_line
from services.ledgers.intake.columns import MEMBERS, ORGANISATIONS, FileKind
from tests.integration.ledgers.desk import DISTRICT, KEY

KINDS: Final[Mapping[str, FileKind]] = {"organisations": ORGANISATIONS, "members": MEMBERS}

Row = Mapping[str, str]
"""Cells by the names that programs give the columns."""


@dataclass(frozen=True)
class Counter:
    """The command line at a clerk's desk: where it is, and what it is told."""

    place: Path
    url: str
    key: str = KEY.get_secret_value()

    @property
    def settings(self) -> dict[str, str]:
        """The environment in which it runs."""
        return {"DATABASE_URL_LEDGERS": self.url, "PERSONAL_DATA_KEY": self.key, "COLUMNS": "200"}

    async def run(self, command: str, *arguments: str | Path) -> Result:
        """Run a command."""
        told = [command, *map(str, arguments)]
        return await asyncio.to_thread(
            lambda: CliRunner().invoke(command_line(command), told, env=self.settings, catch_exceptions=False)
        )

    async def imports(self, kind: str, *arguments: str | Path) -> tuple[int, int, int, int]:
        """Import files; return how many rows are new, changed, unchanged and rejected."""
        result = await self.run(
            f"import-{kind}",
            *arguments,
            *("--division", DISTRICT, "--rejects", self.rejects, "--json"),
        )
        assert result.exit_code == 0, result.stderr
        counts = orjson.loads(result.stdout)
        assert counts.pop("read") == sum(counts.values())
        return counts["new"], counts["changed"], counts["unchanged"], counts["rejected"]

    @property
    def rejects(self) -> Path:
        """The rejects file."""
        return self.place / "rejects.out"

    async def kept(self, *tables: str) -> dict[str, list[str]]:
        """Return all rows of tables."""
        connection = await asyncpg.connect(self.url)
        try:
            return {
                table: sorted(str(row) for row in await connection.fetch(f"SELECT t::text FROM {table} AS t"))  # noqa: S608 - names of the tests
                for table in tables
            }
        finally:
            await connection.close()

    def rejected(self) -> list[dict[str, str]]:
        """Return the rows of the rejects file."""
        with self.rejects.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def reasons(self) -> list[tuple[str, str, str]]:
        """Return line, column and code of each reject, which is told in both languages."""
        found = self.rejected()
        for one in found:
            assert any("\u4e00" <= sign <= "\u9fff" for sign in one["原因"]), one
            assert one["reason"][:20].isascii(), one
        return [(one["行"], one["列"], one["原因代码"]) for one in found]

    def csv(self, kind: str, *rows: Row, name: str = "a.csv", encoding: str = "utf-8") -> Path:
        """Write a file of the columns that the rows have."""
        keys = [one for one in KINDS[kind].columns if any(one.key in row for row in rows)]
        path = self.place / name
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file)
            writer.writerow([one.column for one in keys])
            writer.writerows([[row.get(one.key, "") for one in keys] for row in rows])
        return path

    def json_lines(self, *rows: Row, name: str = "a.jsonl") -> Path:
        """Write JSON lines."""
        path = self.place / name
        path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
        return path


def organisation(name: str, **cells: str) -> Row:
    """Return a row of an organisation of its own mode."""
    return {"name": name, "form": "党支部", "mode": "兜底组建", "division": "500111101", **cells}


def member(name: str, relation: str, **cells: str) -> Row:
    """Return a row of a full member."""
    return {"name": name, "relation": relation, "standing": "正式党员", **cells}
