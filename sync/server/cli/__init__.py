"""The words an operator of the centre types."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from sync import __version__
from sync.problems import Problem
from sync.server import accounts, centre
from sync.server.app import application_of
from sync.server.centre import Centre
from sync.server.cli import records
from sync.server.cli.figures import publish_figures
from sync.server.cli.files import import_batch
from sync.server.cli.tables import check, migrate
from sync.server.database import Unreplicated, reading, writing
from sync.server.isolation import EVERYWHERE, RESERVED
from sync.server.serving import server_of
from sync.server.settings import Settings, from_environment
from sync.server.tables import Enrolment

DONE, REFUSED = 0, 1
Verb = Callable[[Settings, argparse.Namespace], int]


def main(words: Sequence[str] | None = None, environment: Mapping[str, str] | None = None) -> int:
    """Run one verb; returns 0 done, 1 refused for a reason that can be mended, 2 wrong usage."""
    given = _parser().parse_args(words)
    try:
        settings = from_environment(environment)
        if given.database:
            settings = replace(settings, database=given.database)
        verb: Verb = given.run
        return verb(settings, given)
    except Problem as problem:
        print(problem, file=sys.stderr)
    except Unreplicated:
        print(
            "Written, but perhaps not at the standby. Do it again; nothing is done twice.",
            file=sys.stderr,
        )
    except (ArgumentError, NoSuchModuleError):
        print("The address of the database cannot be read.", file=sys.stderr)
    except DBAPIError as error:
        print(f"The database refuses: {error.orig}".strip(), file=sys.stderr)
    return REFUSED


_AFTER_RESTORING = (
    "Say that the database was restored from a copy: offices bring back what it lacks. "
    "Stop the centre, restore, call this once, start the centre."
)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sync.server",
        description="The centre that branches synchronise with.",
        epilog="Every setting can stand in the environment: VLA_DATABASE, VLA_HOST, VLA_PORT, "
        "VLA_NAME, VLA_CODE_LIFETIME_H, VLA_BODY_LIMIT_BYTES, VLA_CENTRE_KEY, and the limits; "
        "sync/server/README.md tells them.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--database", metavar="URL",
        help="sqlite:///FILE or postgresql://…; default VLA_DATABASE, else sqlite:///vla-centre.db",
    )  # fmt: skip
    common.add_argument("--json", action="store_true", help="print one JSON document")
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    def verb(name: str, run: Verb, explanation: str) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, parents=[common], help=explanation, description=explanation)
        added.set_defaults(run=run)
        return added

    run = verb("run", _run, "Serve until interrupted.")
    run.add_argument("--host", metavar="H", help="default VLA_HOST, else 127.0.0.1")
    run.add_argument("--port", metavar="P", type=int, help="0 takes a free one; default 8080")
    invite = verb("invite", _invite, "Print a one-time code for a PC of a branch.")
    invite.add_argument("--branch", metavar="CODE", required=True, help="made when it is new")
    invite.add_argument("--name", default="", help="the branch's name")
    invite.add_argument("--label", default="", help="what the PC is called")
    verb("branches", _branches, "List the branches.")
    verb("devices", _devices, "List the PCs that joined.")
    verb("new-epoch", _new_epoch, _AFTER_RESTORING)
    verb("digest", _digest, "Print seq and digest of each scope's ledger.")
    batch = verb("import-batch", import_batch, "Take in a branch's file; write the one to return.")
    batch.add_argument("file", metavar="FILE", help="as the branch exported it")
    batch.add_argument("--out", metavar="ACK", required=True, help="where to write the answer")
    _add_revocations(verb)
    _add_tables(verb)
    records.add_verbs(verb)
    return parser


def _add_revocations(verb: Callable[[str, Verb, str], argparse.ArgumentParser]) -> None:
    for each in (
        verb("revoke", _revoke, "Refuse a PC from now on."),
        verb("reinstate", _reinstate, "Take a revocation back."),
    ):
        each.add_argument("device", metavar="DEVICE", help="its name, 12 letters and digits")


def _add_tables(verb: Callable[[str, Verb, str], argparse.ArgumentParser]) -> None:
    tables = verb("migrate", migrate, "Bring the tables up to this version, and protect them.")
    tables.add_argument("--serve-as", metavar="ROLE", help="the PostgreSQL role that `run` uses")
    published = verb("publish-figures", publish_figures, "Make the provinces' figures known.")
    published.add_argument("--as-of", metavar="YYYY-MM-DD", required=True, help="the day")
    published.add_argument("--catalogues", metavar="FOLDER", help="of administrative units")
    verb("check", check, "Say what this database lacks for a centre that one can rely on.")


def _run(settings: Settings, given: argparse.Namespace) -> int:
    host = given.host or settings.host
    port = settings.port if given.port is None else given.port

    def ready(port: int) -> None:
        url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        print(json.dumps({"url": url}) if given.json else f"Centre listening on {url}", flush=True)

    server = server_of(
        application_of(Centre(settings)), host, port, ready, settings.trusted_proxies
    )
    try:
        server.run()
    except KeyboardInterrupt:
        return DONE
    except SystemExit:
        print(f"Nobody can listen at {host}:{port}.", file=sys.stderr)
        return REFUSED
    return DONE if server.started else REFUSED


def _invite(settings: Settings, given: argparse.Namespace) -> int:
    if given.branch in RESERVED or len(given.branch) > accounts.MOST_CODE:
        print("A branch code takes 1 to 32 letters.", file=sys.stderr)
        return 2
    with _database(settings) as engine, writing(engine) as session:
        code = accounts.invite(
            session, given.branch, name=given.name, label=given.label, now=centre.utc_now(),
            lifetime_h=settings.code_lifetime_h,
        )  # fmt: skip
    return _say(given, {"code": code, "branch": given.branch}, [code])


def _branches(settings: Settings, given: argparse.Namespace) -> int:
    with _database(settings) as engine, reading(engine, EVERYWHERE) as session:
        rows = [{"code": row.code, "name": row.name} for row in accounts.branches(session)]
    return _say(given, rows, [f"{row['code']}\t{row['name']}" for row in rows])


def _devices(settings: Settings, given: argparse.Namespace) -> int:
    with _database(settings) as engine, reading(engine, EVERYWHERE) as session:
        rows = [
            {
                "device": row.device, "branch": row.branch, "label": row.label,
                "enrolled_at": row.enrolled_at, "last_seen_at": row.last_seen_at,
                "revoked_at": row.revoked_at,
            }
            for row in accounts.devices(session)
        ]  # fmt: skip
    return _say(given, rows, ["\t".join(row.values()) for row in rows])


def _revoke(settings: Settings, given: argparse.Namespace) -> int:
    with _database(settings) as engine, writing(engine) as session:
        row = accounts.revoke(session, given.device, centre.utc_now())
    return _say_revoked(given, row)


def _reinstate(settings: Settings, given: argparse.Namespace) -> int:
    with _database(settings) as engine, writing(engine) as session:
        row = accounts.reinstate(session, given.device)
    return _say_revoked(given, row)


def _say_revoked(given: argparse.Namespace, row: Enrolment) -> int:
    document = {"device": row.device, "revoked_at": row.revoked_at}
    return _say(given, document, [f"{row.device}\t{row.revoked_at}"])


def _new_epoch(settings: Settings, given: argparse.Namespace) -> int:
    with _database(settings) as engine:
        centre.who_we_are(engine, settings.centre_key)
        epoch = centre.new_epoch(engine)
    return _say(given, {"epoch": epoch}, [epoch])


def _digest(settings: Settings, given: argparse.Namespace) -> int:
    with _database(settings) as engine, reading(engine, EVERYWHERE) as session:
        found = centre.digests(session)
    document = {scope: {"seq": seq, "digest": digest} for scope, seq, digest in found}
    return _say(given, document, [f"{scope}\t{seq}\t{digest}" for scope, seq, digest in found])


@contextmanager
def _database(settings: Settings) -> Iterator[Engine]:
    engine = centre.open_database(settings)
    try:
        yield engine
    finally:
        engine.dispose()


def _say(given: argparse.Namespace, document: Any, lines: Sequence[str]) -> int:
    if given.json:
        print(json.dumps(document, ensure_ascii=False))
    else:
        for line in lines:
            print(line)
    return DONE
