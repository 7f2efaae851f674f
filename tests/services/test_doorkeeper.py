"""Who came in, and what is said of it."""

import pytest
import structlog

from watchd.errors import MalformedPayload
from watchd.model.media import Movie
from watchd.model.playback import Action, Ignored, IgnoreReason, PlaybackEvent
from watchd.rules.household import Household, Lists, Member, Refused
from watchd.services.doorkeeper import Doorkeeper

ADA, BEN = 1, 2
NOBODY_SORTED = Household((Member(ADA, "ada"), Member(BEN, "ben")))
SORTED = Household((Member(ADA, "ada", Lists.of((), users=["alice"])), Member(BEN, "ben", Lists.of((), users=["bob"]))))


def an_event(user: str | None, source: str = "plex") -> PlaybackEvent:
    return PlaybackEvent(source, Action.START, Movie("Ran", 1985), user=user)


def test_a_second_user_is_warned_of_once_where_nobody_is_told_apart() -> None:
    doorkeeper = Doorkeeper(NOBODY_SORTED)
    with structlog.testing.capture_logs() as logs:
        for user in ("alice", "Alice ", None, "alice"):
            assert doorkeeper.assign(an_event(user)) == ADA
        assert (logs, doorkeeper.remarks()) == ([], [])
        for _ in range(2):
            assert doorkeeper.assign(an_event("bob", "kodi")) == ADA
    [line] = logs
    assert (line["event"], line["log_level"]) == ("household.several_users", "warning")
    [remark] = doorkeeper.remarks()
    assert remark.startswith("2 users have been seen (alice, bob) and everything they watch goes to the account ada")
    assert doorkeeper.visitors()[1] == {"user": "bob", "sources": ["kodi"], "account": "ada"}


def test_with_a_map_only_who_is_refused_is_remarked_on() -> None:
    doorkeeper = Doorkeeper(SORTED)
    assert [doorkeeper.assign(an_event(user)) for user in ("alice", "bob")] == [ADA, BEN]
    assert doorkeeper.remarks() == []
    assert isinstance(doorkeeper.assign(an_event("eve")), Refused)
    assert doorkeeper.remarks() == ["events of eve are refused: see /api/hooks/recent, and [[accounts]]"]


@pytest.mark.parametrize("members", [NOBODY_SORTED.members, SORTED.members], ids=["nobody sorted", "sorted"])
def test_who_is_left_alone_on_purpose_is_not_remarked_on(members: tuple[Member, ...]) -> None:
    doorkeeper = Doorkeeper(Household(members, Lists.of((), users=["guest"])))
    assert isinstance(doorkeeper.assign(an_event("guest")), Refused)
    assert doorkeeper.assign(an_event("alice")) == ADA
    assert ([visitor["user"] for visitor in doorkeeper.visitors()], doorkeeper.remarks()) == (["alice"], [])


def test_a_crowd_is_not_remembered_for_ever() -> None:
    doorkeeper = Doorkeeper(SORTED)
    for number in range(500):
        doorkeeper.assign(an_event(f"user {number}"))
    assert len(doorkeeper.visitors()) == 50
    assert doorkeeper.remarks()[0].startswith("events of user 0, user 1, user 2, user 3, user 4 and 45 more are refused")


def test_a_crowd_of_strangers_does_not_hide_who_is_of_the_house() -> None:
    doorkeeper = Doorkeeper(SORTED)
    for number in range(60):
        doorkeeper.assign(an_event(f"user {number}"))
    assert doorkeeper.assign(an_event("bob")) == BEN
    assert len(doorkeeper.visitors()) == 50
    assert {"user": "bob", "sources": ["plex"], "account": "ben"} in doorkeeper.visitors()


def test_an_accounts_token_decides_but_for_what_is_ignored() -> None:
    household = Household(SORTED.members, Lists.of((), users=["mallory"]))
    doorkeeper = Doorkeeper(household)
    event = an_event("eve")
    assert doorkeeper.admit(event, "plex", BEN) == (BEN, event)
    owner, refused = doorkeeper.admit(an_event("mallory"), "plex", BEN)
    assert (owner, isinstance(refused, Refused)) == (BEN, True)
    assert doorkeeper.visitors() == []


def test_what_is_nothing_needs_no_account() -> None:
    doorkeeper = Doorkeeper(SORTED)
    for nothing in (Ignored(IgnoreReason.MUSIC, "eve"), MalformedPayload("torn", "torn")):
        assert doorkeeper.admit(nothing, "plex", None) == (ADA, nothing)
        assert doorkeeper.admit(nothing, "plex", BEN) == (BEN, nothing)


def test_live_tv_is_a_play_where_the_settings_want_it() -> None:
    show = an_event("bob")
    live = Ignored(IgnoreReason.LIVE_TV, "bob", instead=show)
    assert Doorkeeper(SORTED).admit(live, "plex", None) == (ADA, live)
    wanting = Doorkeeper(Household(SORTED.members, live_tv=True))
    assert wanting.admit(live, "plex", None) == (BEN, show)
    unnamed = Ignored(IgnoreReason.LIVE_TV, "bob")
    assert wanting.admit(unnamed, "plex", None) == (ADA, unnamed)
