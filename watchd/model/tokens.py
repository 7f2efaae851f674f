"""The keys to a Trakt account, and what is known of the refresh that may be under way."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What a login or a refresh brings; `created_at` is milliseconds of our clock, `expires_in` seconds."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    created_at: int
    expires_in: int
    scope: str = "public"

    @property
    def expires_at(self) -> int:
        return self.created_at + self.expires_in * 1000

    @property
    def renew_at(self) -> int:
        """Half of the life: from here on a refresh is due."""
        return self.created_at + self.expires_in * 500


@dataclass(frozen=True, slots=True)
class StoredTokens:
    """The pair as it is kept, with the journal of its refresh.

    `refresh_tries` counts how often the refresh token may have been presented; `refreshing_at` is when it last was, None
    when that try is known not to have reached Trakt. `login_required` is the reason why only a new login helps.
    """

    pair: TokenPair
    refreshing_at: int | None = None
    refresh_tries: int = 0
    login_required: str | None = None
