"""The command line: the same use cases as the pages, for people and scripts on the server.

A command is a short function here: it says what it takes, acts `as_somebody` and prints what came of it. A refusal
becomes its sentence and exit code 1.
"""

import os
import secrets
import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qsl

import typer
from sqlalchemy.exc import OperationalError

from db import upgrade as schema
from db.transfer.backup import backup
from db.transfer.dump import dump
from db.transfer.load import load
from db.transfer.private_file import private_file
from pmcore.documents import beside, markdown, metrics_json, metrics_lines, outline
from pmcore.domain.errors import PmError
from pmcore.domain.vocabulary import Role
from pmcore.readmodels.metrics import MetricsFilter
from pmcore.readmodels.tracker import TrackerFilter
from pmcore.usecases.demo.fill import FillWithDemo
from pmcore.usecases.example import LoadExample
from pmcore.usecases.identity import EndEverySession
from pmcore.usecases.people import AddPerson
from pmcore.words import _, label, ngettext, say, speaking
from wiring import ask, exporting, importing, parts, run
from wiring.console import a_bar, as_somebody
from wiring.settings import settings

app = typer.Typer(
    help="Post-mortems, from the command line.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
database = typer.Typer(help="The database itself.", no_args_is_help=True)
users = typer.Typer(help="People who may sign in.", no_args_is_help=True)
imports = typer.Typer(help="Bring in what was kept elsewhere.", no_args_is_help=True)
exports = typer.Typer(help="Take out files.", no_args_is_help=True)
app.add_typer(database, name="db")
app.add_typer(users, name="user")
app.add_typer(imports, name="import")
app.add_typer(exports, name="export")

As = Annotated[str, typer.Option("--as", metavar="USERNAME", help="Who does it; else the first administrator.")]


@app.command("dump")
def dump_data(out: Annotated[Path, typer.Option("--out", help="The JSON Lines file to write.")]) -> None:
    """Write everything that people entered, from one moment, while the app goes on."""
    schema.require_current(parts.engine())
    with (
        private_file(out) as part,
        part.open("w", encoding="utf-8", newline="\n") as file,
        a_bar() as progress,
    ):
        file.writelines(dump(parts.engine(), progress=progress))


@app.command("load")
def load_data(file: Annotated[Path, typer.Argument(help="A dump.", exists=True, dir_okay=False)]) -> None:
    """Read a dump into an empty database: all of it or nothing."""
    schema.upgrade(parts.engine())
    with file.open(encoding="utf-8", errors="surrogateescape") as lines, a_bar() as progress:
        count = load(parts.engine(), lines, progress=progress)
    print(ngettext("{count} row loaded.", "{count} rows loaded.", count).format(count=count))


@app.command("backup")
def back_up(out: Annotated[Path, typer.Option("--out", help="The SQLite file to write.")]) -> None:
    """Copy the SQLite database while the app goes on."""
    with a_bar() as progress:
        backup(parts.engine(), out, progress=progress)


@database.command("upgrade")
def upgrade_database() -> None:
    """Bring the database to this version of the app; nothing happens when it is there."""
    schema.upgrade(parts.engine())


@database.command("check")
def check_database() -> None:
    """Say whether the database is at this version of the app."""
    schema.require_current(parts.engine())
    print(_("The database is up to date."))


@users.command("add")
def add_user(
    name: Annotated[str, typer.Argument(help="As colleagues know it, “Anna Petrova”.")],
    username: Annotated[str, typer.Argument(help="For signing in.")],
    role: Annotated[list[Role], typer.Option(help="May be given several times.")] = [Role.ENGINEER],  # noqa: B006
) -> None:
    """Add a person and print the link at which they choose their password."""
    schema.require_current(parts.engine())
    invitation = run(AddPerson(name=name, username=username, roles=frozenset(role)))
    print(_("Give {name} this link; it works once, within a week:").format(name=invitation.name))
    print(f"{settings().public_url.rstrip('/')}/invite/{invitation.token}")


@users.command("sign-out")
def sign_everybody_out() -> None:
    """End the sessions of everybody; what they type meanwhile waits until they have signed in again."""
    schema.require_current(parts.engine())
    count = run(EndEverySession())
    print(ngettext("{count} session ended.", "{count} sessions ended.", count).format(count=count))


@app.command("example")
def tell_example(as_: As = "") -> None:
    """Load the worked example: a published, signed post-mortem, marked as a dry run."""
    schema.require_current(parts.engine())
    with as_somebody(as_):
        postmortem_id = run(LoadExample())
    url = f"{settings().public_url.rstrip('/')}/read?id={postmortem_id}"
    print(_("The worked example is at {url}").format(url=url))


@app.command("demo")
def tell_demo(
    password: Annotated[str, typer.Option(help="Of every account; else a new one is printed.")] = "",
) -> None:
    """Fill an empty database with a year of a small company, and print who may sign in."""
    password = password or f"kestrel-{secrets.token_hex(4)}"
    if schema.is_untouched(parts.engine()):
        schema.upgrade(parts.engine())
    schema.require_current(parts.engine())
    with a_bar(_("Telling the year")) as progress:
        people = run(FillWithDemo(password=password, progress=progress))
    for person in people:
        roles = ", ".join(label(role) for role in sorted(person.roles))
        print(f"  {person.username:8} {roles:21} {person.name:16} {label(person.language)}")
    print(
        _("Sign in at {url} as any of them, with the password {password}").format(
            url=settings().public_url.rstrip("/"), password=password
        )
    )


@app.command("metrics")
def tell_metrics(
    since: Annotated[str, typer.Option("--from", help="The first day, 2026-01-01; else a year ago.")] = "",
    until: Annotated[str, typer.Option("--to", help="The last day, 2026-03-31; else the end of this month.")] = "",
    filter: Annotated[str, typer.Option(help="As in the page's address: severity=P0&service=3&days=90.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For a machine: the same data give the same text.")] = False,
    as_: As = "",
) -> None:
    """Print the metrics of a period, of what that person may see."""
    schema.require_current(parts.engine())
    said = {"from": since, "to": until} | dict(parse_qsl(filter))
    with as_somebody(as_):
        view = ask.metrics(MetricsFilter.of(said, today=ask.metrics_today()))
    if as_json:
        print(metrics_json.render(view))
    else:
        print("\n".join(metrics_lines.lines(view)))


@imports.command("tracker")
def import_old_tracker(
    file: Annotated[Path, typer.Argument(help="The old tracker, XLSX or CSV with the eleven columns.")],
    look: Annotated[bool, typer.Option("--look", help="Only check the file; store nothing.")] = False,
    as_: As = "",
) -> None:
    """Take over the tracker that was kept before: all of its rows, or none."""
    with as_somebody(as_):
        count = importing.import_tracker(file, store=not look)
    if look:
        print(ngettext("{count} row can be imported.", "{count} rows can be imported.", count).format(count=count))
    else:
        print(ngettext("{count} row imported.", "{count} rows imported.", count).format(count=count))


@exports.command("tracker")
def export_tracker(
    out: Annotated[Path, typer.Option("--out", help="The file to write; .xlsx or .csv.")],
    filter: Annotated[str, typer.Option(help="As in the tracker's address: severity=P0&since=2025-01-01.")] = "",
    as_: As = "",
) -> None:
    """Write the tracker, as that person sees it, to a workbook or a CSV file."""
    with as_somebody(as_):
        wanted = TrackerFilter.of(dict(parse_qsl(filter)))
        count = exporting.write_tracker(wanted, out, format=out.suffix.lstrip(".").lower())
    told = ngettext("{count} post-mortem written to {file}.", "{count} post-mortems written to {file}.", count)
    print(told.format(count=count, file=out))


@exports.command("survey")
def export_survey(
    out: Annotated[Path, typer.Option("--out", help="The file to write; .xlsx or .csv.")],
    as_: As = "",
) -> None:
    """Write the closed rounds of the survey, as far as that person may see them."""
    with as_somebody(as_):
        count = exporting.write_survey(out, format=out.suffix.lstrip(".").lower())
    told = ngettext("{count} round written to {file}.", "{count} rounds written to {file}.", count)
    print(told.format(count=count, file=out))


@exports.command("postmortem")
def export_postmortem(
    public_id: Annotated[str, typer.Argument(help="Of the incident, P0-001.")],
    out: Annotated[Path, typer.Option("--out", help="The Markdown file to write; files go to a folder beside it.")],
    edition: Annotated[
        int | None, typer.Option(help="Its number; else the newest, or the draft before the first.")
    ] = None,
    as_: As = "",
) -> None:
    """Write a post-mortem, as that person sees it, in the structure of the template."""
    with as_somebody(as_):
        document = ask.document(ask.postmortem_of(public_id), edition)
        out.write_text(markdown.render(document), encoding="utf-8")
        beside.lay(out.parent, document.files, data_of=ask.file_data)
    print(_("{id} written to {file}.").format(id=public_id.upper(), file=out))


@exports.command("template")
def export_template(out: Annotated[Path, typer.Option("--out", help="The Markdown file to write.")]) -> None:
    """Write the empty template; docs/templates/POST_MORTEM_TEMPLATE.md is made so."""
    out.write_text(markdown.render(outline.template()), encoding="utf-8")


def main() -> None:
    with speaking(os.environ.get("LANG", "en")[:2]):
        try:
            app()
        except PmError as refusal:
            print(say(refusal), file=sys.stderr)
            sys.exit(1)
        except OperationalError as error:  # no such host, no such file, wrong password: its own words say which
            told = str(error.orig).strip()
            print(_("The database does not answer: {reason}").format(reason=told), file=sys.stderr)
            sys.exit(1)


if __name__ == "__main__":
    main()
