"""Import, export, plays and trakt as a user runs them, with and without a daemon."""

import json
from pathlib import Path

import aiohttp
import pytest

from tests.cli.served import run, served
from tests.sources.imports.zips import a_zip, export
from watchd.cli import importing, main
from watchd.clients.trakt_methods import methods


@pytest.fixture(autouse=True)
def _a_clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIGURATION_DIRECTORY", "CREDENTIALS_DIRECTORY", "TRAKT_API_KEY", "TRAKT_USERNAME", "TMDB_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("WATCHD_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("WATCHD_LISTEN", "127.0.0.1:0")
    monkeypatch.chdir(tmp_path)


def test_without_a_daemon_a_life_moves_from_file_to_file(tmp_path: Path) -> None:
    file = str(a_zip(tmp_path / "x.zip", export()))
    code, rehearsed = run("import", file, "--dry-run")
    assert code == 0
    assert "would be all" in rehearsed
    assert run("plays", "list") == (0, "nothing\n")
    code, told = run("import", file)
    assert told == rehearsed.replace("would be all", f"{'all':<12}")
    assert "1 names nothing that could be found again" in told
    assert "only totals" in told
    code, listed = run("plays", "list", "--limit", "3")
    assert len(listed.splitlines()) == 4
    assert "14081679492  Heat (1995)" in listed
    assert run("export") == (0, "8 plays of me are in watchd-export-me.zip\n")
    assert (tmp_path / "watchd-export-me.zip").stat().st_mode & 0o777 == 0o600
    assert run("export", "t.csv", "--csv")[0] == 0
    assert len((tmp_path / "t.csv").read_text().splitlines()) == 9


def told_of_plays(table: str) -> list[str]:
    """The lines of the history: what becomes of the sections depends on how far the first sync has come."""
    return [line for line in table.splitlines() if "watched-history" in line]


def test_plays_are_added_and_deleted_without_a_daemon() -> None:
    code, told = run(
        "plays", "add", "--show", "The Wire", "--season", "1", "--episode", "2", "--at", "2020-01-01T20:00:00+01:00"
    )
    assert (code, told) == (0, "play 1: The Wire S1E2\n")
    assert "2020-01-01T19:00:00.000Z" in run("plays", "list")[1]
    code, told = run("plays", "add", "--show", "The Wire", "--season", "1", "--episode", "2", "--at", "2020-01-01T19:01:00Z")
    assert (code, told) == (2, "watchd: The Wire S1E2 was watched at that time already: play 1\n")
    assert run("plays", "delete", "1") == (0, "play 1, The Wire S1E2, is deleted\n")
    assert run("plays", "delete", "1") == (2, "watchd: there is no play 1\n")
    assert run("plays", "add")[0] == 2
    code, told = run("plays", "add", "--movie", "Heat", "--season", "1", "--episode", "2")
    assert (code, "not both" in told) == (2, True)


@pytest.mark.parametrize(
    "words, told",
    [
        (("add", "--movie", "Heat", "--year", "9" * 30), "--year: give a number from 1800 to 2199"),
        (("add", "--show", "X", "--season", "-1", "--episode", "1"), "--season: give a number from 0 to 100000"),
        (("add", "--show", "X", "--season", "1", "--episode", "9" * 30), "--episode: give a number"),
        (("add", "--movie", "Heat", "--tmdb", "9" * 30), "--tmdb: give a number"),
        (("add", "--movie", "Heat", "--tmdb", "0"), "--tmdb: give a number"),
        (("add", "--movie", "Heat", "--imdb", "113277"), "--imdb: an id of IMDb looks like tt0113277"),
        (("add", "--movie", "Heat", "--at", "0001-01-01T00:00:00+14:00"), "--at: give a moment with its zone"),
        (("delete", "9" * 30), "argument id: give a number"),
        (("list", "--limit", "0"), "--limit: give a number from 1 to 100000"),
    ],
)
def test_numbers_nothing_could_have_are_refused_before_anything_is_done(
    words: tuple[str, ...], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(("plays", *words))
    assert ended.value.code == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "state").exists()


def test_a_verb_trakt_does_not_have_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(("trakt", "LOOK", "users/me"))
    assert "LOOK is none of GET, POST, PUT, DELETE" in capsys.readouterr().err


def test_an_import_of_which_nothing_can_be_taken_has_failed(tmp_path: Path) -> None:
    code, told = run("import", str(a_zip(tmp_path / "x.zip", {"watched-history-1": b"[", "watched-history-2": b"{"})))
    assert (code, "cannot be read" in told) == (1, True)
    assert run("import", str(a_zip(tmp_path / "y.zip", {"watched-history": []})))[0] == 0
    cut = tmp_path / "cut.zip"
    cut.write_bytes(a_zip(tmp_path / "z.zip", export()).read_bytes()[:500])
    assert run("import", str(cut)) == (2, "watchd: the zip archive is cut off or damaged\n")


def test_a_table_from_bengal_names_what_it_lacks(tmp_path: Path) -> None:
    rows = ["title;year;watched_at", "পথের পাঁচালী;1955;2020-01-02T20:00:00+05:30", "অপরাজিত;1956;কাল"]
    (tmp_path / "bn.csv").write_bytes(("\ufeff" + "\r\n".join(rows)).encode())
    code, told = run("import", "bn.csv")
    assert (code, "not taken: line 3 (has no date)" in told) == (0, True)
    assert "2020-01-02T14:30:00.000Z             -  পথের পাঁচালী (1955)" in run("plays", "list")[1]
    assert run("import", "bn.csv")[1].splitlines()[-1].split() == ["all", "2", "0", "1", "1"]


def test_who_stops_waiting_is_told_that_the_daemon_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Patient:
        def upload(self, *_told: object) -> dict[str, int]:
            return {"job": 7}

        def done(self, job: int) -> None:
            assert job == 7
            raise KeyboardInterrupt

    (tmp_path / "x.csv").write_text("title,watched_at\n")
    monkeypatch.setattr(importing, "running", lambda _: Patient())
    assert run("import", "x.csv") == (
        130,
        "watchd: the daemon goes on with it; import the file once more to see what is here\n",
    )


def test_what_is_no_import_or_no_call_is_one_line() -> None:
    for words in (
        ("import", "missing.zip"),
        ("trakt",),
        ("trakt", "POST", "checkin"),
        ("trakt", "GET", "x", "y"),
        ("export", "--account", "x"),
    ):
        code, told = run(*words)
        assert code == 2
        assert told.count("\n") == 1


def test_a_file_that_may_not_be_read_is_said_to_be_none_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = a_zip(tmp_path / "x.zip", export())

    def refused(*_: object, **__: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    assert run("import", str(file)) == (2, f"watchd: {file} cannot be read: Permission denied\n")


def test_names_within_a_file_steer_no_terminal(tmp_path: Path) -> None:
    members: dict[str, list[object]] = {"watched-history": [], "\x1b[2J\n" + "x" * 500: []}
    code, told = run("import", str(a_zip(tmp_path / "x.zip", members)))
    assert code == 0
    assert "\x1b" not in told
    assert "\\u001b[2J xxx" in told
    assert max(map(len, told.splitlines())) < 130


def test_what_uploads_and_rehearsals_that_were_killed_have_left_goes(tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert run("import", str(a_zip(tmp_path / "x.zip", export())))[0] == 0
    (state / "upload-abc").write_bytes(b"x")
    (state / "rehearsal-abc").mkdir()
    (state / "rehearsal-abc" / "copy.db").write_bytes(b"x")
    assert run("plays", "add", "--movie", "Heat")[0] == 0
    assert {entry.name for entry in state.iterdir() if not entry.name.startswith("watchd.")} == set()


def test_the_methods_are_listed() -> None:
    code, told = run("trakt", "--list")
    assert code == 0
    assert len(told.splitlines()) == len(methods()) + 1
    assert "now /sync/favorites/remove" in run("trakt", "--list", "recommendations")[1]


async def test_beside_a_daemon_it_all_goes_through_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path, monkeypatch) as daemon:
        file = str(a_zip(tmp_path / "x.zip", export()))
        code, rehearsed = await daemon.command("import", file, "--dry-run")
        assert code == 0, rehearsed
        code, told = await daemon.command("import", file)
        assert told_of_plays(told) == told_of_plays(rehearsed) != []
        assert not list((tmp_path / "state").glob("upload-*"))
        assert (await daemon.command("export", "mine.zip"))[0] == 0
        code, told = await daemon.command("plays", "add", "--movie", "Heat", "--imdb", "tt0113277", "--account", "ME")
        assert (code, told.partition(":")[2]) == (0, " Heat (1995), owed to Trakt\n")
        play = told.split(":")[0].split()[1]
        code, told = await daemon.command("plays", "delete", play)
        assert (code, "is deleted" in told) == (0, True)
        assert (await daemon.command("plays", "delete", play))[0] == 2
        code, told = await daemon.command("import", str(tmp_path / "config"))
        assert code == 2
        (tmp_path / "junk").write_bytes(b"\0")
        code, told = await daemon.command("import", "junk")
        assert (code, "headings" in told) == (2, True)


async def test_any_method_is_asked_through_the_daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path, monkeypatch) as daemon:
        trakt = daemon.home.trakt
        for day in range(3):
            trakt.add_play("watcher", trakt.catalogue.movie("tt0113277"), daemon.home.clock.now() - 86_400_000 * (day + 1))
        code, told = await daemon.command("trakt", "GET", "users/me/history", "--limit", "2")
        assert code == 0, told
        assert '"Heat"' in told
        assert "2 rows of 3, 2 pages" in told
        code, told = await daemon.command("trakt", "GET", "users/me/history", "--limit", "1", "--all", "--extended", "full")
        assert "3 rows of 3" in told
        code, told = await daemon.command("trakt", "GET", "users/me/stats", "--limit", "2")
        assert (code, "does not come in pages" in told) == (2, True)
        code, told = await daemon.command("trakt", "GET", "movies/not-there-1900")
        assert (code, "Trakt answered 404" in told) == (1, True)
        body = json.dumps({"movies": [{"ids": {"imdb": "tt0113277"}, "watched_at": "2020-01-01T10:00:00Z"}]})
        code, told = await daemon.command("trakt", "POST", "sync/history", "--data", body, "--yes")
        assert (code, trakt.history_count()) == (0, 4)


async def test_the_desk_is_the_admins_and_says_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path, monkeypatch) as daemon, aiohttp.ClientSession() as session:
        admin = {"Authorization": f"Bearer {daemon.home.daemon.tokens['admin']}"}

        async def status(method: str, path: str, headers: dict[str, str] | None = None, /, **body: object) -> int:
            async with session.request(method, daemon.url + path, headers=headers, json=body or None) as answer:
                return answer.status

        for method, path in (
            ("POST", "/api/import"),
            ("POST", "/api/plays"),
            ("POST", "/api/trakt/call"),
            ("GET", "/api/jobs/1"),
        ):
            assert await status(method, path) == 401
        assert await status("GET", "/api/jobs/7", admin) == 404
        assert await status("DELETE", "/api/plays/x", admin) == 404
        assert await status("DELETE", "/api/plays/1?user=nobody", admin) == 404
        assert await status("POST", "/api/plays", admin, media={"type": "movie", "year": "x"}) == 400
        assert await status("POST", "/api/plays?user=nobody", admin, media={"type": "movie", "title": "Heat"}) == 404
        assert await status("POST", "/api/plays", admin, media={"type": "movie", "title": "Heat"}, at="never") == 400
        assert await status("POST", "/api/trakt/call", admin, method="GET", path="users/me/history", params=[1]) == 400
        assert await status("POST", "/api/trakt/call?user=nobody", admin, method="GET", path="users/me/history") == 400
        assert await status("POST", "/api/import?user=nobody", admin, a=1) == 400
        assert not list((tmp_path / "state").glob("upload-*"))
