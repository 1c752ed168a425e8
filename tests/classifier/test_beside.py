"""What is learned beside the tiers: matters with a route of their own, and priorities."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.data.authors import read_rows
from classifier.data.labels import IMPACTS, MATTERS, PRIORITIES
from classifier.errors import DataError
from classifier.estimators.priority import Head, PriorityModel
from classifier.judging.thresholds import shared_thresholds
from classifier.registry import artifact
from classifier.serving.predict import Classifier
from classifier.training.train import train

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.classifier.conftest import HashingEncoder

SAID = {
    "danger": "smoke and fire in the {} room",
    "security": "my password was stolen by a stranger at {}",
    "confidential": "my manager harasses me since {} in secret",
    "none": "the {} printer needs paper",
}
PLACES = ("server", "copy", "lunch", "north", "south", "press", "mail", "yard")
WEIGHED = {
    ("many", "stopped"): "the whole {} site is down",
    ("several", "hindered"): "our {} team has slow screens",
    ("one", "stopped"): "my {} laptop is dead",
    ("one", "can wait"): "how do i change the {} picture",
    ("many", "hindered"): "everybody at {} has slow mail",
}


@pytest.fixture
def folder(desk_rows: list[dict[str, Any]], write: Callable[..., Path]) -> Path:
    """Training data with all three kinds, four authors each."""
    data = write(desk_rows, "data/messages/all.jsonl").parents[1]
    for author in ("ann", "bob", "cid", "dee"):
        write(
            [
                {"text": f"{said.format(place)} {author}", "route": route, "author": author}
                for route, said in SAID.items()
                for place in PLACES
            ],
            f"data/routes/{author}.jsonl",
        )
        write(
            [
                {
                    "text": f"{said.format(place)} {author}",
                    "impact": impact,
                    "urgency": urgency,
                    "author": author,
                }
                for (impact, urgency), said in WEIGHED.items()
                for place in PLACES
            ],
            f"data/priority/{author}.jsonl",
        )
    return data


def hold_out(folder: Path, author: str, keys: tuple[str, ...]) -> None:
    """Freeze an author's rows."""
    rows = [json.loads(line) for line in (folder / f"{author}.jsonl").read_text().splitlines()]
    lines = sorted(json.dumps([row[key] for key in ("text", *keys)]) for row in rows)
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    record = {"authors": [author], "rows": len(rows), "sha256": digest}
    (folder / "holdout.json").write_text(json.dumps(record))


def test_matters_and_priorities_are_learned_stored_and_told(
    folder: Path, tmp_path: Path, encoder: HashingEncoder
) -> None:
    """In the same model directory, with their limits in its manifest."""
    train(folder, tmp_path / "model", encoder)
    model = Classifier.load(tmp_path / "model", encoder)
    limits = model.manifest["matters"]["limits"]
    assert set(limits) == {"danger", "security", "confidential"}
    assert all(each["ask_at"] <= each["sure_at"] for each in limits.values())
    assert set(model.manifest["priorities"]["left_out"]) == {"exact", "within_one"}
    texts = ["smoke and fire in the post room", "the whole plant site is down"]
    smoke, outage = model.predict(texts)
    assert max(smoke.matters, key=lambda each: smoke.matters[each]) == "danger"
    assert sum(outage.priorities.values()) == pytest.approx(1, abs=0.01)
    assert max(outage.priorities, key=lambda each: outage.priorities[each]) == "P1"
    assert set(outage.impacts) == IMPACTS[0]


def test_other_languages_have_limits_of_their_own_where_somebody_wrote_in_them(
    folder: Path, tmp_path: Path, encoder: HashingEncoder, write: Callable[..., Path]
) -> None:
    """Set by ordinary messages alone; without any, they are those of English."""
    train(folder, tmp_path / "without", encoder)
    for author in ("eva", "finn"):
        rows = [
            *({"text": f"rauch im {place} {author}", "route": "danger"} for place in PLACES),
            *({"text": f"drucker im {place} {author}", "route": "none"} for place in PLACES),
            *({"text": f"rauchmelder {place} {author}", "route": "none"} for place in PLACES),
        ]
        for row, scenario in zip(rows, ["", *["ordinary"] * 16] * 2, strict=False):
            row |= {"author": author, "language": "de", "scenario": scenario}
        write(rows, f"data/routes/{author}.jsonl")
    train(folder, tmp_path / "with", encoder)
    without, own = (
        json.loads((tmp_path / name / "manifest.json").read_text())["matters"]
        for name in ("without", "with")
    )
    assert without["unread_limits"] == without["limits"]
    assert own["unread_limits"] != own["limits"]
    assert without["unread_first_limits"] == without["limits"]
    assert own["unread_first_limits"] == own["unread_limits"], "nobody added anything"
    assert set(own["left_out_unread"]["danger"]) == {"sure_at", "ask_at"}


def test_what_is_added_sets_no_limit_of_first_words(
    folder: Path, tmp_path: Path, encoder: HashingEncoder, write: Callable[..., Path]
) -> None:
    """It sounds graver: with it among the ordinary, a matter is heard later."""
    for author in ("eva", "finn"):
        rows = [
            *({"text": f"rauch im {place} {author}", "route": "danger"} for place in PLACES),
            *({"text": f"drucker im {place} {author}", "route": "none"} for place in PLACES),
            *({"text": f"rauch zieht im {place} ab", "route": "none"} for place in PLACES),
        ]
        scenarios = [""] * len(PLACES) + ["ordinary"] * len(PLACES) + ["follow-up"] * len(PLACES)
        for row, scenario in zip(rows, scenarios, strict=True):
            row |= {"author": author, "language": "de", "scenario": scenario}
        write(rows, f"data/routes/{author}.jsonl")
    train(folder, tmp_path / "model", encoder)
    manifest = json.loads((tmp_path / "model" / "manifest.json").read_text())["matters"]
    first, added = manifest["unread_first_limits"], manifest["unread_limits"]
    assert first["danger"]["ask_at"] < added["danger"]["ask_at"]


def test_the_tiers_stay_what_they_are(
    folder: Path, tmp_path: Path, encoder: HashingEncoder
) -> None:
    """What stands beside them takes no part in their decision."""
    train(folder, tmp_path / "with", encoder)
    train(folder / "messages", tmp_path / "without", encoder)
    texts = ["how do i reset my password", "smoke in the hall"]
    both = [
        [found.probabilities for found in Classifier.load(tmp_path / name, encoder).predict(texts)]
        for name in ("with", "without")
    ]
    for beside, without in zip(*both, strict=True):
        assert beside == pytest.approx(without, abs=1e-9)
    (alone,) = Classifier.load(tmp_path / "without", encoder).predict(texts[:1])
    assert alone.matters == {}
    assert alone.priorities == {}


def test_authors_who_are_held_out_teach_nothing(
    folder: Path, tmp_path: Path, encoder: HashingEncoder
) -> None:
    """Nor does a text of theirs that somebody else repeats."""
    hold_out(folder / "routes", "dee", ("route",))
    rows, held = read_rows(folder / "routes", ["route"], [MATTERS])
    assert {row.author for row in held} == {"dee"}
    assert "dee" not in {row.author for row in rows}
    train(folder, tmp_path / "model", encoder)
    assert artifact.read_manifest(tmp_path / "model")["matters"]["holdout_rows"] == len(held)


def test_a_changed_holdout_is_refused(folder: Path) -> None:
    """With the file that no longer fits."""
    hold_out(folder / "routes", "dee", ("route",))
    file = folder / "routes" / "dee.jsonl"
    file.write_text(file.read_text().replace("printer", "scanner"))
    with pytest.raises(DataError, match="have changed"):
        read_rows(folder / "routes", ["route"], [MATTERS])


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"text": "x", "route": "dangr", "author": "a"}, "route is 'dangr'"),
        ({"text": "x", "route": "none"}, "has no author"),
        ({"route": "none", "author": "a"}, "has no text"),
    ],
)
def test_a_bad_row_is_named(write: Callable[..., Path], row: dict[str, str], says: str) -> None:
    """By file and line."""
    file = write([row], "routes/bad.jsonl")
    with pytest.raises(DataError, match=says):
        read_rows(file.parent, ["route"], [MATTERS])


@given(
    st.integers(1, 60).flatmap(
        lambda rows: st.lists(
            st.tuples(*[st.floats(0, 1, width=16)] * 3), min_size=rows, max_size=rows
        )
    ),
    st.floats(0, 0.9),
)
def test_all_thresholds_together_let_through_as_many_as_are_allowed(
    rows: list[tuple[float, ...]], share: float
) -> None:
    """Of a hundred ordinary messages two alarm, whatever for; not two for each matter."""
    chances = np.array(rows)
    limits = shared_thresholds(chances, share, list(chances.T))
    assert (chances >= limits).any(axis=1).sum() <= share * len(rows)


@pytest.mark.parametrize("matter", [0, 1, 2])
def test_alarms_are_spent_where_they_find_most(matter: int) -> None:
    """Nine messages of one matter look like ordinary ones; those of the others are plain."""
    chances = np.random.default_rng(7).uniform(0, 0.8, (400, 3))
    wanted = [np.array([0.9] * 9)] * 3
    wanted[matter] = np.sort(chances[:, matter])[-9:]
    limits = shared_thresholds(chances, 0.02, wanted)
    found = [(own >= limit).mean() for own, limit in zip(wanted, limits, strict=True)]
    assert found[matter] >= 0.75
    assert min(found[:matter] + found[matter + 1 :]) == 1.0


def test_a_matter_that_nobody_wrote_of_has_a_limit_too() -> None:
    """The highest that is needed."""
    chances = np.linspace(0, 0.9, 40)[:, None].repeat(2, axis=1)
    assert max(shared_thresholds(chances, 0.0, [np.array([]), np.array([0.95])])) <= 0.95


def test_two_labels_have_chances_too() -> None:
    """Where scikit-learn keeps one row of weights for both."""
    given = np.array([[0.0], [0.1], [0.9], [1.0]])
    head = Head.fit(given, ["a", "a", "b", "b"])
    chances = head.probabilities(given)
    assert chances.sum(axis=1) == pytest.approx(1)
    assert chances[3, 1] > chances[0, 1]


def test_the_priority_is_read_off_all_heads() -> None:
    """Chances of it sum to one."""
    rng = np.random.default_rng(7)
    pairs = [pair for pair in PRIORITIES for _ in range(6)]
    centres = np.array([[len(impact), len(urgency), 0, 0] for impact, urgency in pairs])
    given = rng.normal(size=(len(pairs), 4)) + centres
    (found, *_) = PriorityModel.fit(given, pairs, PRIORITIES).chances(given[:1])
    assert set(found) == {"impact", "urgency", "priority"}
    assert sum(found["priority"].values()) == pytest.approx(1)
