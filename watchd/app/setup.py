"""The settings as `doctor` is told of them: without any secret."""

from watchd.model.diagnosis import Setup
from watchd.settings import Settings
from watchd.store.accounts import ME

_SHORT = 16


def setup_of(settings: Settings) -> Setup:
    given = {"hook": settings.hook_token, "read": settings.read_token, "admin": settings.admin_token}
    tokens = {scope: token.get_secret_value() for scope, token in given.items() if token is not None}
    people = tuple(person.name for person in settings.accounts)
    names = [person.name for person in settings.accounts if person.trakt_username is not None]
    if settings.trakt.username is not None:
        names.append(people[0] if people else ME)
    return Setup(
        host=settings.listen.host,
        port=settings.listen.port,
        loopback=settings.listen.loopback,
        public=settings.public,
        public_url=settings.public_url is not None,
        people=people,
        watchers=len(settings.watchers),
        trakt_app=settings.trakt.client_id is not None,
        trakt_secret=settings.trakt.client_secret is not None,
        trakt_names=tuple(names),
        tmdb_key=settings.tmdb.api_key is not None,
        set_tokens=tuple(tokens),
        short_tokens=tuple(scope for scope, token in tokens.items() if len(token) < _SHORT),
    )
