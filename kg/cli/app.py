"""The application: `kg` with its version and help; errors become one line and a status."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException

from kg import __version__
from kg.cli.console import fail, out
from kg.errors import KgError

_INTERRUPTED = 130

app = typer.Typer(
    name="kg",
    help="A knowledge graph of machine-learning papers, built offline from a feed of titles and abstracts.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        out.print(f"paper-kg {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - the callback acts on it
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A knowledge graph of machine-learning papers, built offline from a feed of titles and abstracts."""
    if context.invoked_subcommand is None:
        out.print(context.get_help(), markup=False)


def main() -> None:
    """Run the command line; every `KgError` is one line on standard error and its exit status."""
    try:
        status = app(standalone_mode=False)
    except KgError as error:
        fail(str(error), error.status)
    except TyperException as complaint:
        # The parser's own complaints: an unknown option, a missing argument.
        message = complaint.format_message() if hasattr(complaint, "format_message") else ""
        fail(f"{message.rstrip('.')}; see `kg --help`" if message else "see `kg --help`", 2)
    except (KeyboardInterrupt, typer.Abort):
        fail("stopped", _INTERRUPTED)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            # The reader of our output has seen enough (`kg extract … | head`); nothing to say, nowhere to say it.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        # A full disk, a folder that became unreadable: what the steps could not foresee.
        fail(f"{error.filename or 'a file'}: {error.strerror or error}; check space and permissions", 1)
    except Exception as error:
        # A defect of ours. A traceback tells a user nothing; whoever reports it can ask for one.
        if os.environ.get("KG_TRACEBACK"):
            raise
        fail(f"{type(error).__name__}: {error}; a defect: report it with the output under KG_TRACEBACK=1", 1)
    if status == _INTERRUPTED:  # Typer turns an interrupt into this
        fail("stopped", _INTERRUPTED)
    sys.exit(status if isinstance(status, int) else 0)
