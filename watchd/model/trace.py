"""What is kept of an arrival: the raw event with its fate."""

from dataclasses import dataclass

from watchd.model.media import Media


@dataclass(frozen=True, slots=True)
class Trace:
    """An event as it is stored. `size` is the bytes of the stored body; `body` is None where it was not asked for.

    `media` is what its play shows, None without a play; `account` is the account's name, None for what was refused and so
    is nobody's, `received_at` milliseconds since
    the epoch, fate and step the texts of `Fate` and `Step`.
    """

    id: int
    received_at: int
    source: str
    verb: str
    account: str | None
    user: str | None
    fate: str
    reason: str | None
    step: str | None
    play_id: int | None
    media: Media | None
    size: int
    body: str | None = None
