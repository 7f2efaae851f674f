"""The account's tokens against the protocol by which the refresh is journalled."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from tests.store.given import NOW, busy, turns
from watchd.clients.token_book import TokenStore
from watchd.errors import StoreUnavailable
from watchd.model.tokens import StoredTokens, TokenPair
from watchd.store import accounts
from watchd.store.database import Database
from watchd.store.tokens import TraktTokens

FIRST = TokenPair("access 1", "refresh 1", NOW, 86_400, "public")
SECOND = TokenPair("access 2", "refresh 2", NOW + 1, 7_776_000, "public private")


@pytest.fixture
def tokens(database: Database) -> TokenStore:
    return TraktTokens(database, 1)


async def test_before_a_login_there_are_none(tokens: TokenStore) -> None:
    assert await tokens.load() is None
    await tokens.journal_refresh(NOW)
    await tokens.mark_login_required("never logged in")
    await tokens.clear()
    assert await tokens.load() is None


async def test_a_pair_comes_back_as_it_was(tokens: TokenStore) -> None:
    await tokens.save(SECOND)
    assert await tokens.load() == StoredTokens(SECOND)


async def test_the_journal_counts_tries_and_takes_them_back(tokens: TokenStore) -> None:
    await tokens.save(FIRST)
    await tokens.journal_refresh(NOW + 5)
    await tokens.journal_refresh(NOW + 9)
    assert await tokens.load() == StoredTokens(FIRST, refreshing_at=NOW + 9, refresh_tries=2)
    await tokens.journal_refresh(None)
    assert await tokens.load() == StoredTokens(FIRST, refreshing_at=None, refresh_tries=1)
    for _ in range(3):
        await tokens.journal_refresh(None)
    assert await tokens.load() == StoredTokens(FIRST)


async def test_a_new_pair_comes_with_an_empty_journal_and_no_mark(tokens: TokenStore) -> None:
    await tokens.save(FIRST)
    await tokens.journal_refresh(NOW)
    await tokens.mark_login_required("invalid_grant")
    assert await tokens.load() == StoredTokens(FIRST, NOW, 1, "invalid_grant")
    await tokens.save(SECOND)
    assert await tokens.load() == StoredTokens(SECOND)


async def test_each_account_has_its_own(database: Database, tokens: TokenStore) -> None:
    you = await database.write(lambda connection: accounts.ensure(connection, "you", NOW))
    theirs: TokenStore = TraktTokens(database, you.id)
    await tokens.save(FIRST)
    await theirs.save(SECOND)
    await tokens.journal_refresh(NOW)
    await tokens.clear()
    assert await tokens.load() is None
    assert await theirs.load() == StoredTokens(SECOND)


async def test_a_pair_is_on_the_disk_when_saving_returns(database: Database, tokens: TokenStore, tmp_path: Path) -> None:
    await tokens.save(FIRST)
    other = sqlite3.connect(tmp_path / "watchd.db")
    assert other.execute("SELECT refresh_token FROM trakt_tokens").fetchall() == [("refresh 1",)]
    other.close()


async def test_a_pair_is_kept_also_when_the_one_who_saves_it_is_cancelled(database: Database, tokens: TokenStore) -> None:
    async with busy(database) as release:
        saving = asyncio.ensure_future(tokens.save(FIRST))
        await turns()
        saving.cancel()
        release()
        await asyncio.gather(saving, return_exceptions=True)
    await database.write(lambda _: None)
    assert await tokens.load() == StoredTokens(FIRST)


async def test_a_store_that_is_closed_says_so_for_reading_and_writing(tmp_path: Path) -> None:
    async with Database.opened(tmp_path / "watchd.db") as database:
        tokens: TokenStore = TraktTokens(database, 1)
    for doing in (tokens.load(), tokens.save(FIRST), tokens.journal_refresh(None), tokens.clear()):
        with pytest.raises(StoreUnavailable):
            await doing
