"""Doctor on the ground watchd stands on: state directory, disk, database, listener, tokens."""

import shlex
from collections.abc import Iterator

from watchd.model.diagnosis import Cause, Finding, Health, Level, Place, Records, Setup
from watchd.rules.diagnosis_words import listed, size

_LITTLE, _TIGHT = 50 * 10**6, 500 * 10**6
_STATE, _DISK, _DATABASE = "state directory", "disk", "database"


def of_place(place: Place) -> Iterator[Finding]:
    """The directory's rights, and the room on its disk."""
    path = shlex.quote(place.path)
    if place.mode & 0o077:
        told = f"{place.path} is open to others (mode {place.mode:04o}), and the tokens are in it"
        yield Finding(Level.PROBLEM, _STATE, told, f"chmod 700 {path}")
    if place.wide:
        level = Level.PROBLEM if place.mode & 0o077 else Level.WARNING
        files = shlex.join(f"{place.path}/{name}" for name in place.wide)
        yield Finding(level, _STATE, f"others may use {listed(place.wide)}", f"chmod 600 {files}")
    if place.foreign:
        told = f"{place.path} is {place.owner}'s, and others own some of its files: {listed(place.foreign)}"
        yield Finding(Level.PROBLEM, _STATE, told, f"chown -R {place.owner} {path}")
    if place.me not in (place.owner, "root"):
        told = f"{place.path} is {place.owner}'s, and you are {place.me}"
        yield Finding(Level.WARNING, _STATE, told, f"run the commands as {place.owner} or as root")
    elif not place.writable:
        yield Finding(Level.PROBLEM, _STATE, f"{place.path} takes no files", "mend its rights, or mount its disk for writing")
    elif not (place.mode & 0o077 or place.wide or place.foreign):
        yield Finding(Level.OK, _STATE, f"{place.path}: for {place.owner}'s eyes only")
    yield _room(place)


def _room(place: Place) -> Finding:
    left = f"{size(place.free)} are free, the database has {size(place.size)}"
    if place.free < _LITTLE:
        told = f"{left}: events are refused when it is full"
        return Finding(Level.PROBLEM, _DISK, told, f"make room on the disk of {place.path}")
    if place.free < max(_TIGHT, 2 * place.size):
        told = f"{left}: an update of watchd may not find the room for its copy"
        return Finding(Level.WARNING, _DISK, told, f"make room on the disk of {place.path}")
    return Finding(Level.OK, _DISK, left)


def of_health(health: Health, path: str) -> Finding:
    """The database file, which is at `path`."""
    quoted = shlex.quote(path)
    anew = f"stop watchd, move {quoted}* away and put a copy back as {quoted}; without one it begins anew"
    if health.trouble is not None:
        mends = {
            Cause.RIGHTS: "run this as the user watchd runs as, or as root",
            Cause.LOCKED: f"see who has it: fuser {quoted}",
        }
        return Finding(Level.PROBLEM, _DATABASE, f"it cannot be read: {health.trouble}", mends.get(health.cause, anew))
    if health.damage is not None:
        return Finding(Level.PROBLEM, _DATABASE, f"it is damaged: {health.damage}", anew)
    if health.version > health.newest:
        told = f"it has version {health.version}, and this watchd knows up to {health.newest}"
        return Finding(Level.PROBLEM, _DATABASE, told, "install the newer watchd again")
    checked = "sound" if health.checked else "readable; there was no time to check all of it"
    if health.version < health.newest:
        told = f"{checked}, of version {health.version}: the next start brings it to {health.newest} and keeps a copy"
        return Finding(Level.NOTE, _DATABASE, told, "restart watchd")
    return Finding(Level.OK, _DATABASE, f"{checked}, of version {health.version}")


def of_listener(setup: Setup, *, expected: bool) -> Iterator[Finding]:
    """Who can reach us, and what they see; `expected`: somebody should have been heard by now and was not."""
    port = setup.port or 7373
    at = f"watchd listens at {setup.host or '*'}" + (f":{port}" if setup.port else " and a port that changes")
    if setup.loopback and not setup.public_url and setup.watchers == 0:
        told = f"{at}, which media centers on other machines cannot reach"
        level = Level.WARNING if expected else Level.NOTE
        yield Finding(level, "listener", told, f"if there are such: WATCHD_LISTEN=0.0.0.0:{port}, and a restart")
    else:
        yield Finding(Level.OK, "listener", at)
    if setup.public != "none" and not setup.public_url:
        told = f"WATCHD_PUBLIC is {setup.public} and there is no WATCHD_PUBLIC_URL: everybody elsewhere still needs a token"
        yield Finding(Level.WARNING, "listener", told, "set WATCHD_PUBLIC_URL to the address the proxy is called by")
    elif setup.public != "none" and not setup.loopback:
        told = f"WATCHD_PUBLIC={setup.public} has no effect, because the listener is open to the network: reads need a token"
        yield Finding(Level.WARNING, "listener", told, f"WATCHD_LISTEN=127.0.0.1:{port}, with the proxy on this machine")


def of_tokens(setup: Setup, records: Records) -> Iterator[Finding]:
    """Whether there is a token of each scope, and one worth its name."""
    missing = [scope for scope in ("hook", "read", "admin") if scope not in (*setup.set_tokens, *records.scopes)]
    if missing:
        yield Finding(Level.NOTE, "tokens", f"there is none yet for {listed(missing)}", "watchd run makes them")
    if setup.short_tokens:
        named = " and ".join(f"WATCHD_{scope.upper()}_TOKEN" for scope in setup.short_tokens)
        told = f"{named} can be guessed, being shorter than 16 characters"
        yield Finding(
            Level.NOTE if setup.loopback else Level.WARNING, "tokens", told, "set it to something longer, or unset it"
        )
    if not missing and not setup.short_tokens:
        yield Finding(Level.OK, "tokens", "there is one for hooks, one for reading and one for the admin")
