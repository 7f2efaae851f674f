"""How the daemon is, and the logins at Trakt."""

from watchd.services.login import LoginState
from watchd.web.schemas.operations import BODY, Operation, Operations, answering, taking, user
from watchd.web.schemas.shapes import Json, maybe, moment, named, number, one_of, record, rows, text, whole, yes_no

_ADMIN = "admin"
_TEXT, _WHEN, _COUNT = maybe(text()), maybe(moment()), whole(minimum=0)


def schemas() -> Json:
    code = record({"user_code": text(), "verification_url": text(), "expires_in": number("Seconds.")})
    login = record({"state": one_of(LoginState), "reason": _TEXT, "user": _TEXT}, {"code": code})
    return {"Login": login, "Status": _status()}


def operations() -> Operations:
    lost = {404: "There is no such account, or no app to log in with."}
    confirm = record({}, {"confirm": yes_no("Accept another Trakt user than before.")})
    stands = named("Login")
    return {
        ("GET", "/api/status"): Operation(_ADMIN, "How the daemon is", {200: answering("Now.", named("Status"))}),
        ("GET", "/api/login"): Operation(_ADMIN, "How the login stands", {200: answering("Now.", stands)}, lost, (user(),)),
        ("POST", "/api/login"): Operation(
            _ADMIN,
            "Log in at Trakt",
            {202: answering("It is asked for; the code to enter follows.", stands)},
            lost | BODY | {400: "The body makes no sense."},
            (user(),),
            taking(confirm, "Nothing, or a confirmation.", required=False),
        ),
        ("POST", "/api/logout"): Operation(
            _ADMIN, "Log out at Trakt", {202: answering("It is asked for.", stands)}, lost, (user(),)
        ),
    }


def _status() -> Json:
    heard = {"last_heard_at": _WHEN, "failing": yes_no()}
    trakt = record({"login": text(), "login_reason": _TEXT, "token_expires_at": _WHEN, **heard})
    shown = {"state": text(), "watching": _TEXT, "progress": maybe(number()), "source": _TEXT}
    account = record({"name": text(), "trakt": maybe(trakt), **shown, "held_reason": _TEXT})
    aired = record({"tmdb": yes_no(), "told": _COUNT, "none": _COUNT, "waiting": _COUNT, "failing": _COUNT, "reason": _TEXT})
    images = record({"tmdb": yes_no(), "found": _COUNT, "none": _COUNT, "waiting": _COUNT, "failing": _COUNT, "reason": _TEXT})
    return record(
        {
            "version": text(),
            "started_at": moment(),
            "healthy": yes_no(),
            "backlog": record({"pending": _COUNT, "dead": _COUNT, "oldest_at": _WHEN}),
            "warnings": rows(text()),
            "accounts": rows(account),
            "users": rows(record({"user": text(), "sources": rows(text()), "account": _TEXT})),
            "watchers": rows(record({"name": text(), "source": text(), **heard, "reason": _TEXT})),
            "images": images,
            "aired": aired,
        }
    )
