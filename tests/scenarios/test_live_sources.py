"""What changes at its source is answered anew, what is gone is found no more, without a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.cli.knowledge.live import bring_in, chosen
from bot.settings.file import ClassifierSettings, FileSettings
from kb.encoding.languages import guesser
from tests.live.site import Site, as_json, listening, page
from tests.live.test_helpcentres import FIRST, article, listing
from tests.scenarios.models import ARTICLES, real_triager, trained_model
from tests.scenarios.office import Office, configuration
from tests.worker.test_night import Process

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

pytestmark = pytest.mark.rare


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A site with pages, and a help centre beside them."""
    with listening() as found:
        for each in ("user_segments", "sections"):
            at = f"/api/v2/help_center/{each}.json?page%5Bsize%5D=100"
            found.answers[at] = as_json({each: []})
        yield found


@pytest.fixture(scope="module")
def office(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A desk in earnest with a few articles of its own and two live sources."""
    model = trained_model(tmp_path_factory.mktemp("model"))
    sources = {
        "pages": {"kind": "sitemap", "url": f"{site.base}/sitemap.xml", "internal": ["127.0.0.1"]},
        "centre": {
            "kind": "zendesk", "url": site.base, "internal": ["127.0.0.1"],
            "audiences": {"11": ["l2-oncall"]},
        },
    }  # fmt: skip
    said = {**configuration().model_dump(exclude_unset=True), "sources": sources}
    file = FileSettings.model_validate(said).model_copy(
        update={"classifier": ClassifierSettings(model=model)}
    )
    office = Office(tmp_path_factory.mktemp("live"), file=file)
    office.triager = real_triager(office.settings, ARTICLES / "printer-add.md")
    guesser()  # what tells languages apart takes a slow machine longer than people wait
    with office:
        yield office


def brought_in(office: Office) -> None:
    """Let the clock of the sources strike: here, instead of in a process of its own."""

    def begin(names: Sequence[str]) -> Process:
        process = Process()
        process.ended = min(bring_in(office.settings, chosen(office.settings, names)), 1)
        return process

    assert office.application is not None
    keeper = office.application.sources
    assert keeper is not None
    keeper._begin = begin
    office.application.store.live.only(())
    keeper.step()
    keeper.step()


def both(site: Site, seal: str, *more: tuple[str, str]) -> None:
    """Let the site say how the visitors' badge is had, and what else there is."""
    pages = {"/badge": page("Order a visitor badge", seal)}
    pages |= {path: page(text.partition(".")[0], text) for path, text in more}
    site.sitemap(*((path, "") for path in pages))
    site.answers |= pages


def test_a_page_changes_and_another_goes(site: Site, office: Office) -> None:
    """The next one who asks has the new answer; nobody has the one that was removed."""
    bicycle = ("/bicycle", "Rent a company bicycle. Ask the porter for the blue bicycle list.")
    both(site, "Send the visitor's name to the lodge a day before the visit.", bicycle)
    site.answers[FIRST] = listing(site, article(1, "Use the quiet room", body="<p>Walk in.</p>"))
    brought_in(office)
    asked = office.ask(office.ana, "How do I order a visitor badge?")
    asked.waits_for("to the lodge a day before")
    rented = office.ask(office.tom, "How do I rent a company bicycle?")
    rented.waits_for("blue bicycle list")

    both(site, "Fill in the form Visitors in the intranet, an hour before is enough.")
    brought_in(office)
    asked = office.ask(office.ana, "Where can I order a visitor badge?")
    answer = asked.waits_for("an hour before is enough")
    assert "to the lodge" not in answer
    rented = office.ask(office.tom, "Where can I rent a company bicycle?")
    rented.waits_for("T-")
    office.settle()
    assert "blue bicycle list" not in "".join(rented.replies)


def test_while_a_source_is_in_trouble_its_articles_answer(site: Site, office: Office) -> None:
    """The admin reads why."""
    both(site, "Fill in the form Visitors in the intranet, an hour before is enough.")
    brought_in(office)
    site.answers["/sitemap.xml"] = as_json({}, 503)
    brought_in(office)
    asked = office.ask(office.tom, "How do I order a visitor badge?")
    asked.waits_for("an hour before is enough")
    assert office.application is not None
    (state,) = office.application.store.live.states({"pages": "sitemap"})
    assert state.says == "127.0.0.1 answered 503: it is in trouble itself."
    with office.application.store.readings() as readings:
        assert readings.health().sources[0].startswith("pages: 127.0.0.1 answered 503")


def test_a_restricted_article_is_for_its_group_alone(site: Site, office: Office) -> None:
    """As the help centre has it."""
    both(site, "Fill in the form Visitors in the intranet.")
    safe = article(
        2, "Open the server safe", user_segment_id=11, body="<p>Turn the brass wheel twice.</p>"
    )
    site.answers[FIRST] = listing(site, article(1, "Use the quiet room"), safe)
    brought_in(office)
    found = {}
    for group in ("l2-oncall", "staff"):
        hits = office.triager.knowledge.search("open the server safe", viewer_groups=[group])
        found[group] = [hit.article for hit in hits]
    assert found["l2-oncall"][0] == "centre-2"
    assert "centre-2" not in found["staff"]
    asked = office.ask(office.ana, "How do I open the server safe?")
    asked.waits_for("T-")
    office.settle()
    assert "brass wheel" not in "".join(asked.replies)
