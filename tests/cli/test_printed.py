"""What is printed for people: nobody but us steers their terminal."""

import asyncio
import http.client
import json
from pathlib import Path

import pytest

from tests.cli.served import served
from watchd.cli.printed import plain

STEERING = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202ebackwards"


def test_control_characters_and_turned_text_are_written_out() -> None:
    assert plain("a\x1b[2Jb\x9bc\u202ed\x7f\r\t\udcff") == "a\\u001b[2Jb\\u009bc\\u202ed\\u007f\\u000d\\u0009\\udcff"


def test_lines_and_every_language_stay_as_they_are() -> None:
    text = "Amélie\u00a0: le film\nЮжд 千と千尋の神隠し \u0645\u06cc\u200c\u062e\u0648 👩\u200d🚀"
    assert plain(text) == text


def test_json_stays_json() -> None:
    told = {"body": STEERING}
    assert json.loads(plain(json.dumps(told, ensure_ascii=False))) == told


@pytest.mark.parametrize("words", [("event:last",), ("event:last", "--json")], ids=" ".join)
async def test_what_a_stranger_sent_is_shown_without_steering_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    async with served(tmp_path, monkeypatch, logged_in=False) as daemon:
        host, headers = daemon.url.removeprefix("http://"), {"Authorization": f"Bearer {daemon.home.daemon.tokens['hook']}"}
        assert await asyncio.to_thread(posted, host, f'{{"torn": "{STEERING}', headers) == 400
        code, printed = await daemon.command("explain", *words)
        assert (code, "\\u202ebackwards" in printed) == (0, True)
        assert printed.replace("\n", "").isprintable()


def posted(host: str, body: str, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request("POST", "/hooks/generic", body.encode(), headers)
    status = connection.getresponse().status
    connection.close()
    return status
