"""The groups of settings. The descriptions end up in error lines, as the mend."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from watchd.settings.values import Names, Number, Password, Secret, Template, Url, Word


class Group(BaseModel):
    """A nested group of settings; unknown names in it are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class TraktSettings(Group):
    """The one Trakt connection. Without a client id watchd records and serves, and neither relays nor polls."""

    client_id: Word | None = Field(None, description="the client id of your Trakt app, without spaces")
    client_secret: Secret | None = Field(None, description="the client secret of your Trakt app, without spaces")
    username: Word | None = Field(None, description="your Trakt user name as in the address of your profile, without spaces")
    api_url: Url = Field("https://api.trakt.tv", description="an http or https base URL such as https://api.trakt.tv")
    auth_url: Url = Field("https://auth.trakt.tv", description="an http or https base URL such as https://auth.trakt.tv")
    pause_verb: Literal["stop", "pause"] = Field("stop", description="stop or pause: how a pause is told to Trakt")


class TmdbSettings(Group):
    """Where artwork comes from. Without a key there is none, and everything else works."""

    api_key: Secret | None = Field(None, description="a TMDB v3 key or v4 token, without spaces")
    api_url: Url = Field(
        "https://api.themoviedb.org/3", description="an http or https base URL such as https://api.themoviedb.org/3"
    )
    image_url: Url = Field(
        "https://image.tmdb.org/t/p", description="an http or https base URL such as https://image.tmdb.org/t/p"
    )
    language: str = Field("en", pattern=r"^[a-z]{2}(-[A-Z]{2})?$", description="a language such as en or pt-BR")


class ImagesSettings(Group):
    """How pictures of the library are redirected to."""

    redirect: Literal["direct", "wsrv", "template"] = Field(
        "direct", description="direct, wsrv or template: TMDB's own address, wsrv.nl in front of it, or your template"
    )
    template: Template | None = Field(
        None,
        description="an http or https URL with the placeholders {url} (TMDB's address, percent-encoded), {size}, {file}, "
        "{type}, {category}, {tmdb_id} and {season} (empty where there is none)",
    )


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
    trakt_username: Word | None = Field(None, description="the Trakt user name of this person as in their profile's address")


class WatcherSettings(Group):
    """A media server that is asked what it plays, because it cannot send hooks."""

    source: Literal["plex", "jellyfin", "emby", "kodi"] = Field(description="plex, jellyfin, emby or kodi")
    url: Url = Field(description="an http or https base URL such as http://nas.lan:32400")
    name: Word | None = Field(None, description="a word of your own for this server, of visible ASCII characters")
    token: Secret | None = Field(None, description="the server's token or API key (Plex, Jellyfin, Emby), without spaces")
    username: Word | None = Field(None, description="the user name of Kodi's web server, of visible ASCII characters")
    password: Password | None = Field(None, description="the password of Kodi's web server, as text")
    every: Number = Field(
        10.0, ge=1, le=300, description="seconds from 1 to 300 between two looks while something plays (Kodi: 5 if unset)"
    )
