"""A model of one's own puts drafts better; whatever it answers, a draft is never worse."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from bot.beyond.rewriting import MOST_BYTES, Rewriter
from bot.desk.ids import TicketId
from bot.desk.learning import Draft, DraftId, Text
from bot.service.learning.rewriting import reword_drafts
from tests import builders as a
from tests.service.conftest import Office

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.store.unit_of_work import Store
    from tests.fakes import TurnableClock

ASKED = ["restart the print queue on server PRN-7", "wait for 5 minutes please"]
BETTER = ["Restart the print queue on server PRN-7.", "Please wait for 5 minutes."]


class Endpoint:
    """A server of this machine that answers as it is told, and keeps what it was asked."""

    def __init__(self) -> None:
        """Listen on a port of its own."""
        self.status, self.answer = 200, b"{}"
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.hang = threading.Event()
        self.hangs = False
        outer = self

        class _Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                outer.asked.append(json.loads(self.rfile.read(size)))
                outer.headers.append(dict(self.headers))
                if outer.hangs:
                    outer.hang.wait(5)
                self.send_response(outer.status)
                if outer.status == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", str(len(outer.answer)))
                self.end_headers()
                self.wfile.write(outer.answer)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server.server_address[1]}/v1/"

    def says(self, content: str) -> None:
        """Let it answer in the form that was agreed on."""
        self.answer = json.dumps({"choices": [{"message": {"content": content}}]}).encode()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """An endpoint that is there."""
    there = Endpoint()
    yield there
    there.hang.set()
    there.server.shutdown()
    there.server.server_close()


def test_it_asks_in_the_form_that_was_agreed_on(endpoint: Endpoint) -> None:
    """With the model, the key, and the sentences as data."""
    endpoint.says(json.dumps(BETTER))
    assert Rewriter(endpoint.url, "small", "secret")(ASKED) == BETTER
    (asked,) = endpoint.asked
    assert asked["model"] == "small"
    assert json.loads(asked["messages"][1]["content"]) == ASKED
    assert endpoint.headers[0]["Authorization"] == "Bearer secret"
    assert "secret" not in repr(Rewriter(endpoint.url, "small", "secret"))


def test_a_fence_around_the_answer_is_taken_off(endpoint: Endpoint) -> None:
    """Models like to put one there."""
    endpoint.says(f"```json\n{json.dumps(BETTER)}\n```")
    assert Rewriter(endpoint.url, "small")(ASKED) == BETTER


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"{", b"[]", b'{"choices": []}', b'{"choices": [{"message": {}}]}', b"\xff\xfe",
        b'{"choices": [{"message": {"content": null}}]}',
        b'{"choices": [{"message": {"content": "Sure! Here you are:"}}]}',
        b'{"choices": [{"message": {"content": "[\\"one\\"]"}}]}',
        b'{"choices": [{"message": {"content": "[1, 2]"}}]}',
        b'{"choices": [{"message": {"content": "{\\"a\\": 1}"}}]}',
        b" " * (MOST_BYTES + 1), b"[" * 100_000,
    ],
    ids=range(13),
)  # fmt: skip
def test_what_is_no_answer_changes_nothing(endpoint: Endpoint, answer: bytes) -> None:
    """Wrong JSON, too few, of another kind, giant."""
    endpoint.answer = answer
    assert Rewriter(endpoint.url, "small")(ASKED) is None


@pytest.mark.parametrize("status", [302, 400, 401, 429, 500, 503])
def test_a_refusal_changes_nothing(endpoint: Endpoint, status: int) -> None:
    """Redirects are not followed."""
    endpoint.says(json.dumps(BETTER))
    endpoint.status = status
    assert Rewriter(endpoint.url, "small")(ASKED) is None
    assert len(endpoint.asked) == 1


def test_one_that_is_slow_or_gone_changes_nothing(endpoint: Endpoint) -> None:
    """It is waited for no longer than is said."""
    endpoint.hangs = True
    assert Rewriter(endpoint.url, "small", silence_s=0.05)(ASKED) is None
    assert Rewriter("http://127.0.0.1:9/v1", "small", silence_s=0.2)(ASKED) is None


def test_a_public_model_is_told_nothing() -> None:
    """What a draft says stays inside."""
    assert Rewriter("http://198.41.0.4/v1", "small", silence_s=0.2)(ASKED) is None


@pytest.fixture
def office(store: Store, clock: TurnableClock) -> Office:
    """A desk with one draft that waits."""
    office = Office(store, clock)
    office.handle(a.message("does the printer print"))
    body = ". ".join(ASKED) + "."
    text = Text("Printing", ("does the printer print",), body)
    with store.unit_of_work() as uow:
        draft = Draft(
            DraftId(0), TicketId(1001), "l2", text, "x", "hardware", (TicketId(1001),), clock()
        )
        uow.drafts.propose(draft)
    return office


def words_of(office: Office) -> tuple[str, int]:
    """What the draft says, and how often it was changed."""
    with office.desk.look() as uow:
        draft = uow.drafts.get(DraftId(1))
    assert draft is not None
    return draft.text.body, draft.revision


def test_a_draft_is_put_better_once(office: Office) -> None:
    """Only what is traced; it is not asked again."""
    asked: list[int] = []

    def reword(sentences: Any) -> list[str]:
        asked.append(len(sentences))
        return ["Restart the print queue on server PRN-7.", "Wait for 50 minutes please."]

    tried: set[DraftId] = set()
    assert reword_drafts(office.desk, reword, tried) == 1
    body = "Restart the print queue on server PRN-7. wait for 5 minutes please."
    assert words_of(office) == (body, 2)
    assert reword_drafts(office.desk, reword, tried) == 0
    assert asked == [2]


def test_what_somebody_changed_meanwhile_stands(office: Office) -> None:
    """The model was slow; the person's words are the better ones."""

    def reword(_: Any) -> list[str]:
        with office.store.unit_of_work() as uow:
            draft = uow.drafts.get(DraftId(1))
            assert draft is not None
            uow.drafts.save(draft.reworded(replace(draft.text, body="Mine."), a.MEI))
        return BETTER

    assert reword_drafts(office.desk, reword, set()) == 0
    assert words_of(office) == ("Mine.", 2)


def test_a_model_that_is_not_there_leaves_the_draft(office: Office) -> None:
    """As it was."""
    before = words_of(office)
    assert reword_drafts(office.desk, lambda _: None, set()) == 0
    assert words_of(office) == before
