"""`lianhe`: the entry. What a person can mend is told in a few lines; anything else is a bug and shows itself."""

import typer

from cli import demo, down, import_, logs, migrate, serve, status, topics, up

app = typer.Typer(
    name="lianhe",
    help="Lianhe 联合: 小个专 Party-building work of a district, by events. 区县“小个专”党建工作平台。",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("up")(up.up)
app.command("down")(down.down)
app.command("status")(status.status)
app.command("logs")(logs.logs)
app.command("import")(import_.import_)
app.command("topics")(topics.topics)
app.command("migrate")(migrate.migrate)
app.command("serve")(serve.serve)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
