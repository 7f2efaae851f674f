"""Doctor on what waits: deliveries, pictures, the search index."""

from collections.abc import Iterator, Mapping
from typing import Any

from watchd.clock import HOUR
from watchd.model.diagnosis import Debt, Finding, Level, Records, Setup
from watchd.rules.diagnosis_words import because, counted, span

_LONG = HOUR
_MANY = 500
_NOUNS = {
    "deliveries": ("delivery", "deliveries"),
    "ratings": ("rating", "ratings"),
    "removals": ("play deleted here", "plays deleted here"),
}
"""What is owed: one, and more."""


def of_debts(records: Records, held: frozenset[str], now: int) -> Iterator[Finding]:
    """What is owed to Trakt; `held` are the accounts it takes nothing from, of which it is said elsewhere."""
    found = [finding for debt in records.debts if (finding := _debt(debt, now, held=debt.account in held)) is not None]
    yield from found
    if not found:
        yield Finding(Level.OK, "deliveries", "nothing waits longer than it should")


def _debt(debt: Debt, now: int, *, held: bool) -> Finding | None:
    age, reason = span(now - debt.oldest_at), because(debt.reason)
    what = f"{debt.account}: {debt.count:,} {_NOUNS[debt.what][debt.count != 1]}"
    if debt.state == "dead":
        told = f"{what} refused by Trakt for good{reason}"
        mend = f"watchd deliveries retry {debt.first_id}, or watchd deliveries drop {debt.first_id}"
        if debt.count > 1:
            mend = "watchd deliveries list --state dead, then retry or drop each by its number"
        return Finding(Level.WARNING, "deliveries", told, mend)
    if debt.state == "unidentified":
        told = f"{what} of things Trakt does not know{reason}: asked again daily for a month"
        return Finding(Level.NOTE, "deliveries", told, "watchd deliveries list")
    if held or debt.state == "held":
        told = f"{what} wait for the account, the oldest for {age}"
        return Finding(Level.NOTE, "deliveries", told)
    if now - debt.oldest_at < _LONG:
        return None
    told = f"{what} wait, the oldest for {age}{reason}; kept until accepted"
    return Finding(Level.WARNING, "deliveries", told, "watchd deliveries list" if debt.what == "deliveries" else None)


def of_pictures(setup: Setup, status: Mapping[str, Any]) -> Iterator[Finding]:
    """TMDB, and how far the pictures of the library are."""
    if not setup.tmdb_key:
        told = "there is no key: cards and library have no pictures, and progress knows aired episodes by Trakt alone"
        yield Finding(Level.NOTE, "tmdb", told, "WATCHD_TMDB__API_KEY")
        return
    aired, images = status.get("aired") or {}, status.get("images") or {}
    if aired.get("failing"):
        told = f"TMDB did not tell of {counted(aired['failing'], 'show')}{because(aired.get('reason'))}"
        yield Finding(Level.WARNING, "tmdb", told, "if the key is refused: set WATCHD_TMDB__API_KEY anew")
    elif images.get("failing"):
        told = (
            f"TMDB gave no pictures of {counted(images['failing'], 'title')}{because(images.get('reason'))}; it is asked again"
        )
        yield Finding(Level.WARNING, "tmdb", told, "if the key is refused: set WATCHD_TMDB__API_KEY anew")
    elif images.get("waiting"):
        told = f"{images['found']:,} pictures are here, {images['waiting']:,} still to be asked for"
        yield Finding(Level.NOTE, "tmdb", told)
    elif images:
        yield Finding(Level.OK, "tmdb", f"{images['found']:,} pictures are here, {images['none']:,} titles have none")


def of_index(records: Records) -> Iterator[Finding]:
    """Whether search is up with the history."""
    if records.unindexed > _MANY:
        told = f"the index is {counted(records.unindexed, 'title')} behind and is catching up"
        yield Finding(Level.NOTE, "search", told)
