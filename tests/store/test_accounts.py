"""Accounts, what holds them up, and the secrets of our own HTTP."""

import sqlite3

from tests.store.given import NOW
from watchd.store import accounts


def test_an_account_is_made_once(store: sqlite3.Connection) -> None:
    me = accounts.ensure(store, "me", NOW)
    assert accounts.ensure(store, "me", NOW + 1) == me
    you = accounts.ensure(store, "you", NOW)
    assert accounts.everyone(store) == [me, you]
    assert accounts.get(store, you.id) == you


def test_a_token_is_generated_once_for_each_scope_and_source(store: sqlite3.Connection) -> None:
    wanted = (("hook", None), ("hook", "plex"), ("read", None), ("admin", None))
    made = [accounts.ensure_api_token(store, 1, scope, source, NOW) for scope, source in wanted]
    again = [accounts.ensure_api_token(store, 1, scope, source, NOW + 1) for scope, source in wanted]
    assert again == made
    assert len({item.token for item in made}) == 4
    assert all(len(item.token) == 32 for item in made)
    assert {item.token for item in accounts.api_tokens(store)} == {item.token for item in made}
    you = accounts.ensure(store, "you", NOW)
    assert accounts.ensure_api_token(store, you.id, "read", None, NOW) not in made


def test_an_account_owes_from_its_first_login_on(store: sqlite3.Connection) -> None:
    accounts.bind(store, 1, "uuid", "slug", NOW)
    accounts.bind(store, 1, "uuid", "renamed", NOW + 5)
    bound = accounts.get(store, 1)
    assert (bound.trakt_uuid, bound.trakt_slug, bound.trakt_since) == ("uuid", "renamed", NOW)


def test_a_held_account_keeps_since_when_until_it_is_let_go(store: sqlite3.Connection) -> None:
    free = accounts.get(store, 1)
    accounts.hold(store, 1, "the app is gone", NOW, NOW + 60)
    accounts.hold(store, 1, "the account is locked", NOW + 10, NOW + 70)
    held = accounts.get(store, 1)
    assert (held.held_reason, held.held_at, held.probe_at) == ("the account is locked", NOW, NOW + 70)
    accounts.unhold(store, 1)
    assert accounts.get(store, 1) == free


def test_a_touch_changes_nothing(store: sqlite3.Connection) -> None:
    before = store.execute("SELECT * FROM accounts").fetchall()
    accounts.touch(store)
    assert store.execute("SELECT * FROM accounts").fetchall() == before


def test_a_token_of_the_household_is_none_of_an_account(store: sqlite3.Connection) -> None:
    household = accounts.ensure_api_token(store, None, "hook", None, NOW)
    assert accounts.ensure_api_token(store, None, "hook", None, NOW + 1) == household
    assert accounts.ensure_api_token(store, 1, "hook", None, NOW).token != household.token
    assert (household.account_id, len(accounts.api_tokens(store))) == (None, 2)


def names(store: sqlite3.Connection) -> list[str]:
    return [account.name for account in accounts.everyone(store)]


def test_accounts_come_in_the_order_of_the_settings_and_are_made_once(store: sqlite3.Connection) -> None:
    accounts.ensure(store, "ben", NOW)
    accounts.ensure(store, "ada", NOW)
    first = accounts.arrange(store, ("ada", "cleo", "ben"), NOW)
    assert [account.name for account in first] == ["ada", "cleo", "ben"]
    assert accounts.arrange(store, ("ben", "ada"), NOW) == (first[2], first[0])


def test_who_tracked_alone_becomes_the_first_named_account(store: sqlite3.Connection) -> None:
    assert names(store) == ["me"]
    ada, ben = accounts.arrange(store, ("ada", "ben"), NOW)
    assert (ada.id, names(store)) == (1, ["ada", "ben"])
    assert accounts.arrange(store, ("ada", "ben"), NOW) == (ada, ben)


def test_me_stays_me_when_it_is_named_or_the_first_name_exists(store: sqlite3.Connection) -> None:
    accounts.arrange(store, ("ada", "me"), NOW)
    assert names(store) == ["me", "ada"]
    accounts.arrange(store, ("ada", "ben"), NOW)
    assert names(store) == ["me", "ada", "ben"]
    accounts.arrange(store, ("Me",), NOW)
    assert names(store) == ["Me", "ada", "ben"]


def test_other_capitals_are_the_same_account(store: sqlite3.Connection) -> None:
    [ada] = accounts.arrange(store, ("ada",), NOW)
    [renamed] = accounts.arrange(store, ("Ada",), NOW)
    assert (renamed.id, renamed.name) == (ada.id, "Ada")


def test_an_account_that_is_named_no_more_stays(store: sqlite3.Connection) -> None:
    accounts.arrange(store, ("ada", "ben"), NOW)
    accounts.arrange(store, ("ada",), NOW)
    assert names(store) == ["ada", "ben"]
