"""What a user may set, and what each setting accepts. The descriptions end up in error lines, as the mend."""

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Literal, NamedTuple
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from watchd.clock import SteeredClock

PREFIX = "WATCHD_"
NESTING = "__"


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only be this machine."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Listen(NamedTuple):
    """Where our HTTP listens; an empty host is every interface, port 0 a free port of the system's choice."""

    host: str
    port: int

    @property
    def loopback(self) -> bool:
        return is_loopback(self.host)


def _listen(value: object) -> object:
    if isinstance(value, Listen):
        return value
    match = re.fullmatch(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9._-]*)):(?P<port>\d{1,5})", str(value).strip())
    if match is None or int(match["port"]) > 65535:
        raise ValueError("neither host:port nor [address]:port")
    if match["v6"]:
        return Listen(str(ipaddress.IPv6Address(match["v6"])), int(match["port"]))
    return Listen(match["host"], int(match["port"]))


def _hosts(value: object) -> object:
    """Host names from text with commas, or from a list in TOML."""
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list | tuple):
        raise ValueError("no list of names")  # noqa: TRY004 - pydantic reports ValueError alone
    found = tuple(str(name).strip().lower() for name in names if str(name).strip())
    if not all(re.fullmatch(r"[a-z0-9._-]+", name) for name in found):
        raise ValueError("a host is a name without a port")
    return found


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise ValueError("no http or https URL with a host and without a user")
    if parts.query or parts.fragment or re.search(r"[\s\x00-\x1f]", value):
        raise ValueError("a base URL has no query, fragment or space")
    if parts.port == 0:
        raise ValueError("port 0 cannot be called")
    return value.rstrip("/")


def _secret(value: SecretStr) -> SecretStr:
    if re.fullmatch(r"[!-~]+", value.get_secret_value()) is None:
        raise ValueError("not made of visible ASCII characters alone")
    return value


def _clock(value: str) -> str:
    SteeredClock.parse(value)
    return value


def _number(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("true and false are no numbers")  # noqa: TRY004 - pydantic reports ValueError alone
    return value


Url = Annotated[str, AfterValidator(_url)]
Secret = Annotated[SecretStr, AfterValidator(_secret)]
Number = Annotated[float, BeforeValidator(_number), Field(allow_inf_nan=False)]
Word = Annotated[str, Field(min_length=1, pattern=r"^[!-~]+$")]


class Group(BaseModel):
    """A nested group of settings; unknown names in it are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class TraktSettings(Group):
    """The one Trakt connection. Without a client id watchd records and serves, and neither relays nor polls."""

    client_id: Word | None = Field(None, description="the client id of your Trakt app")
    client_secret: Secret | None = Field(None, description="the client secret of your Trakt app")
    username: Word | None = Field(None, description="your Trakt user name as in the address of your profile, without spaces")
    api_url: Url = Field("https://api.trakt.tv", description="an http or https base URL such as https://api.trakt.tv")
    auth_url: Url = Field("https://auth.trakt.tv", description="an http or https base URL such as https://auth.trakt.tv")
    pause_verb: Literal["stop", "pause"] = Field("stop", description="stop or pause: how a pause is told to Trakt")


class TmdbSettings(Group):
    """Where artwork comes from. Without a key there is none, and everything else works."""

    api_key: Secret | None = Field(None, description="a TMDB v3 key or v4 token")
    api_url: Url = Field(
        "https://api.themoviedb.org/3", description="an http or https base URL such as https://api.themoviedb.org/3"
    )
    image_url: Url = Field(
        "https://image.tmdb.org/t/p", description="an http or https base URL such as https://image.tmdb.org/t/p"
    )
    language: str = Field("en", pattern=r"^[a-z]{2}(-[A-Z]{2})?$", description="a language such as en or pt-BR")


Names = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field()]


class HooksSettings(Group):
    """What is made of events that are not plainly plays, and whose are left alone."""

    live_tv: bool = Field(False, description="true or false: whether live TV counts")
    marks: Literal["new", "always", "never"] = Field(
        "new", description="new, always or never: when an item marked as watched by hand counts as a play"
    )
    ratings: bool = Field(True, description="true or false: whether ratings are kept and told to Trakt")
    ignore_users: Names = Field((), description="a list of names or ids of users whose events are left alone")
    ignore_players: Names = Field((), description="a list of names or ids of players whose events are left alone")
    ignore_servers: Names = Field((), description="a list of names or ids of servers whose events are left alone")
    ignore_libraries: Names = Field((), description="a list of names or ids of libraries whose events are left alone")


class AccountSettings(Group):
    """A person whose watching is tracked. An event is theirs when it meets every list that is given."""

    name: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$", description="letters, digits, dots, dashes and underscores")
    users: Names = Field((), description='a list of user names or ids, such as "alice" or "jellyfin:alice"')
    players: Names = Field((), description="a list of names or ids of players")
    servers: Names = Field((), description="a list of names or ids of servers")
    libraries: Names = Field((), description="a list of names or ids of libraries")
    trakt_username: Word | None = Field(None, description="the Trakt user name of this person, to poll without a login")


class WatcherSettings(Group):
    """A media server that is asked what it plays, because it cannot send hooks."""

    source: Literal["plex", "jellyfin", "emby", "kodi"] = Field(description="plex, jellyfin, emby or kodi")
    url: Url = Field(description="an http or https base URL such as http://nas.lan:32400")
    name: Word | None = Field(None, description="a word of your own for this server")
    token: Secret | None = Field(None, description="the server's token or API key (Plex, Jellyfin, Emby)")
    username: Word | None = Field(None, description="the user name of Kodi's web server")
    password: Secret | None = Field(None, description="the password of Kodi's web server")
    every: Number = Field(10.0, ge=1, le=300, description="seconds from 1 to 300 between two looks while something plays")


class Settings(BaseSettings):
    """All settings of one daemon; made by `load`, which alone decides where values come from."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        env_prefix=PREFIX,
        env_nested_delimiter=NESTING,
        env_ignore_empty=True,
    )

    state_dir: Annotated[Path, AfterValidator(Path.expanduser)] = Field(
        description="the path of a directory that watchd may write to"
    )
    listen: Annotated[Listen, NoDecode, BeforeValidator(_listen)] = Field(
        Listen("127.0.0.1", 7373),
        description="host:port, [::1]:port, or :port for every interface; port 0 takes a free one",
    )
    hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_hosts)] = Field(
        (), description="names separated by commas under which others call watchd, such as nas.lan"
    )
    public: Literal["none", "cards", "all"] = Field("none", description="none, cards or all: what reads without a token")
    public_url: Url | None = Field(None, description="the http or https URL under which others reach watchd")
    hook_token: Secret | None = Field(None, description="visible ASCII characters without spaces")
    read_token: Secret | None = Field(None, description="visible ASCII characters without spaces")
    admin_token: Secret | None = Field(None, description="visible ASCII characters without spaces")
    watched_threshold: Number = Field(80.0, ge=50, le=100, description="a percentage from 50 to 100")
    repeat_window: Number = Field(10.0, ge=0, le=600, description="seconds from 0 to 600")
    unknown_after: Number = Field(180.0, ge=1, le=86_400, description="seconds from 1 to 86400")
    log_format: Literal["auto", "console", "journal", "json"] = Field("auto", description="auto, console, journal or json")
    clock: Annotated[str, AfterValidator(_clock)] | None = Field(
        None, description="RATE or RATE@EPOCH, with a Trakt stand-in on this machine alone"
    )
    trakt: TraktSettings = Field(TraktSettings(), description="a table [trakt] of its settings")
    tmdb: TmdbSettings = Field(TmdbSettings(), description="a table [tmdb] of its settings")
    hooks: HooksSettings = Field(HooksSettings(), description="a table [hooks] of its settings")
    accounts: tuple[AccountSettings, ...] = Field((), description="tables [[accounts]], one for each person")
    watchers: tuple[WatcherSettings, ...] = Field((), description="tables [[watchers]], one for each server")

    @model_validator(mode="after")
    def _steer_only_against_a_stand_in(self) -> "Settings":
        if self.clock is not None and not is_loopback(urlsplit(self.trakt.api_url).hostname or ""):
            raise ValueError(f"{PREFIX}CLOCK is for tests: remove it, or set {PREFIX}TRAKT__API_URL to a loopback URL")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values as they are handed in: the environment of the process must not seep in beside `load`."""
        return (init_settings,)
