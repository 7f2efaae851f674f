"""The household, wired: the accounts of the settings in the store, whose events are whose, and the tokens of our HTTP."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import structlog

from watchd.clock import Clock
from watchd.rules.household import Household, Lists, Member
from watchd.settings import AccountSettings, Settings
from watchd.sources import HOOKS, trakt
from watchd.store import accounts
from watchd.store.accounts import Account, ApiToken
from watchd.store.database import Database
from watchd.web.tokens import Grant, Scope, TokenTable

log = structlog.get_logger()

SOURCES = frozenset({*HOOKS, trakt.SOURCE})


@dataclass(frozen=True, slots=True)
class Resident:
    """An account that is served, and what the settings say of it."""

    account: Account
    settings: AccountSettings
    trakt_username: str | None

    @property
    def id(self) -> int:
        return self.account.id

    @property
    def name(self) -> str:
        return self.account.name


Everybody = tuple[Resident, ...]


@dataclass(frozen=True, slots=True)
class Tokens:
    """`household` by scope: hook, read, admin. `hooks` by account: what comes in by these is that account's, map or no.

    `table` is what the guard goes by: these, and those for one source alone as they were handed out last.
    """

    household: dict[str, str]
    hooks: dict[int, str]
    table: TokenTable = field(default_factory=lambda: TokenTable(()))

    def hand_out(self, of_sources: Iterable[ApiToken]) -> None:
        """All tokens for one source alone, as they are from now on; those of accounts that are not served open nothing."""
        served = (one for one in of_sources if one.account_id is None or one.account_id in self.hooks)
        self.table.replace([*self._grants(), *((one.token, Grant(Scope.HOOK, one.account_id, one.source)) for one in served)])

    def _grants(self) -> Iterator[tuple[str, Grant]]:
        for account_id, token in self.hooks.items():
            yield token, Grant(Scope.HOOK, account_id)
        for scope, token in self.household.items():
            yield token, Grant(Scope(scope))


async def residents(database: Database, settings: Settings, clock: Clock) -> Everybody:
    """Everybody of [[accounts]] in that order, or the one account there is without; the first is the default."""
    people = settings.accounts or (AccountSettings(name=accounts.ME),)
    names = [person.name for person in people]
    found = await database.write(lambda connection: accounts.arrange(connection, names, clock.now()))
    left = [account.name for account in await database.read(accounts.everyone) if account not in found]
    if left:
        log.info("household.not_served", accounts=left)
    trakt_names = [person.trakt_username for person in people]
    trakt_names[0] = trakt_names[0] or settings.trakt.username
    return tuple(Resident(*one) for one in zip(found, people, trakt_names, strict=True))


def household(settings: Settings, everybody: Everybody) -> Household:
    """Whose an event is."""
    hooks = settings.hooks
    ignored = Lists.of(
        SOURCES,
        users=hooks.ignore_users,
        players=hooks.ignore_players,
        servers=hooks.ignore_servers,
        libraries=hooks.ignore_libraries,
    )
    members = tuple(Member(one.id, one.name, _lists(one.settings)) for one in everybody)
    return Household(members, ignored, live_tv=hooks.live_tv)


def _lists(person: AccountSettings) -> Lists:
    return Lists.of(SOURCES, users=person.users, players=person.players, servers=person.servers, libraries=person.libraries)


async def tokens(database: Database, settings: Settings, clock: Clock, everybody: Everybody) -> Tokens:
    """The household's token of each scope, set or made at the first start, and one for the hooks of each named account."""

    async def ensured(account_id: int | None, scope: str) -> str:
        made = await database.write(
            lambda connection: accounts.ensure_api_token(connection, account_id, scope, None, clock.now())
        )
        return made.token

    given = {"hook": settings.hook_token, "read": settings.read_token, "admin": settings.admin_token}
    shared = {
        scope: await ensured(None, scope) if secret is None else secret.get_secret_value() for scope, secret in given.items()
    }
    own = {one.id: await ensured(one.id, "hook") for one in everybody} if settings.accounts else {}
    made = Tokens(shared, own)
    made.hand_out(await database.read(accounts.source_tokens))
    return made
