"""What a user may set, and what each setting accepts. The descriptions end up in error lines, as the mend."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from watchd.settings.groups import AccountSettings, HooksSettings, ImagesSettings, TmdbSettings, TraktSettings, WatcherSettings
from watchd.settings.values import ClockText, HostNames, Listen, ListenAt, Number, Secret, Url, is_loopback

PREFIX = "WATCHD_"
NESTING = "__"


class Settings(BaseSettings):
    """All settings of one daemon; made by `load`, which alone decides where values come from."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
    )

    state_dir: Annotated[Path, AfterValidator(Path.expanduser)] = Field(
        description="the path of a directory that watchd may write to"
    )
    listen: ListenAt = Field(
        Listen("127.0.0.1", 7373),
        description="host:port, [::1]:port, or :port for every interface; port 0 takes a free one",
    )
    hosts: HostNames = Field((), description="names separated by commas under which others call watchd, such as nas.lan")
    public: Literal["none", "cards", "all"] = Field("none", description="none, cards or all: what reads without a token")
    public_url: Url | None = Field(None, description="the http or https URL under which others reach watchd")
    hook_token: Secret | None = Field(None, description="visible ASCII characters without spaces")
    read_token: Secret | None = Field(None, description="visible ASCII characters without spaces")
    admin_token: Secret | None = Field(None, description="visible ASCII characters without spaces")
    watched_threshold: Number = Field(80.0, ge=50, le=100, description="a percentage from 50 to 100")
    repeat_window: Number = Field(10.0, ge=0, le=600, description="seconds from 0 to 600")
    unknown_after: Number = Field(180.0, ge=1, le=86_400, description="seconds from 1 to 86400")
    log_format: Literal["auto", "console", "journal", "json"] = Field("auto", description="auto, console, journal or json")
    clock: ClockText | None = Field(None, description="RATE or RATE@EPOCH, with a Trakt stand-in on this machine alone")
    trakt: TraktSettings = Field(TraktSettings(), description="a table [trakt] of its settings")
    tmdb: TmdbSettings = Field(TmdbSettings(), description="a table [tmdb] of its settings")
    images: ImagesSettings = Field(ImagesSettings(), description="a table [images] of its settings")
    hooks: HooksSettings = Field(HooksSettings(), description="a table [hooks] of its settings")
    accounts: tuple[AccountSettings, ...] = Field((), description="tables [[accounts]], one for each person")
    watchers: tuple[WatcherSettings, ...] = Field((), description="tables [[watchers]], one for each server")

    @model_validator(mode="after")
    def _steer_only_against_a_stand_in(self) -> "Settings":
        if self.clock is not None and not is_loopback(urlsplit(self.trakt.api_url).hostname or ""):
            raise ValueError(f"{PREFIX}CLOCK is for tests: remove it, or set {PREFIX}TRAKT__API_URL to a loopback URL")
        return self

    @model_validator(mode="after")
    def _keep_tokens_apart(self) -> "Settings":
        tokens = {"HOOK_TOKEN": self.hook_token, "READ_TOKEN": self.read_token, "ADMIN_TOKEN": self.admin_token}
        seen: dict[SecretStr, str] = {}
        for name, token in tokens.items():
            if token is not None and token in seen:
                raise ValueError(f"{PREFIX}{seen[token]} and {PREFIX}{name} are the same: give each a value of its own")
            if token is not None:
                seen[token] = name
        return self

    @model_validator(mode="after")
    def _redirect_by_a_template_that_is_there(self) -> "Settings":
        if self.images.redirect == "template" and self.images.template is None:
            raise ValueError(f"{PREFIX}IMAGES__REDIRECT is template: set {PREFIX}IMAGES__TEMPLATE too")
        return self

    @model_validator(mode="after")
    def _tell_accounts_apart(self) -> "Settings":
        names: set[str] = set()
        for account in self.accounts:
            if account.name.casefold() in names:
                raise ValueError(f"[[accounts]]: two have the name {account.name}, capitals aside: rename one of them")
            names.add(account.name.casefold())
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
