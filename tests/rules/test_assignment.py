"""Whose an event is, by the lists of the accounts."""

from typing import Any

import pytest

from watchd.model.media import Movie
from watchd.model.playback import Action, PlaybackEvent, Sender, UnnamedEvent
from watchd.rules.household import NOTHING, Household, Lists, Member, Refused

ADA, BEN, CLEO = 1, 2, 3
SOURCES = ("plex", "jellyfin", "kodi")
GUID = "0A1B2C3D-4e5f-6071-8293-a4b5c6d7e8f9"


def lists(**given: Any) -> Lists:
    return Lists.of(SOURCES, **given)


def members(*given: Lists) -> tuple[Member, ...]:
    return tuple(
        Member(number, name, one) for (number, name), one in zip(((1, "ada"), (2, "ben"), (3, "cleo")), given, strict=False)
    )


def home(*given: Lists, ignored: Lists = NOTHING) -> Household:
    return Household(members(*given), ignored)


def an_event(source: str = "plex", *, user: str | None = "alice", player: str = "p1", **sender: str | None) -> PlaybackEvent:
    return PlaybackEvent(
        source, Action.START, Movie("Ran", 1985), player=player, player_name="Den TV", user=user, sender=Sender(**sender)
    )


def test_without_any_list_everything_is_the_firsts() -> None:
    household = home(NOTHING, NOTHING)
    assert not household.mapped
    assert household.assign(an_event()) == ADA
    assert household.assign(an_event(user=None)) == ADA


@pytest.mark.parametrize(
    "entry, told, met",
    [
        ("alice", {"user": "alice"}, True),
        (" Alice ", {"user": "ALICE"}, True),
        ("stra\u00dfe", {"user": "STRASSE"}, True),
        ("zoe\u0308", {"user": "zo\u00eb"}, True),
        ("alice", {"user": "alice2"}, False),
        ("alice", {"user": None}, False),
        ("7", {"user": "alice", "user_id": "7"}, True),
        (GUID, {"user": None, "user_id": GUID.replace("-", "").lower()}, True),
        (GUID.replace("-", ""), {"user_id": GUID}, True),
        ("{" + GUID + "}", {"user_id": GUID}, True),
        ("a-b", {"user": "ab"}, False),
        ("plex:alice", {}, True),
        ("Plex: Alice", {}, True),
        ("jellyfin:alice", {}, False),
        ("nas:alice", {"user": "nas:alice"}, True),
        ("plex:alice", {"source": "jellyfin", "user": "plex:alice"}, False),
        ("*", {}, True),
        ("*", {"user": None}, True),
        ("plex:*", {"user": None}, True),
        ("jellyfin:*", {}, False),
        ("alice", {"user": "*"}, False),
    ],
)
def test_an_entry_is_a_name_or_an_id_perhaps_of_one_source(entry: str, told: dict[str, Any], met: bool) -> None:
    found = home(lists(users=[entry])).assign(an_event(**told))
    assert (found == ADA) is met
    assert isinstance(found, Refused) is not met


@pytest.mark.parametrize(
    "given, told",
    [
        ({"players": ["p1"]}, {}),
        ({"players": ["den tv"]}, {}),
        ({"servers": ["nas"]}, {"server_name": "NAS"}),
        ({"servers": ["uuid"]}, {"server": "uuid"}),
        ({"libraries": ["Films"]}, {"library": "films"}),
        ({"libraries": ["3"]}, {"library_id": "3"}),
        ({"libraries": ["*"]}, {}),
    ],
)
def test_players_servers_and_libraries_are_met_by_name_or_id(given: dict[str, Any], told: dict[str, Any]) -> None:
    household = home(lists(**given))
    assert household.assign(an_event(**told)) == ADA


def test_every_list_that_an_account_has_must_be_met() -> None:
    household = home(lists(users=["alice"], servers=["nas"]), lists(users=["alice"]))
    assert household.assign(an_event(server_name="nas")) == ADA
    assert household.assign(an_event(server_name="attic")) == BEN


def test_the_first_account_that_admits_an_event_has_it() -> None:
    household = home(lists(users=["alice"]), lists(users=["alice", "bob"]), lists(users=["*"]))
    assert [household.assign(an_event(user=user)) for user in ("alice", "bob", "eve", None)] == [ADA, BEN, CLEO, CLEO]


def test_an_account_without_lists_is_nobodys_once_another_has_one() -> None:
    household = home(NOTHING, lists(users=["bob"]))
    assert household.assign(an_event(user="bob")) == BEN
    assert isinstance(household.assign(an_event(user="alice")), Refused)


def test_an_event_without_a_library_meets_no_list_of_libraries() -> None:
    found = home(lists(users=["alice"], libraries=["Films"])).assign(an_event("jellyfin"))
    assert isinstance(found, Refused)
    assert "list of libraries" in found.reason


@pytest.mark.parametrize(
    "told, reason",
    [
        (
            {"user": "eve", "server_name": "NAS"},
            "user 'eve' (player 'Den TV', server 'NAS') belongs to no account (add it to the users of one in [[accounts]])",
        ),
        (
            {"user": None},
            (
                "an event without a user (player 'Den TV') belongs to no account (add its player to the players of one in "
                "[[accounts]])"
            ),
        ),
        (
            {"user": "alice"},
            (
                "user 'alice' (player 'Den TV') belongs to no account "
                "(account 'ada' has this user, but its list of servers does not admit the event)"
            ),
        ),
    ],
)
def test_the_reason_names_who_it_was_and_what_to_do(told: dict[str, Any], reason: str) -> None:
    found = home(lists(users=["alice"], servers=["attic"])).assign(an_event(**told))
    assert found == Refused(reason, told["user"])


def test_an_event_that_names_no_media_is_assigned_as_any_other() -> None:
    event = UnnamedEvent("kodi", Action.STOP, user="bob")
    assert home(lists(users=["alice"]), lists(users=["bob"])).assign(event) == BEN


@pytest.mark.parametrize(
    "given, reason",
    [
        ({"users": ["alice"]}, "user 'alice': on the list ignore_users in [hooks]"),
        ({"players": ["Den TV"]}, "player 'Den TV': on the list ignore_players in [hooks]"),
        ({"servers": ["nas"]}, "server 'nas': on the list ignore_servers in [hooks]"),
        ({"libraries": ["kids"]}, "library 'Kids': on the list ignore_libraries in [hooks]"),
        ({"libraries": ["plex:*"]}, "library 'Kids': on the list ignore_libraries in [hooks]"),
    ],
)
def test_what_is_ignored_is_nobodys_also_without_a_map(given: dict[str, Any], reason: str) -> None:
    event = an_event(server="nas", library="Kids")
    for household in (home(NOTHING, ignored=lists(**given)), home(lists(users=["alice"]), ignored=lists(**given))):
        assert household.assign(event) == Refused(reason, "alice")


def test_where_an_event_came_in_counts_more_than_what_it_calls_itself() -> None:
    household = home(lists(users=["plex:alice"]))
    assert household.assign(an_event("plex")) == ADA
    assert isinstance(household.assign(an_event("plex"), "jellyfin"), Refused)


def test_accounts_are_found_by_name_however_capitalised() -> None:
    household = home(NOTHING, NOTHING)
    found = household.named("BEN")
    assert found is not None
    assert (found.account_id, household.named("eve"), household.default.account_id) == (BEN, None, ADA)
