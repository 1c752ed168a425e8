"""Triage: ask the classifier and the knowledge base, then decide by the policy."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol

from bot.desk.articles import ArticleExtract
from bot.desk.asking import Meaning, Said, Stage, Understood, greets_alone
from bot.desk.deciding import (
    Action,
    Candidate,
    Evidence,
    Policy,
    Suspicion,
    Triage,
    Weight,
    ask_what,
    decide,
    gate_of,
    is_broad,
    sober,
    suspicion_of,
    with_breadth,
    with_rules,
)
from bot.desk.privacy import NoScrubber
from bot.service.deciding.candidates import CANDIDATES, candidates_of
from bot.service.deciding.leaning import keep_leaning, leant
from bot.service.deciding.spelling import Spelling
from bot.service.deciding.tones import tone_of
from bot.service.deciding.verbatim import is_asked_so
from bot.service.deciding.ways import compared, fitting
from classifier.data.followups import FollowUp
from classifier.features.concepts import concepts_of, sayings_of
from kb.encoding.encoder import WordyEncoder
from kb.encoding.likeness import comparable, likeness
from kb.encoding.unread import is_unread, reads_english_alone, reads_english_best

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from bot.desk.asking import Tone
    from bot.desk.privacy import Scrubber
    from classifier.serving.followups import Reading
    from classifier.serving.predict import Prediction
    from kb.articles import Article
    from kb.encoding.encoder import Encoder
    from kb.searching.base import KnowledgeBase

VECTORS_KEPT = 4_096
"""Vectors of earlier questions that are kept in memory, 1.5 KB each."""

LOOKED_AHEAD = 512
"""So many texts of articles are encoded before anybody asks: some two seconds of a core."""

LONGEST_TEXT = 8_000
"""Characters of a message that are read; what follows in a pasted log adds nothing."""

LOOKED_THROUGH = 40_000
"""Characters of a message that are looked through for secrets: as many as Slack's longest has."""


NOT_AN_ANSWER = re.compile(r"\b(ask for|contact|escalat\w*|call us|get help)\b", re.IGNORECASE)
"""Headings of passages that say when an article does not answer."""


Readers = frozenset[str]
"""The groups whose articles those who read may see; None, on the desk's own machine, sees all."""


class Predictor(Protocol):
    """Says who has to settle a message: a classifier, or one that follows its directory."""

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Predict each text."""

    def read(self, followup: FollowUp) -> Reading:
        """Say what a message means in its thread."""

    @property
    def vocabulary(self) -> frozenset[str]:
        """The words that it has learned."""

    @property
    def version(self) -> str:
        """Which model decides."""


class Triager:
    """Decides on messages; the same for Slack and for `frontline ask`."""

    def __init__(  # noqa: PLR0913 - what it joins
        self,
        knowledge: KnowledgeBase,
        classifier: Predictor,
        policy: Callable[[], Policy],
        encoder: Encoder,
        scrubber: Scrubber | None = None,
        *,
        leans: bool = False,
    ) -> None:
        """Join a knowledge base, a classifier, the policy of the moment, and their encoder.

        Messages are read without their secrets: so no reason can name one. With `leans`, the gate
        leans as far as was found for it.
        """
        self._scrubber = scrubber or NoScrubber()
        # Yesterday's questions are compared with again and again: each is encoded once.
        self._vector = lru_cache(VECTORS_KEPT)(lambda text: encoder.encode([text])[0])
        self._knowledge = knowledge
        self._encoder = encoder
        self._classifier = classifier
        self._bare = policy
        self._leans = leans
        self._others = encoder.vocabulary if isinstance(encoder, WordyEncoder) else frozenset()
        self._spelling: tuple[str, Spelling] | None = None
        self.told: Callable[[Triage, float], None] | None = None
        """Who is told of each decision, and of the seconds that it took."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What is known of the model that decides: its version, gate and figures."""
        known = getattr(self._classifier, "manifest", None)
        return known or {"version": self._classifier.version}

    def audiences(self) -> frozenset[str]:
        """Give every group that some article is kept to; none where everybody may see all."""
        return self._knowledge.audiences()

    def triage(
        self,
        text: str,
        *,
        readers: Readers | None,
        exclude: Collection[str] = (),
        first: bool = False,
    ) -> Triage:
        """Decide on one message; `exclude` names articles that did not help.

        `first` says that nothing stands before it: a matter is heard sooner in it.
        """
        return self.triage_batch([text], readers=readers, exclude=exclude, first=first)[0]

    def triage_batch(
        self,
        texts: Sequence[str],
        *,
        readers: Readers | None,
        exclude: Collection[str] = (),
        first: bool = False,
    ) -> list[Triage]:
        """Decide on several messages at once, in their order, for the same readers."""
        began = perf_counter()
        policy = self._policy(first=first)
        readable = [self._readable(text) for text in texts]
        found = self._evidence(readable, readers, exclude)
        decided = [
            self._heard(text, with_rules(text, with_breadth(decide(evidence, policy), text)))
            for text, evidence in zip(readable, found, strict=True)
        ]
        if self.told is not None and decided:
            each = (perf_counter() - began) / len(decided)
            for triage in decided:
                self.told(triage, each)
        return decided

    def _heard(self, text: str, triage: Triage) -> Triage:
        """Ask back what only one of two takes for small talk: the tiers, and first words."""
        if triage.action is not Action.COURTESY:
            return triage
        if is_broad(triage.evidence):
            reason = "It sounds like small talk, but many may be affected by something."
        elif self.understand(Said(text)).is_small_talk(readable=True):
            return triage
        else:
            reason = "It sounds like small talk, but may well ask for something."
        asked = self.asked_back(triage)
        return replace(asked, reasons=(reason, *asked.reasons))

    def _policy(self, *, first: bool = False) -> Policy:
        bare = self._bare().for_first_words() if first else self._bare()
        return leant(bare, self._classifier.version, self._knowledge) if self._leans else bare

    def public_answer(self, text: str, collections: Collection[str]) -> ArticleExtract | None:
        """Give what an article of these collections answers, where it surely does.

        Nothing else is looked into, and nobody is asked back. No address is in it.
        """
        readable, nobody = self._readable(text), frozenset[str]()
        for collection in sorted(collections):
            (evidence,) = self._evidence([readable], nobody, (), collection)
            decision = decide(evidence, replace(self._policy(), choices=0))
            decision = with_rules(readable, with_breadth(decision, readable))
            if decision.action is Action.ANSWER and decision.candidates:
                (best, *_) = decision.candidates
                found = self.extract(
                    best.article, best, readers=nobody, asked=readable, collection=collection
                )
                if found is not None:
                    return replace(found, url=None, heading_url=None, ways=())
        return None

    def gate(self) -> tuple[Policy, str]:
        """Give the policy of the moment, and the name of its gate."""
        policy = self._policy()
        return policy, gate_of(self._classifier.version, policy.gate)

    def lean(self, by: float, gate: str) -> None:
        """Give articles so much more weight from now on, as long as this is the gate."""
        keep_leaning(by, gate, self._knowledge)

    def understand(self, said: Said) -> Understood:
        """Say what a message means in its thread."""
        if said.stage is Stage.NEW and greets_alone(said.text):
            return Understood({Meaning.TALK: 1.0})
        followup = FollowUp(
            self._mended(said.text[:LONGEST_TEXT]),
            str(said.stage),
            said.opened[:LONGEST_TEXT],
            said.shown[:LONGEST_TEXT],
            "requester" if said.by_requester else "other",
        )
        chances = self._classifier.read(followup).chances
        return Understood({Meaning(name): chance for name, chance in chances.items()})

    def tone(self, text: str) -> Tone:
        """Say how words sound where their language is not read well."""
        return tone_of(text[:LONGEST_TEXT])

    def says_thanks(self, text: str) -> bool:
        """Tell whether thanks are said, whatever else is; in any language of the sayings."""
        return "thanks" in sayings_of(text[:LONGEST_TEXT]).split()

    def asked_back(self, triage: Triage) -> Triage:
        """Ask back instead of a courtesy that has too little evidence for it."""
        if triage.evidence is None or triage.chances is None or triage.policy is None:
            return replace(triage, action=Action.CLARIFY, candidates=(), unknown=True)
        return ask_what(triage.evidence, triage.policy, triage.chances, triage.candidates)

    def passage(
        self, article: str, words: str, *, readers: Readers | None
    ) -> ArticleExtract | None:
        """Find what an article says about a step beyond its steps; None where it says nothing."""
        hits = self._knowledge.search(words[:LONGEST_TEXT], top=CANDIDATES, viewer_groups=readers)
        found = next((c for c in candidates_of(hits, ()) if c.article == article), None)
        extract = self.extract(article, found, readers=readers) if found else None
        return extract if extract is not None and extract.heading else None

    def _mended(self, text: str) -> str:
        spelling = self._words()
        return text if is_unread(text, spelling.knows) else spelling.mended(text)

    def _with_english(self, text: str) -> str:
        """Give what is searched for in another language than English: with English for its things.

        Nothing is answered by it: such a message is asked back, with guesses.
        """
        return " ".join([text, *concepts_of(text)]) if reads_english_best(self._encoder) else text

    def _words(self) -> Spelling:
        """Give the words of the model that serves now."""
        version = self._classifier.version
        if self._spelling is None or self._spelling[0] != version:
            self._spelling = version, Spelling(self._classifier.vocabulary, self._others)
        return self._spelling[1]

    def next_article(
        self, text: str, *, readers: Readers | None, exclude: Collection[str]
    ) -> Candidate | None:
        """Find the best article among those not tried yet, if to show it costs less than a call."""
        # Something was shown already, so nothing is asked back, and what is next need not be sure.
        policy = replace(self._policy(), choices=0, answer_at=0.0)
        (evidence,) = self._evidence([self._readable(text)], readers, exclude)
        decision = decide(evidence, policy)
        return decision.candidates[0] if decision.action is Action.ANSWER else None

    def _readable(self, text: str) -> str:
        # Whole, as it is stored: so a long one is looked through once.
        return self._scrubber.scrub(text[:LOOKED_THROUGH]).text[:LONGEST_TEXT]

    def _evidence(
        self,
        texts: Sequence[str],
        readers: Readers | None,
        exclude: Collection[str],
        collection: str | None = None,
    ) -> list[Evidence]:
        spelling = self._words()
        foreign = [is_unread(text, spelling.knows) for text in texts]
        said = texts
        texts = [
            text if unread else spelling.mended(text)
            for text, unread in zip(texts, foreign, strict=True)
        ]
        sought = [
            self._with_english(text) if unread else text
            for text, unread in zip(texts, foreign, strict=True)
        ]
        alone = reads_english_alone(self._encoder)
        predictions = self._classifier.predict(texts)
        searches = self._knowledge.search_batch(
            sought, collection=collection, top=CANDIDATES + len(exclude), viewer_groups=readers
        )
        found = [candidates_of(hits, exclude) for hits in searches]
        return [
            Evidence(
                probabilities=dict(prediction.probabilities),
                candidates=candidates,
                abstain=prediction.abstain,
                foreign=unread,
                unread=unread and alone,
                verbatim=self._asked_so(text, candidates, readers, unread=unread),
                nearest=prediction.nearest,
                words=prediction.words,
                model=self._classifier.version,
                matters=dict(prediction.matters),
                impacts=dict(prediction.impacts),
                urgencies=dict(prediction.urgencies),
            )
            for text, prediction, candidates, unread in zip(
                said, predictions, found, foreign, strict=True
            )
        ]

    def _asked_so(
        self, text: str, found: Sequence[Candidate], readers: Readers | None, *, unread: bool
    ) -> str:
        """Name the article that is asked in these very words; "" for none."""
        # What is read finds such a page first.
        for each in found if unread else found[:1]:
            page = self._knowledge.article(each.article, viewer_groups=readers)
            if page is not None and is_asked_so(text, (page.title, *page.questions)):
                return each.article
        return ""

    def suspicion(self, text: str, *, first: bool = False) -> Suspicion | None:
        """Tell whether a text is about a matter that does not go the usual way.

        `first` says that nothing stands before it.
        """
        (prediction,) = self._classifier.predict([text[:LONGEST_TEXT]])
        foreign = is_unread(text, self._words().knows)
        return suspicion_of(
            prediction.matters, self._policy(first=first).limits_of(foreign=foreign)
        )

    def weight(self, text: str) -> Weight | None:
        """Predict how many are affected and what it does to their work; None: never learned."""
        (found,) = self._classifier.predict([text[:LONGEST_TEXT]])
        if not found.priorities:
            return None
        weight = Weight(found.impacts, found.urgencies, found.priorities)
        unread = reads_english_alone(self._encoder) and is_unread(text, self._words().knows)
        return sober(weight) if unread else weight

    def likeness(self, text: str, others: Sequence[str]) -> list[float]:
        """Say how much each of other texts looks like one: the cosine of their embeddings."""
        wanted = self._vector(self._readable(text))
        theirs = (self._vector(each[:LONGEST_TEXT]) for each in others)
        return [likeness(each, wanted, self._encoder) for each in theirs]

    def extract(
        self,
        article: str,
        match: Candidate | None = None,
        *,
        readers: Readers | None,
        asked: str = "",
        collection: str | None = None,
    ) -> ArticleExtract | None:
        """Take from an article what an answer shows; None where it is gone, or not for them.

        Of several lists of steps the one is taken that fits what was asked, or none.
        """
        found = self._knowledge.article(article, collection, viewer_groups=readers)
        if found is None:
            return None
        ways = found.step_lists if len(found.step_lists) > 1 else ()
        way = fitting(asked, found.title, ways, self.likeness) if ways else None
        steps = found.steps if not ways else ways[way].steps if way is not None else ()
        passage, heading = _beyond(found, match) if match else ("", "")
        passage = passage or _rest(found)
        return ArticleExtract(
            found.id,
            found.title,
            found.lead,
            steps,
            passage,
            heading,
            self._knowledge.address(found),
            self._knowledge.address(found, heading) if heading else None,
            kept=bool(self.kept([found.id])),
            ways=tuple(each.title for each in ways),
            way=way,
        )

    def look_ahead(self) -> int:
        """Read the articles, and encode what is compared where one has several lists of steps.

        Whoever is the first to be shown one would wait for ten encodings. Gives how many texts.
        """
        texts: list[str] = []
        for found in self._knowledge.look_ahead():
            lists = found.step_lists
            texts += compared(found.title, lists) if len(lists) > 1 else []
        for text in texts[:LOOKED_AHEAD]:
            self._vector(text[:LONGEST_TEXT])
        return len(texts[:LOOKED_AHEAD])

    @property
    def knowledge(self) -> KnowledgeBase:
        """The articles that answers come from."""
        return self._knowledge

    def embedded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts, one row each, without their secrets."""
        vectors = self._encoder.encode([self._readable(text) for text in texts])
        return comparable(vectors, self._encoder)

    def mended(self, text: str) -> str:
        """Give a text without its slips of the pen; in other languages it stays as it is."""
        return self._mended(text[:LONGEST_TEXT])

    def nearest(self, text: str, *, readers: Readers | None) -> tuple[Article, ...]:
        """Find the articles that come closest to a text, the nearest first."""
        hits = self._knowledge.search(self._readable(text), top=CANDIDATES, viewer_groups=readers)
        found = (self.article(hit.article, readers=readers) for hit in hits)
        return tuple(each for each in found if each is not None)

    def article(self, article: str, *, readers: Readers | None) -> Article | None:
        """Give a whole article; None where it is gone, or not for these readers."""
        return self._knowledge.article(article, viewer_groups=readers)

    def kept(self, articles: Collection[str]) -> frozenset[str]:
        """Tell which of these articles are, in some collection, kept to groups."""
        return self._knowledge.kept(articles) if articles and self.audiences() else frozenset()

    def area_of(self, triage: Triage) -> str | None:
        """Tell which area a message belongs to, from the article that comes closest."""
        for candidate in triage.candidates[:1]:
            found = self._knowledge.article(candidate.article)
            return found.area if found else None
        return None


def _beyond(article: Article, match: Candidate) -> tuple[str, str]:
    """Give the passage that matched, unless the lead or the steps show it already."""
    words = " ".join(match.passage.split())
    lead = article.lead
    steps = [step for each in article.step_lists for step in each.steps]
    shown = words in lead or lead in words or any(step.split("\n")[0] in words for step in steps)
    if shown or not words or NOT_AN_ANSWER.search(match.heading):
        return "", ""
    return match.passage, match.heading


def _rest(article: Article) -> str:
    """Where there are no steps to show: what stands below the lead, before any heading."""
    first, _, rest = article.body.partition("\n\n")
    if article.steps or " ".join(first.split()) != article.lead:
        return ""
    return re.split(r"^#{1,6} ", rest, maxsplit=1, flags=re.MULTILINE)[0].strip()
