"""Kodi's JSON-RPC over HTTP: several questions in one request, their answers in the order of the questions."""

import base64
from dataclasses import dataclass
from typing import Any

from watchd.clients.rest import RestClient
from watchd.errors import UpstreamError, UpstreamUnreachable

INVALID_PARAMS = -32602
FAILED = -32100
_USUAL_NAME = "kodi"


class RpcError(UpstreamError):
    """Kodi understood the request and does not answer one of its questions; `code` is JSON-RPC's."""

    def __init__(self, method: str, code: int) -> None:
        super().__init__(f"kodi: {method} failed with {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Question:
    method: str
    params: dict[str, object]


class KodiServer:
    """One Kodi. Calls raise the errors of `RestClient.request`, and RpcError."""

    def __init__(self, rest: RestClient, username: str | None, password: str | None) -> None:
        self._rest = rest
        self._headers: dict[str, str] = {}
        if username is not None or password is not None:
            pair = f"{username or _USUAL_NAME}:{password or ''}".encode()
            self._headers = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}

    async def ask(self, *questions: Question) -> list[Any]:
        """The result of each question."""
        body = [
            {"jsonrpc": "2.0", "id": number, "method": question.method, "params": question.params}
            for number, question in enumerate(questions, 1)
        ]
        endpoint = "+".join(question.method for question in questions)
        answer = await self._rest.request(
            "POST", "/jsonrpc", endpoint=endpoint, json=body if len(body) > 1 else body[0], headers=self._headers
        )
        replies = answer.data if isinstance(answer.data, list) else [answer.data]
        by_number = {reply["id"]: reply for reply in replies if isinstance(reply, dict) and isinstance(reply.get("id"), int)}
        return [_result(question, by_number.get(number)) for number, question in enumerate(questions, 1)]


def _result(question: Question, reply: dict[str, Any] | None) -> Any:
    if reply is None:
        raise UpstreamUnreachable(f"kodi: no answer to {question.method}", maybe_done=True)
    error = reply.get("error")
    if error is None:
        return reply.get("result")
    code = error.get("code") if isinstance(error, dict) else None
    raise RpcError(question.method, code if isinstance(code, int) else 0)
