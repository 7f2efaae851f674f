"""`watchd import`: a history from a file, or what taking it over would do."""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import anyio

from watchd.app.wiring import opened
from watchd.cli.api import DaemonApi, running
from watchd.cli.printed import plain, say
from watchd.cli.run import clock_of
from watchd.errors import WatchdError
from watchd.settings import Settings, load


class NoFile(WatchdError):
    """There is no file to read."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "Nothing is owed to Trakt for what is imported, and importing twice adds nothing. A table has headings such as "
        "title, year, season, episode, imdb_id, tmdb_id and watched_at."
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="Trakt's data export, an export of watchd, or a CSV table")
    parser.add_argument("--dry-run", action="store_true", help="say what it would do, and change nothing")
    parser.add_argument("--account", metavar="NAME", help="into which account; the first of the settings without it")


def run(arguments: argparse.Namespace) -> int:
    file: Path = arguments.file
    _readable(file)
    settings = load()
    daemon = running(settings)
    if daemon is not None:
        told = _by_daemon(daemon, file, arguments.account, dry_run=arguments.dry_run)
    else:
        told = anyio.run(_here, settings, file, arguments.account, arguments.dry_run)
    say("\n".join(table(told["files"], dry_run=arguments.dry_run)))
    return 0 if any(one["new"] or one["known"] or not one["skipped"] for one in told["files"]) else 1


def _readable(file: Path) -> None:
    try:
        found = file.is_file()
        if found:
            file.open("rb").close()
    except OSError as error:
        raise NoFile(f"{file} cannot be read: {error.strerror}") from error
    if not found:
        raise NoFile(f"there is no file {file}")


def _by_daemon(daemon: DaemonApi, file: Path, account: str | None, *, dry_run: bool) -> Any:
    query = f"?name={quote(file.name)}" + ("&dry_run=1" if dry_run else "")
    query += f"&user={quote(account, safe='')}" if account is not None else ""
    try:
        with file.open("rb") as opened_file:
            job = daemon.upload(f"/api/import{query}", opened_file, file.stat().st_size)["job"]
    except OSError as error:
        raise NoFile(f"{file} cannot be read: {error.strerror}") from error
    try:
        return daemon.done(job)
    except KeyboardInterrupt:
        say("watchd: the daemon goes on with it; import the file once more to see what is here", sys.stderr)
        raise


async def _here(settings: Settings, file: Path, account: str | None, dry_run: bool) -> Any:
    async with opened(settings, clock_of(settings)) as daemon:
        return await daemon.desk.ports.receiving.take(file, file.name, account, dry_run=dry_run)


def table(files: Sequence[Mapping[str, Any]], *, dry_run: bool) -> Iterator[str]:
    """A line for each member of the file, and one for all."""
    width = max(30, *(len(_line_of(told["file"])) for told in files)) if files else 30
    yield f"{'file':<{width}} {'rows':>7} {'new':>7} {'known':>7} {'skipped':>7}"
    for told in files:
        yield _line(_line_of(told["file"]), told, width)
        for reason, count in told["skipped"].items():
            yield f"    {count} {reason}"
        if told["note"]:
            yield f"    {_line_of(told['note'], 400)}"
    sums = {name: sum(told[name] for told in files) for name in ("rows", "new", "known")}
    skipped = {"all": sum(sum(told["skipped"].values()) for told in files)}
    yield _line("would be all" if dry_run else "all", {**sums, "skipped": skipped}, width)


def _line_of(text: str, most: int = 80) -> str:
    """What a file says of itself, on one line of a bearable length."""
    line = plain(text.replace("\n", " "))
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _line(name: str, told: Mapping[str, Any], width: int) -> str:
    skipped = sum(told["skipped"].values())
    return f"{name:<{width}} {told['rows']:>7} {told['new']:>7} {told['known']:>7} {skipped:>7}"
