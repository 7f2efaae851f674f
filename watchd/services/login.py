"""Login: connecting an account to Trakt by the device flow, and letting go of it again."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import anyio
import structlog

from watchd.clients.trakt import TraktClient
from watchd.clients.trakt_auth import DeviceCode, DeviceLoginEnded, Pending, SlowDown, TraktAuth
from watchd.clients.trakt_tokens import TokenKeeper
from watchd.clock import Clock
from watchd.errors import LoginRequired, UpstreamError, UpstreamRefusal
from watchd.model.tokens import TokenPair
from watchd.store import accounts, deliveries
from watchd.store.database import Database

log = structlog.get_logger()

UNVERIFIED = "the new login is being checked against the Trakt user of this account"
NEVER = 253_402_300_799_000
_CHECK_AGAIN = 60.0


class LoginState(StrEnum):
    """`asking` and `leaving`: wished for, and Trakt has not answered yet."""

    NONE = "none"
    ASKING = "asking"
    LEAVING = "leaving"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


_AT_REST = frozenset({LoginState.NONE, LoginState.DONE, LoginState.FAILED})


@dataclass(frozen=True, slots=True)
class LoginStatus:
    """How the login under way stands, or how the last one ended; `user` is the Trakt user it led to."""

    state: LoginState = LoginState.NONE
    code: DeviceCode | None = None
    reason: str | None = None
    user: str | None = None


class Login:
    """One account's login. `begin` shows a code, `run` waits until it was entered; `changed()` is called when that is over."""

    def __init__(
        self,
        account_id: int,
        database: Database,
        clock: Clock,
        auth: TraktAuth,
        keeper: TokenKeeper,
        trakt: TraktClient,
        *,
        changed: Callable[[], None],
    ) -> None:
        self._account_id = account_id
        self._database = database
        self._clock = clock
        self._auth = auth
        self._keeper = keeper
        self._trakt = trakt
        self._changed = changed
        self._confirmed = False
        self._begun = anyio.Event()
        self.status = LoginStatus()

    async def begin(self, *, confirm: bool = False) -> DeviceCode:
        """Ask for a code to show; `confirm` accepts another Trakt user than before. UpstreamError as it comes."""
        code = await self._auth.device_code()
        self._confirmed = confirm
        self.status = LoginStatus(LoginState.WAITING, code)
        return code

    def ask(self, *, confirm: bool = False) -> None:
        """Have `run` begin a login; nothing is waited for."""
        self._confirmed = confirm
        self.status = LoginStatus(LoginState.ASKING)
        self._begun.set()

    def leave(self) -> None:
        """Have `run` log out; nothing is waited for."""
        self.status = LoginStatus(LoginState.LEAVING)
        self._begun.set()

    async def run(self) -> None:
        """See every login and logout to its end, and a login that could not be checked yet to its check; never returns."""
        while True:
            self._begun = anyio.Event()
            await self._step()
            if self.status.state in _AT_REST:
                with anyio.move_on_after(self._clock.real(_CHECK_AGAIN)):
                    await self._begun.wait()

    async def _step(self) -> None:
        """One step on from the state things are in."""
        try:
            if self.status.state is LoginState.ASKING:
                await self.begin(confirm=self._confirmed)
            elif self.status.state is LoginState.LEAVING:
                await self.logout()
            elif self.status.state is LoginState.WAITING and self.status.code is not None:
                await self.wait(self.status.code)
            else:
                await self.check()
        except UpstreamError as error:
            self._ended(LoginStatus(LoginState.FAILED, reason=f"Trakt did not do it ({error})"))

    async def wait(self, code: DeviceCode) -> LoginStatus:
        """Poll until the user has entered the code, or it has ended."""
        interval = float(code.interval)
        ends = self._clock.monotonic() + code.expires_in
        while self.status.code is code:
            await self._clock.sleep(interval)
            if self._clock.monotonic() > ends:
                return self._ended(LoginStatus(LoginState.FAILED, reason="the code has expired"))
            try:
                answer = await self._auth.poll_device(code)
            except DeviceLoginEnded as error:
                return self._ended(LoginStatus(LoginState.FAILED, reason=str(error)))
            except UpstreamRefusal as error:
                if error.status == 403 and not error.is_html:
                    return self._ended(LoginStatus(LoginState.FAILED, reason="Trakt does not know this API app"))
                interval = min(60.0, interval * 2)
                continue
            except UpstreamError:
                interval = min(60.0, interval * 2)
                continue
            if isinstance(answer, TokenPair):
                return self._ended(await self._adopt(answer))
            if isinstance(answer, SlowDown):
                interval = max(interval + 5.0, answer.retry_after or 0.0)
            elif isinstance(answer, Pending):
                interval = max(float(code.interval), min(interval, 60.0))
        return self.status

    def _ended(self, status: LoginStatus) -> LoginStatus:
        self.status = status = replace(status, code=self.status.code)
        log.info("login.ended", state=str(status.state), reason=status.reason)
        self._changed()
        return status

    async def _adopt(self, pair: TokenPair) -> LoginStatus:
        """Keep the tokens, holding the account until it is known whose they are."""
        now = self._clock.now()
        await self._database.write(lambda connection: accounts.hold(connection, self._account_id, UNVERIFIED, now, NEVER))
        await self._keeper.adopt(pair)
        try:
            return await self._verify()
        except UpstreamError as error:
            return LoginStatus(LoginState.DONE, reason=f"logged in; Trakt could not be asked yet whose login it is ({error})")

    async def _verify(self) -> LoginStatus:
        user = await self._trakt.settings()
        uuid = user.uuid or user.slug
        now = self._clock.now()

        def work(connection: sqlite3.Connection) -> bool:
            bound = accounts.get(connection, self._account_id).trakt_uuid
            if bound not in (None, uuid) and not self._confirmed:
                reason = f"the new login is of another Trakt user ({user.slug}): `watchd login --confirm` accepts that"
                accounts.hold(connection, self._account_id, reason, now, NEVER)
                return False
            accounts.bind(connection, self._account_id, uuid, user.slug, now)
            accounts.unhold(connection, self._account_id)
            deliveries.release(connection, self._account_id, now)
            return True

        if await self._database.write(work):
            return LoginStatus(LoginState.DONE, user=user.slug)
        return LoginStatus(LoginState.FAILED, reason="another Trakt user than before", user=user.slug)

    async def _unverified(self) -> bool:
        account = await self._database.read(lambda connection: accounts.get(connection, self._account_id))
        return account.held_reason == UNVERIFIED

    async def check(self) -> None:
        """Ask whose the tokens are, if that could not be asked when they came."""
        if not await self._unverified():
            return
        try:
            self._ended(await self._verify())
        except UpstreamError as error:
            log.info("login.unverified", error=str(error))

    async def logout(self) -> None:
        """Give the tokens back to Trakt and forget them; UpstreamError, and nothing forgotten, when Trakt cannot be told."""
        try:
            token = await self._keeper.access_token()
        except LoginRequired:
            token = None
        if token is not None:
            await self._auth.revoke(token)
        await self._keeper.forget()
        self.status = LoginStatus()
        self._changed()
