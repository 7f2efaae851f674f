"""Doctor's rules: for each thing that can be amiss the finding that says so, and none where all is well."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from watchd.clock import DAY, HOUR, MINUTE, iso
from watchd.model.diagnosis import Cause, Debt, Finding, Health, Heard, Level, Place, Records, Setup, Turned, Unread
from watchd.rules.diagnosis import findings, worst_last
from watchd.rules.diagnosis_place import of_health, of_place
from watchd.rules.diagnosis_words import size, span

NOW = 1_790_000_000_000
SETUP = Setup("0.0.0.0", 7373, loopback=False, trakt_app=True, trakt_secret=True, tmdb_key=True)  # noqa: S104 - not bound
RECORDS = Records(heard=(Heard("plex", NOW - HOUR, 3),), active=("me",), users=("alice",), scopes=("admin", "hook", "read"))
SYNC: dict[str, Any] = {
    "running": False, "last_full_at": iso(NOW - HOUR), "reason": None, "plays": 10, "rows": 4,
    "failed": {}, "in_doubt": {}, "mismatch": {},
}  # fmt: skip
TRAKT: dict[str, Any] = {
    "login": "ok", "login_reason": None, "token_expires_at": iso(NOW + DAY), "last_heard_at": iso(NOW - MINUTE),
    "failing": False, "clock_offset_ms": 400, "sync": SYNC,
}  # fmt: skip
WATCHER = {"name": "den", "source": "plex", "last_heard_at": iso(NOW - MINUTE), "failing": False, "reason": None}
STATUS: dict[str, Any] = {
    "healthy": True, "warnings": [], "users": [], "watchers": [WATCHER],
    "images": {"tmdb": True, "found": 9, "none": 1, "waiting": 0}, "aired": {"tmdb": True, "failing": 0, "reason": None},
    "accounts": [{"name": "me", "trakt": TRAKT, "held_reason": None}],
}  # fmt: skip
PLACE = Place("/state", "watchd", "watchd", 0o700, free=10**11, size=10**6)


def found(setup: Setup = SETUP, status: Mapping[str, Any] = STATUS, records: Records = RECORDS) -> list[Finding]:
    return worst_last(findings(setup, status, records, NOW))


def bad(found: Iterable[Finding]) -> list[tuple[str, str]]:
    return [(str(finding.level), finding.about) for finding in found if finding.level is not Level.OK]


def mends(finding: Finding, mend: str | None) -> bool:
    """Whether that is in the mend; None: there is none."""
    return finding.mend is None if mend is None else mend in str(finding.mend)


def account(held: str | None = None, name: str = "me", **trakt: Any) -> dict[str, Any]:
    return {**STATUS, "accounts": [{"name": name, "trakt": {**TRAKT, **trakt}, "held_reason": held}]}


def synced(**sync: Any) -> dict[str, Any]:
    return account(sync={**SYNC, **sync})


def debt(state: str, what: str = "deliveries", age: int = 2 * HOUR, count: int = 2) -> Records:
    return replace(RECORDS, debts=(Debt("me", what, state, count, NOW - age, 7, "HTTP 500"),))


def test_where_all_is_well_every_part_says_so() -> None:
    told = found()
    assert bad(told) == []
    about = {finding.about for finding in told}
    assert about == {"listener", "tokens", "sources", "watchers", "trakt", "sync", "deliveries", "tmdb"}


@pytest.mark.parametrize(
    "status, level, about, text, mend",
    [
        ({**STATUS, "healthy": False}, "problem", "daemon", "does not keep up", "journalctl -u watchd"),
        ({**STATUS, "warnings": ["the account old is not in the settings"]}, "warning", "users", "old", None),
        (account("Trakt wants VIP for this (426)"), "problem", "trakt", "held: Trakt wants VIP", None),
        (account("log in again: watchd login"), "problem", "trakt", "held", "watchd login"),
        (account("is of another Trakt user (bob): `watchd login --confirm` accepts that"), "problem", "trakt", "bob", None),
        (account(login="none", sync=SYNC), "warning", "trakt", "Trakt deletes apps", "watchd login"),
        (account(login="no client secret"), "warning", "trakt", "nothing is told", "CLIENT_SECRET"),
        (account(login="login_required", login_reason="revoked"), "problem", "trakt", "(revoked)", "watchd login"),
        (account(login="expired"), "warning", "trakt", "expired", "watchd login"),
        (account(login="unsure"), "note", "trakt", "did not answer", "watchd login"),
        (account(failing=True, last_heard_at=iso(NOW - 3 * HOUR)), "warning", "trakt", "for 3 hours", "status.trakt.tv"),
        (account(failing=True, last_heard_at=None), "warning", "trakt", "since the start", "api.trakt.tv"),
        (account(clock_offset_ms=-5 * MINUTE), "warning", "clock", "5 minutes ahead of", "timedatectl"),
        (account(clock_offset_ms=90_000), "warning", "clock", "90 seconds behind", "timedatectl"),
        (synced(failed={"watchlist": "100 of 3846 rows came"}), "warning", "sync", "100 of 3846", "watchd sync --full"),
        (synced(reason="HTTP 500"), "warning", "sync", "(HTTP 500)", "watchd sync --full"),
        (synced(mismatch={"movie": 2}), "warning", "sync", "2 movie plays more", "watchd sync --full"),
        (synced(mismatch={"episode": -1}), "warning", "sync", "1 episode play fewer", "watchd sync --full"),
        (synced(last_full_at=None), "note", "sync", "never read to its end", "watchd sync --full"),
        (synced(last_full_at=None, running=True), "note", "sync", "being read for the first time", None),
        (synced(last_full_at=iso(NOW - 9 * DAY)), "warning", "sync", "9 days ago", "watchd sync --full"),
        (synced(in_doubt={"ratings": {"shown": 90, "read": 0, "since": iso(NOW)}}), "note", "sync", "0 of 90", "at Trakt"),
        ({**STATUS, "watchers": [{**WATCHER, "failing": True}]}, "warning", "watchers", "den was last heard", "[[watchers]]"),
        (
            {**STATUS, "watchers": [{**WATCHER, "failing": True, "last_heard_at": None, "reason": "refuses the token"}]},
            "problem", "watchers", "(refuses the token)", "token of den",
        ),
        ({**STATUS, "watchers": [{**WATCHER, "last_heard_at": None}]}, "note", "watchers", "not been heard yet", None),
        ({**STATUS, "aired": {"failing": 3, "reason": "HTTP 401"}}, "warning", "tmdb", "3 shows (HTTP 401)", "TMDB__API_KEY"),
        ({**STATUS, "images": {"found": 1, "none": 0, "waiting": 1200}}, "note", "tmdb", "1,200 still", None),
        (
            {**STATUS, "images": {"found": 1, "none": 0, "waiting": 9, "failing": 8, "reason": "HTTP 401"}},
            "warning", "tmdb", "no pictures of 8 titles (HTTP 401)", "TMDB__API_KEY",
        ),
    ],
)  # fmt: skip
def test_what_the_status_tells(status: dict[str, Any], level: str, about: str, text: str, mend: str | None) -> None:
    told = found(status=status)
    assert bad(told) == [(level, about)]
    assert text in told[-1].text
    assert mends(told[-1], mend)


@pytest.mark.parametrize(
    "records, level, about, text, mend",
    [
        (replace(RECORDS, heard=()), "note", "sources", "known from Trakt alone", "watchd hooks"),
        (replace(RECORDS, heard=(Heard("emby", NOW, 0),)), "warning", "sources", "nothing of it", "watchd hooks emby"),
        (replace(RECORDS, heard=(Heard("emby", NOW - 60 * DAY, 5),)), "note", "sources", "60 days", "watchd hooks emby"),
        (replace(RECORDS, unread=(Unread("plex", "internal", 1, 9, "KeyError"),)), "problem", "events", "1 event of", ":9"),
        (replace(RECORDS, unread=(Unread("plex", "malformed", 4, 9, None),)), "warning", "events", "4 events", "event:9"),
        (replace(RECORDS, users=("alice", "bob")), "warning", "users", "alice, bob", "[[accounts]]"),
        (replace(RECORDS, scopes=("hook", "read")), "note", "tokens", "admin", "watchd run"),
        (replace(RECORDS, unindexed=2000), "note", "search", "2,000 titles behind", None),
        (debt("dead"), "warning", "deliveries", "refused by Trakt for good (HTTP 500)", "deliveries list --state dead"),
        (debt("dead", count=1), "warning", "deliveries", "1 delivery refused", "watchd deliveries drop 7"),
        (debt("unidentified"), "note", "deliveries", "does not know", "watchd deliveries list"),
        (debt("pending"), "warning", "deliveries", "me: 2 deliveries wait, the oldest for 2 hours", "watchd deliveries list"),
        (debt("pending", "ratings"), "warning", "deliveries", "2 ratings wait", None),
        (debt("pending", "removals"), "warning", "deliveries", "2 plays deleted here wait", None),
        (debt("held"), "note", "deliveries", "wait for the account", None),
    ],
)  # fmt: skip
def test_what_the_records_tell(records: Records, level: str, about: str, text: str, mend: str | None) -> None:
    setup = replace(SETUP, watchers=0)
    told = found(setup, records=records)
    assert bad(told) == [(level, about)]
    assert text in told[-1].text
    assert mends(told[-1], mend)


@pytest.mark.parametrize(
    "more, level, about, text",
    [
        ({"host": "127.0.0.1", "loopback": True}, "note", "listener", "cannot reach"),
        ({"public": "all"}, "warning", "listener", "no WATCHD_PUBLIC_URL"),
        ({"public": "all", "public_url": True}, "warning", "listener", "has no effect"),
        ({"short_tokens": ("hook",), "set_tokens": ("hook",)}, "warning", "tokens", "WATCHD_HOOK_TOKEN"),
        ({"tmdb_key": False}, "note", "tmdb", "no key"),
        ({"people": ("me", "ben")}, "warning", "users", "nothing has ever come in for ben"),
        ({"people": ("me", "ben"), "trakt_names": ("ben",)}, "warning", "users", "nothing has ever come in for ben"),
    ],
)
def test_what_the_settings_tell(more: dict[str, Any], level: str, about: str, text: str) -> None:
    told = found(replace(SETUP, **more))
    assert bad(told) == [(level, about)]
    assert text in told[-1].text


def test_a_proxy_or_a_watcher_makes_do_with_the_loopback_listener() -> None:
    here = replace(SETUP, host="127.0.0.1", loopback=True)
    assert bad(found(replace(here, public_url=True, public="cards"))) == []
    assert bad(found(replace(here, watchers=1))) == []
    assert bad(found(here)) == [("note", "listener")]


def test_that_nothing_ever_came_in_is_an_alarm_only_where_trakt_tells_nothing_either() -> None:
    here, silent = replace(SETUP, host="127.0.0.1", loopback=True), replace(RECORDS, heard=(), active=())
    assert bad(found(here, account(login="none"), silent))[:2] == [("warning", "listener"), ("warning", "sources")]
    for setup, status in ((here, account()), (replace(here, trakt_names=("me",)), account(login="none"))):
        told = found(setup, status, silent)
        assert bad(told)[:2] == [("note", "listener"), ("note", "sources")]
        assert "known from Trakt alone" in told[-2].text + told[-1].text
    first, other = STATUS["accounts"][0], {**STATUS["accounts"][0], "name": "ben"}
    people = replace(SETUP, people=("me", "ben"))
    assert bad(found(people, {**STATUS, "accounts": [first, other]})) == [("note", "users")]


def test_commands_can_be_pasted_whatever_the_directory_is_called() -> None:
    told = list(of_place(replace(PLACE, path="/my state;x", mode=0o755, wide=("watchd.db",), foreign=("watchd.lock",))))
    assert [one.mend for one in told][:3] == [
        "chmod 700 '/my state;x'",
        "chmod 600 '/my state;x/watchd.db'",
        "chown -R watchd '/my state;x'",
    ]
    assert "move '/my state;x/watchd.db'* away" in str(of_health(Health(trouble="x"), "/my state;x/watchd.db").mend)


def test_without_an_app_only_that_is_said_and_once_for_the_household() -> None:
    none = [{"name": name, "trakt": None, "held_reason": None} for name in ("me", "ben")]
    told = found(replace(SETUP, people=("me", "ben")), {**STATUS, "accounts": none}, replace(RECORDS, active=("me", "ben")))
    assert bad(told) == [("note", "trakt")]


def test_in_a_household_it_is_said_whose_it_is_and_the_command_names_them() -> None:
    first = STATUS["accounts"][0]
    second = {"name": "ben", "trakt": {**TRAKT, "login": "none"}, "held_reason": None}
    setup, records = replace(SETUP, people=("me", "ben")), replace(RECORDS, active=("me", "ben"))
    told = found(setup, {**STATUS, "accounts": [first, second]}, records)
    assert [(one.text.partition(" ")[0], one.mend) for one in told if one.level is Level.WARNING] == [
        ("ben:", "watchd login --account ben")
    ]


def test_the_refused_are_named_unless_the_status_does_or_it_was_wished_for() -> None:
    stranger = Turned("carol", 3, 8, "user 'carol' belongs to no account (add it to the users of one in [[accounts]])")
    unwanted = Turned("dave", 1, 9, "user 'dave': on the list ignore_users in [hooks]")
    setup, records = replace(SETUP, people=("me",)), replace(RECORDS, turned=(stranger, unwanted))
    told = found(setup, records=records)
    assert bad(told) == [("warning", "users")]
    assert "carol" in told[-1].text
    seen = [{"user": "carol", "sources": ["plex"], "account": None}]
    assert bad(found(setup, {**STATUS, "users": seen}, records)) == []


def test_a_name_without_a_login_is_enough_to_read_what_is_public() -> None:
    told = found(replace(SETUP, trakt_names=("me",)), account(login="none"))
    assert "what is public is read" in told[-1].text
    assert "sync" in {finding.about for finding in told}
    assert "sync" not in {finding.about for finding in found(status=account(login="none"))}


def test_what_waits_for_a_held_account_is_no_second_alarm() -> None:
    told = found(status=account("Trakt wants VIP for this (426)"), records=debt("pending"))
    assert bad(told) == [("note", "deliveries"), ("problem", "trakt")]


@pytest.mark.parametrize("age", [0, HOUR - 1])
def test_what_is_owed_since_a_moment_ago_is_nothing_to_speak_of(age: int) -> None:
    assert bad(found(records=debt("pending", age=age))) == []


@pytest.mark.parametrize(
    "more, expected, mend",
    [
        ({}, [], None),
        ({"mode": 0o755}, [("problem", "state directory")], "chmod 700 /state"),
        ({"wide": ("watchd.db",)}, [("warning", "state directory")], "chmod 600 /state/watchd.db"),
        ({"foreign": ("watchd.db",)}, [("problem", "state directory")], "chown -R watchd /state"),
        ({"me": "joe"}, [("warning", "state directory")], "as watchd or as root"),
        ({"me": "root"}, [], None),
        ({"writable": False}, [("problem", "state directory")], "mend its rights"),
        ({"free": 10**6}, [("problem", "disk")], "make room"),
        ({"free": 3 * 10**8}, [("warning", "disk")], "make room"),
        ({"size": 10**11}, [("warning", "disk")], "make room"),
    ],
)
def test_the_state_directory(more: dict[str, Any], expected: list[tuple[str, str]], mend: str | None) -> None:
    told = worst_last(of_place(replace(PLACE, **more)))
    assert bad(told) == expected
    assert mend is None or mend in str(told[-1].mend)


@pytest.mark.parametrize(
    "health, level, mend",
    [
        (Health(3, 3, checked=True), "ok", None),
        (Health(3, 3), "ok", None),
        (Health(2, 3, checked=True), "note", "restart watchd"),
        (Health(4, 3, checked=True), "problem", "install the newer watchd"),
        (Health(3, 3, checked=True, damage="page 3"), "problem", "stop watchd, move /db* away and put a copy back as /db"),
        (Health(newest=3, trouble="file is not a database"), "problem", "put a copy back"),
        (Health(newest=3, trouble="no", cause=Cause.RIGHTS), "problem", "as root"),
        (Health(newest=3, trouble="locked", cause=Cause.LOCKED), "problem", "fuser /db"),
    ],
)
def test_the_database(health: Health, level: str, mend: str | None) -> None:
    told = of_health(health, "/db")
    assert told.level == level
    assert mends(told, mend)


def test_spans_and_sizes_are_rough() -> None:
    assert [span(ms) for ms in (-5, 3000, 119_000, 2 * MINUTE, 3 * HOUR, 40 * DAY)] == [
        "0 seconds", "3 seconds", "119 seconds", "2 minutes", "3 hours", "40 days",
    ]  # fmt: skip
    assert [size(number) for number in (5000, 2_500_000, 81_700_000_000)] == ["5 kB", "2.5 MB", "81.7 GB"]
