"""Labelled data: what is read, and what is refused with its file and line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from classifier.data import dataset
from classifier.data.dataset import data_hash, read_messages, read_texts, without_duplicates
from classifier.data.labels import LABELS
from classifier.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOOD = {"text": "how do i reset my password", "label": "L1"}


def test_rows_are_read_with_their_place(write: Callable[..., Path]) -> None:
    """Blank lines count as lines but are no rows."""
    file = write([GOOD, "", {**GOOD, "text": "thanks", "label": "chat", "area": "identity"}])
    messages = read_messages(file)
    assert [(m.label, m.line) for m in messages] == [("L1", 1), ("chat", 3)]
    assert messages[1].area == "identity"
    assert messages[1].place == f"{file}:3"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{broken", "is not JSON"),
        ("[1, 2]", "not a JSON object"),
        ("[" * 100_000, "is not JSON"),
        ({"label": "L1"}, "no text"),
        ({"text": 5, "label": "L1"}, "no text"),
        ({"text": " \n", "label": "L1"}, "text is empty"),
        ({"text": "help"}, "no label"),
        ({"text": "help", "label": 3}, "no label"),
        ({"text": "help", "label": "L9"}, "unknown label 'L9'"),
        ({"text": "help", "label": "L1", "area": 7}, "area is not a string"),
    ],
)
def test_a_bad_row_is_refused_with_its_file_and_line(
    write: Callable[..., Path], row: Any, said: str
) -> None:
    """The message names the file, the line and what is wrong."""
    file = write([GOOD, row])
    with pytest.raises(DataError) as refused:
        read_messages(file, labels=LABELS)
    assert str(refused.value).startswith(f"{file}:2: ")
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    """Bytes of another encoding are named, not guessed at."""
    file = tmp_path / "latin.jsonl"
    file.write_bytes(b'{"text": "caf\xe9", "label": "L1"}\n')
    with pytest.raises(DataError, match=r"latin\.jsonl:1: is not UTF-8"):
        read_messages(file)


def test_a_missing_file_and_an_empty_folder_are_named(tmp_path: Path) -> None:
    """Neither is taken for an empty data set."""
    with pytest.raises(DataError, match="no such file"):
        read_messages(tmp_path / "gone.jsonl")
    with pytest.raises(DataError, match=r"no \*.jsonl"):
        read_messages(tmp_path)


def test_too_many_rows_are_refused(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit is said, with the line at which it was passed."""
    monkeypatch.setattr(dataset, "MAX_ROWS", 2)
    file = write([GOOD, GOOD, GOOD])
    with pytest.raises(DataError, match=r"data.jsonl:3: more than 2 rows"):
        read_messages(file)


def test_contradictions_name_both_rows(write: Callable[..., Path]) -> None:
    """Case and spacing do not hide that two rows are the same."""
    file = write([GOOD, {"text": "How do I  reset my password", "label": "L2"}])
    with pytest.raises(DataError) as refused:
        without_duplicates(read_messages(file))
    assert f"{file}:2" in str(refused.value)
    assert f"{file}:1" in str(refused.value)


def test_repeats_are_dropped(write: Callable[..., Path]) -> None:
    """The first of them stays."""
    assert len(without_duplicates(read_messages(write([GOOD, GOOD])))) == 1


def test_lone_surrogates_become_readable(write: Callable[..., Path]) -> None:
    """Half an emoji, as JSON escapes allow it, neither fails nor reaches the model."""
    file = write([json.dumps({"text": "wow \ud83d", "label": "chat"})])
    assert read_messages(file)[0].text == "wow ?"


def test_texts_to_predict_may_be_empty(write: Callable[..., Path]) -> None:
    """Prediction answers every line, also one without words."""
    assert read_texts(write([{"text": ""}, {"text": "hi"}])) == ["", "hi"]


def test_the_data_hash_does_not_depend_on_order(write: Callable[..., Path]) -> None:
    """It tells which rows were learned, not how files were sorted."""
    rows = [GOOD, {"text": "thanks", "label": "chat"}]
    one, other = read_messages(write(rows, "a.jsonl")), read_messages(write(rows[::-1], "b.jsonl"))
    assert data_hash(one) == data_hash(other)
    assert data_hash(one) != data_hash(one[:1])
