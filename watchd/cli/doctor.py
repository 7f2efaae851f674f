"""`watchd doctor`: everything that can be checked, with the daemon or without it, and how to mend what is amiss."""

import argparse
import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from watchd.app import watching
from watchd.app.setup import setup_of
from watchd.app.whereabouts import url_of
from watchd.cli.api import ApiError, running
from watchd.cli.doctor_place import place_of, why_not
from watchd.cli.nearby import found as found_nearby
from watchd.cli.printed import say
from watchd.cli.run import clock_of
from watchd.errors import SettingsError, StateError
from watchd.model.diagnosis import Finding, Health, Level
from watchd.rules.diagnosis import findings, worst_last
from watchd.rules.diagnosis_place import of_health, of_place
from watchd.rules.diagnosis_words import counted
from watchd.services.diagnosis_offline import served, standing
from watchd.settings import Settings, load
from watchd.settings.files import config_file
from watchd.store import checkup, state_dir

_SECONDS = 10.0
"""For the check of the database: a large one on a slow disk is not read to its end."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(arguments: argparse.Namespace) -> int:
    found = worst_last(_examined())
    counts = {level: sum(finding.level is level for finding in found) for level in Level}
    if arguments.json:
        told = {"findings": [finding.described() for finding in found], "counts": counts}
        say(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        say("\n".join([*map(line, found), _summed(counts)]))
    return 1 if counts[Level.PROBLEM] else 0


def line(finding: Finding) -> str:
    """A finding for people: `problem  trakt: what is so; mend: what helps`."""
    mend = "" if finding.mend is None else f"; mend: {finding.mend}"
    return " ".join(f"{finding.level:<8} {finding.about}: {finding.text}{mend}".split("\n"))


def _summed(counts: dict[Level, int]) -> str:
    bad = [counted(counts[level], str(level)) for level in (Level.PROBLEM, Level.WARNING, Level.NOTE) if counts[level]]
    return ", ".join(bad) if bad else "all is well"


def _examined() -> Iterator[Finding]:
    try:
        settings = load()
        watching.check(settings.watchers)
    except SettingsError as error:
        yield Finding(Level.PROBLEM, "settings", str(error), "nothing else is checked before that is mended")
        if (url := found_nearby(os.environ, "doctor")[0]) is not None:
            told = f"one runs at {url} with the settings of its start; it would not start again with these"
            yield Finding(Level.WARNING, "daemon", told)
        return
    file = config_file(os.environ)
    yield Finding(Level.OK, "settings", f"understood, with {file}" if file is not None else "understood, without a watchd.toml")
    directory = settings.state_dir
    try:
        yield from of_place(place_of(directory))
    except FileNotFoundError:
        told = f"there is no {directory}: watchd was never started with these settings"
        yield Finding(Level.WARNING, "state directory", told, "watchd run, or set WATCHD_STATE_DIR as the daemon has it")
        return
    except OSError as error:
        told = f"{directory} cannot be looked into ({error.strerror})"
        yield Finding(Level.PROBLEM, "state directory", told, "run this as the user watchd runs as, or as root")
        return
    yield from _daemon_or_records(settings, directory)


def _daemon_or_records(settings: Settings, directory: Path) -> Iterator[Finding]:
    path = directory / state_dir.DATABASE
    owned = state_dir.is_owned(directory)
    if not checkup.is_there(path) and not owned:
        yield Finding(Level.WARNING, "daemon", "it is not running, and nothing is recorded here yet", "watchd run")
        return
    health = checkup.health(path, running=owned, seconds=_SECONDS)
    yield of_health(health, str(path))
    if owned:
        yield from _of_daemon(settings, directory)
    else:
        told = "it is not running: nothing is recorded, and nothing is told to Trakt"
        yield Finding(Level.PROBLEM, "daemon", told, "watchd run, or systemctl start watchd")
        if (why := why_not(settings.listen)) is not None:
            host, port = settings.listen
            mend = (
                "set WATCHD_STATE_DIR as the watchd that listens there has it, or WATCHD_LISTEN to a free port of this machine"
            )
            yield Finding(Level.PROBLEM, "listener", f"it could not listen at {host or '*'}:{port} ({why})", mend)
        if health.readable:
            yield from _of_records(settings, path)


def _of_daemon(settings: Settings, directory: Path) -> Iterator[Finding]:
    """What the daemon finds itself."""
    who = f"process {owner}" if (owner := state_dir.owner(directory)) is not None else "a process"
    if url_of(directory) is None:
        told = f"{who} works on {directory} and does not listen: it is starting, or no daemon but another watchd command"
        yield Finding(Level.WARNING, "daemon", told, "ask again in a moment")
        return
    try:
        daemon = running(settings)
        answered = None if daemon is None else daemon.call("GET", "/api/doctor")
    except (ApiError, StateError) as error:
        told = f"{who} owns {directory}, and its daemon cannot be asked: {error}"
        yield Finding(Level.PROBLEM, "daemon", told, "if it should: journalctl -u watchd, and a restart")
        return
    if daemon is None or answered is None:
        yield Finding(Level.WARNING, "daemon", "it has just stopped", "ask again")
        return
    yield Finding(Level.OK, "daemon", f"{who} answers at {daemon.url}")
    for one in answered.get("findings", ()):
        yield Finding(Level(one["level"]), str(one["about"]), str(one["text"]), one["mend"])


def _of_records(settings: Settings, path: Path) -> Iterator[Finding]:
    """What settings and records tell without the daemon."""
    setup, now = setup_of(settings), clock_of(settings).now()
    try:
        with checkup.looked_at(path, running=False) as connection:
            names = [account.name for account in served(connection, setup)]
            records = checkup.records(connection, names, now)
            status = {"accounts": standing(connection, setup, now)}
    except sqlite3.Error as error:
        yield of_health(Health(trouble=str(error), cause=checkup.cause(error)), str(path))
        return
    yield from findings(setup, status, records, now)
