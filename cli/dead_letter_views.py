"""How dead letters look on a terminal and as JSON."""

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, TypeAlias
from uuid import UUID

import orjson
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from kit.clock import SHANGHAI
from kit.dead_letter_desk import Letter, Try
from kit.dead_letters import Kept, Outcome, State

PIPE_WIDTH: Final = 240
"""Width of a table that goes to a file or a pipe, where nothing says how wide it may be."""

WIDE: Final = 190
"""From this width on a dead letter has a row of eight cells; below, its id would leave the others no room."""

STATES: Final[Mapping[State, str]] = {
    State.SET_ASIDE: "set aside 已搁置",
    State.ASKED_FOR: "asked for 待重投",
    State.REDRIVEN: "redriven 已重投",
    State.FAILED_AGAIN: "failed again 再次失败",
}
OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.APPLIED: "redriven 已重新投递",
    Outcome.KNOWN: "redriven: its event had been taken in meanwhile, no second effect 事件此前已处理，未重复生效",
    Outcome.FAILED: "failed again 再次失败",
    Outcome.NEWER_RELEASE_NEEDED: "left as it was: a newer release is needed 未处理：需要新版本",
    Outcome.TYPE_NOT_TAKEN: "left as it was: this release does not take this type in 未处理：本版本不接收该类型",
    Outcome.CONSUMER_GONE: "left as it was: this release has no such consumer 未处理：本版本没有该消费者",
    Outcome.SEAL_BROKEN: "left as it was: sealed with another DEAD_LETTER_KEY, or changed 未处理：密钥不符或内容已改",
}

Json: TypeAlias = Mapping[str, object]


def print_lines(objects: Sequence[Json]) -> None:
    """Print a JSON object a line."""
    for one in objects:
        print(orjson.dumps(one).decode())


def print_letters(letters: Sequence[tuple[str, Letter]]) -> None:
    """Print a table of dead letters, each with its service."""
    console = _console()
    if not letters:
        console.print("no dead letters 没有死信")
        return
    console.print(_wide(letters) if console.width >= WIDE else _narrow(letters))


def _wide(letters: Sequence[tuple[str, Letter]]) -> Table:
    table = Table(
        "service 服务",
        Column("id 编号", no_wrap=True),
        Column("consumer 消费者", overflow="fold"),
        Column("record 记录", overflow="fold"),
        Column("type 类型", overflow="fold"),
        Column("reason 原因", overflow="fold"),
        Column("recorded at 时间", no_wrap=True),
        Column("state 状态", no_wrap=True),
    )
    for service, one in letters:
        place, kind = _place(one), one.record_type or "-"
        table.add_row(
            *map(Text, (service, str(one.id), one.consumer, place, kind, one.reason, _moment(one.recorded_at))),
            STATES[one.state],
        )
    return table


def _narrow(letters: Sequence[tuple[str, Letter]]) -> Table:
    table = Table(
        Column("id, reason, state 编号、原因、状态", no_wrap=True),
        Column("service, consumer, record, type, time 服务、消费者、记录、类型、时间", overflow="fold"),
        show_lines=True,
    )
    for service, one in letters:
        told = f"{service}: {one.consumer}\n{_place(one)}\n{one.record_type or '-'}\n{_moment(one.recorded_at)}"
        table.add_row(Text(f"{one.id}\n{one.reason}\n{STATES[one.state]}"), Text(told))
    return table


def print_whole(service: str, letter: Letter, tries: Sequence[Try], record: Kept | None) -> None:
    """Print all of one dead letter, its tries, and its record where it was revealed."""
    lines = [
        ("service 服务", service),
        ("id 编号", str(letter.id)),
        ("consumer 消费者", letter.consumer),
        ("record 记录", _place(letter)),
        ("type 类型", letter.record_type or "-"),
        ("reason 原因", f"{letter.reason}: {letter.detail}"),
        ("recorded at 时间", _moment(letter.recorded_at)),
        ("state 状态", STATES[letter.state]),
    ]
    if letter.first_reason is not None:
        lines.append(("first reason 最初原因", f"{letter.first_reason}: {letter.first_detail}"))
    if letter.asked_by is not None and letter.asked_at is not None:
        lines.append(("asked for by 申请人", f"{letter.asked_by}, {_moment(letter.asked_at)}"))
    for one in tries:
        why = f" ({one.reason}: {one.detail})" if one.reason else ""
        text = f"{_moment(one.tried_at)}, {one.asked_by}: {OUTCOMES[one.outcome]}{why}"
        lines.append((f"try 第{one.number}次", text))
    if record is not None:
        lines += [
            ("written at 写入时间", _moment(datetime.fromtimestamp(record.timestamp / 1000, UTC))),
            ("key 键", _text(record.key)),
            *((f"header {printable(name)}", _text(value)) for name, value in record.headers),
            ("content 内容", _text(record.value)),
        ]
    grid = Table.grid(Column(no_wrap=True), Column(overflow="fold"), padding=(0, 2))
    for name, value in lines:
        grid.add_row(Text(name), Text(value))
    _console().print(grid)


def print_redrive(
    service: str, ended: Mapping[UUID, Try], waiting: Sequence[UUID], before: Sequence[UUID], *, attended: bool
) -> None:
    """Print what became of each dead letter that was asked for."""
    console = _console()
    for one in before:
        console.print(f"{one}: was redriven before 此前已重新投递")
    for letter, outcome in ended.items():
        why = f" ({outcome.reason}: {outcome.detail})" if outcome.reason else ""
        console.print(f"{letter}: {OUTCOMES[outcome.outcome]}{why}", markup=False)
    if not (ended or waiting or before):
        console.print("no dead letters to redrive 没有可重新投递的死信")
    if not waiting:
        return
    console.print(f"{len(waiting)} still asked for; the marks stay 条仍待处理，标记保留")
    if attended:
        console.print(
            f"a process of {service} runs and comes to them; else see its /health/ready and `lianhe logs {service}`\n"
            f"{service} 的进程正在运行，将予处理；如迟未处理，请查看其 /health/ready 与 `lianhe logs {service}`"
        )
    else:
        console.print(
            f"no process of {service} is connected to its database: when one runs, it redrives them\n"
            f"没有 {service} 的进程连接其数据库：进程启动后将自动重新投递"
        )


def letter_json(service: str, letter: Letter) -> Json:
    """Return a dead letter as `--json` prints it; moments in UTC."""
    return {
        "service": service,
        "id": str(letter.id),
        "consumer": letter.consumer,
        "topic": letter.place.topic,
        "partition": letter.place.partition,
        "offset": letter.place.offset,
        "type": letter.record_type,
        "reason": letter.reason,
        "detail": letter.detail,
        "first_reason": letter.first_reason,
        "first_detail": letter.first_detail,
        "state": letter.state,
        "tries": letter.tries,
        "recorded_at": letter.recorded_at,
        "asked_by": letter.asked_by,
        "asked_at": letter.asked_at,
        "redriven_at": letter.redriven_at,
    }


def whole_json(service: str, letter: Letter, tries: Sequence[Try], record: Kept | None) -> Json:
    """Return all of a dead letter as `--json` prints it; bytes as `text`, or as `base64` where they are no UTF-8."""
    whole = {**letter_json(service, letter), "history": [_try_json(one) for one in tries]}
    if record is not None:
        whole["record"] = {
            "timestamp": record.timestamp,
            "key": _bytes_json(record.key),
            "headers": [{"name": name, "value": _bytes_json(value)} for name, value in record.headers],
            "value": _bytes_json(record.value),
        }
    return whole


def redrive_json(
    service: str, ended: Mapping[UUID, Try], waiting: Sequence[UUID], before: Sequence[UUID]
) -> list[Json]:
    """Return what became of each dead letter, an object each; `outcome` is null where it is still asked for."""
    return [
        *({"service": service, "id": str(one), "outcome": "REDRIVEN_BEFORE"} for one in before),
        *({"service": service, "id": str(one), **_try_json(became)} for one, became in ended.items()),
        *({"service": service, "id": str(one), "outcome": None} for one in waiting),
    ]


def printable(text: str) -> str:
    """Escape what would move a terminal's cursor or colour its text: a stranger wrote it."""
    return "".join(one if one.isprintable() or one == "\n" else one.encode("unicode_escape").decode() for one in text)


def _try_json(one: Try) -> Json:
    return {
        "number": one.number,
        "outcome": one.outcome,
        "reason": one.reason,
        "detail": one.detail,
        "asked_by": one.asked_by,
        "asked_at": one.asked_at,
        "tried_at": one.tried_at,
    }


def _bytes_json(value: bytes | None) -> Json | None:
    if value is None:
        return None
    try:
        return {"text": value.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value).decode()}


def _text(value: bytes | None) -> str:
    if value is None:
        return "none 无"
    try:
        return printable(value.decode())
    except UnicodeDecodeError:
        return f"base64: {base64.b64encode(value).decode()}"


def _place(letter: Letter) -> str:
    return f"{letter.place.topic}/{letter.place.partition}/{letter.place.offset}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PIPE_WIDTH)
