"""Whose documents a reader asks for."""

from aiohttp import web

from watchd.web.answers import HttpError
from watchd.web.ports import Doorkeeping
from watchd.web.tokens import Grant


def owner(request: web.Request, grant: Grant, doorkeeper: Doorkeeping) -> int:
    """The account `?user=` names, else the token's, else the default one."""
    name = request.query.get("user")
    named = None if name is None else doorkeeper.named(name)
    if name is not None and named is None:
        raise HttpError(404, "no such account")
    return allowed(named, grant) or doorkeeper.default


def allowed(named: int | None, grant: Grant) -> int | None:
    """The account that is meant, None where nothing says; HttpError 403 for one that the token is not of."""
    if grant.account_id is not None and named not in (None, grant.account_id):
        raise HttpError(403, "the token is of another account")
    return named if named is not None else grant.account_id
