"""What is known of the tool that a text is written for: which marks are its own, not the text's."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """Marks that a text may have; by default what looks like one is what somebody wrote."""

    liquid: bool = False
    """`{% tag %}` and `{{ site.name }}` within a sentence: Jekyll, GitBook, Eleventy."""
    comments: bool = False
    """`%%hidden%%`: Obsidian."""
    components: bool = False
    """No code by indentation, since components are indented: MDX."""

    ruby: bool = False
    """`<%= value %>`: Middleman."""

    def __or__(self, other: Known) -> Known:
        """What either of them says."""
        return Known(
            self.liquid or other.liquid,
            self.comments or other.comments,
            self.components or other.components,
            self.ruby or other.ruby,
        )


_WIKI_LINK = re.compile(r"\[\[[^\s\[\]][^\[\]\n]*\]\]")
_COMPONENT = re.compile(
    r"^[ \t]*</?[A-Z][A-Za-z.]*[ \t/>]|^import\s[^\n]*\sfrom\s"
    r"|^export\s+(?:const|default|function|let)\b",
    re.MULTILINE,
)
_GITBOOK = re.compile(r"\{%\s*(?:end)?(?:hint|tabs?|content-ref|stepper|code|embed)\b")
_JEKYLL = re.compile(r"\{\{-?\s*(?:site|page|layout|include)\.|\{%-?\s*(?:include|link|post_url)\s")


def seen_in(text: str) -> Known:
    """What a text shows by itself."""
    return Known(
        liquid=_GITBOOK.search(text) is not None or _JEKYLL.search(text) is not None,
        comments=_WIKI_LINK.search(text) is not None,
        components=_COMPONENT.search(text) is not None,
    )
