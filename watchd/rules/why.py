"""Why two descriptions are one item, and how a debt stands: the rules of media and relay, said in words."""

from watchd.clock import iso
from watchd.model.media import Episode, Media, MediaIds, Movie
from watchd.model.playback import Origin, Play
from watchd.model.receipts import Step
from watchd.model.relay import Delivery, DeliveryState, Verb
from watchd.rules.media import conflicting, fold, same_item
from watchd.rules.owed import OWED_ORIGINS

STEPS = {
    Step.STARTED: "opened the play, or set it playing again",
    Step.PAUSED: "paused the play",
    Step.MOVED: "moved the position: a seek that is worth telling",
    Step.STOPPED: "ended the play without counting it; the position is kept",
    Step.WATCHED: "counted the play as watched",
    Step.SWALLOWED: "belongs to a sitting that has counted already: nothing came of it",
    Step.CHECKED_IN: "checked in: counts when the runtime has passed",
    Step.CANCELLED: "took the checkin back",
    Step.BUSY: "not taken: something else is being watched",
    Step.NONE: "changed nothing but the position",
}
_VERBS = {
    Verb.START: "that it is playing",
    Verb.PAUSE: "that it is paused",
    Verb.STOP: "where it was left",
    Verb.WATCHED: "that it was watched",
    Verb.CHECKIN: "the checkin",
    Verb.UNCHECKIN: "that the checkin is taken back",
}


def why_same(one: Media, other: Media) -> str:
    """By what both are the same item, or why they are not."""
    if type(one) is not type(other):
        return "not the same: one is a movie, the other an episode"
    if shared := _shared(one.ids, other.ids):
        return f"the same {shared}"
    if isinstance(one, Movie) and isinstance(other, Movie):
        return _by_title(one.title, other.title, one.year, other.year, "") if same_item(one, other) else _apart(one, other)
    if not (isinstance(one, Episode) and isinstance(other, Episode) and same_item(one, other)):
        return _apart(one, other)
    place = _place(one, other)
    if shared := _shared(one.show.ids, other.show.ids):
        return f"the show has the same {shared}, and both are {place}"
    return _by_title(one.show.title, other.show.title, one.show.year, other.show.year, f", and both are {place}")


def _shared(one: MediaIds, other: MediaIds) -> str | None:
    known = dict(other.items())
    return next((f"{name} id {value}" for name, value in one.items() if known.get(name) == value), None)


def _by_title(one: str | None, other: str | None, year: int | None, other_year: int | None, more: str) -> str:
    folded = fold(one)
    title = f"the same title '{one}'" if one == other else f"the same title '{one}' (compared as '{folded}')"
    known = f" of {year}" if year is not None and year == other_year else ", no id in common"
    return f"{title}{known}{more}"


def _place(one: Episode, other: Episode) -> str:
    if one.number is not None and (one.season, one.number) == (other.season, other.number):
        return f"S{one.season}E{one.number}"
    return f"number {one.number_abs}"


def _apart(one: Media, other: Media) -> str:
    """What speaks against it, the plainest first."""
    if conflicting(one.ids, other.ids):
        return "not the same: their ids differ"
    if isinstance(one, Episode) and isinstance(other, Episode):
        if conflicting(one.show.ids, other.show.ids):
            return "not the same: the ids of their shows differ"
        if (one.season, one.number) != (other.season, other.number):
            return "not the same: other season or number, or one is unknown"
    return "not the same: no id in common, and title or year differ"


def why_nothing_owed(play: Play, trakt_since: int | None, login: str) -> str:
    """Why a play without deliveries has none; `login` is the command that connects its account."""
    if play.origin not in OWED_ORIGINS:
        return f"nothing: it came from {'Trakt itself' if play.origin is Origin.TRAKT else 'an import'}"
    if trakt_since is None:
        return f"nothing: this account has never been logged in at Trakt ({login})"
    if play.origin is Origin.MARK:
        return "nothing: it was marked by hand where that owes nothing"
    if play.updated_at < trakt_since:
        return "nothing: it is from before the first login (watchd deliveries backfill would owe it)"
    return "nothing: nothing happened yet that Trakt would take"


def standing(delivery: Delivery, now: int, held: str | None = None) -> str:
    """How a debt stands; `held` is why the account is held, if it is."""
    what = f"{delivery.destination.capitalize()} is to know {_VERBS[delivery.verb]}"
    reason = f" ({delivery.reason})" if delivery.reason else ""
    if delivery.state is DeliveryState.DELIVERED:
        row = f", as history id {delivery.history_id}" if delivery.history_id else ""
        return f"{what}: delivered{row}{reason}"
    if delivery.state is DeliveryState.HELD:
        return f"{what}: held back, and nothing is lost: {held or delivery.reason or 'the account is held'}"
    if delivery.state is DeliveryState.SUPERSEDED:
        return f"{what}: needed no more{reason}"
    if delivery.state is DeliveryState.DEAD:
        return f"{what}: given up{reason}; `watchd deliveries retry {delivery.id}` tries again"
    if delivery.state is DeliveryState.UNIDENTIFIED:
        return f"{what}: Trakt does not know the item; asked again at {iso(delivery.due_at)}{reason}"
    if held is not None:
        return f"{what}: waits, for the account is held: {held}"
    when = "due now" if delivery.due_at <= now else f"waits until {iso(delivery.due_at)}"
    sent = ", was sent and the answer is not known: Trakt is asked first" if delivery.state is DeliveryState.SENT else ""
    return f"{what}: {when}{sent}{reason}"
