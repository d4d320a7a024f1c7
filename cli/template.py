"""`lianhe template`: workbooks to fill in, for `lianhe import-organisations` and `lianhe import-members`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.errors import told
from kit.files.errors import IntakeError
from services.ledgers.intake.columns import MEMBERS, ORGANISATIONS, FileKind

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")

_File = Annotated[Path, typer.Argument(help="The workbook to write, *.xlsx 要写入的工作簿.", show_default=False)]
_Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there 覆盖已有文件.")]


@app.callback()
def template() -> None:
    """Write a workbook to fill in: headers with notes, lists to choose from, an example row, instructions. 导入模板。

    Example 示例: lianhe template organisations organisations.xlsx
    """


@app.command("organisations")
def organisations(file: _File, *, force: _Force = False) -> None:
    """Write the template for Party organisations. 党组织导入模板。

    Example 示例: lianhe template organisations organisations.xlsx
    """
    _write(ORGANISATIONS, file, force=force)


@app.command("members")
def members(file: _File, *, force: _Force = False) -> None:
    """Write the template for members. 党员导入模板。

    Example 示例: lianhe template members members.xlsx
    """
    _write(MEMBERS, file, force=force)


def _write(kind: FileKind, file: Path, *, force: bool) -> None:
    from services.ledgers.intake.template import write_template  # noqa: PLC0415 - the help needs no workbook

    with told(IntakeError):
        write_template(kind, file, force=force)
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{kind.title}导入模板 template for {kind.name}: {file}", markup=False)
