"""From reStructuredText, as Sphinx and Read the Docs have it, to Markdown.

docutils reads it. What Sphinx adds docutils does not know, and would leave out with all that stands
in it: so it is taught every name that a text uses. A directive becomes its title and what stands
in it, a role the words that it shows.
"""

# ruff: noqa: ARG001, PLC0415 (docutils is loaded where it is used, and says how it calls)

from __future__ import annotations

import re
from functools import cache
from typing import Any

from kb.sources.markup.pages import html_to_markdown

_DIRECTIVE = re.compile(
    r"^[ \t]*+\.\.[ \t]++(?:\|[^|\n]{1,80}+\|[ \t]++)?([\w:+.-]{1,60}?)::", re.MULTILINE
)
_ROLE = re.compile(r":([A-Za-z][\w:+.-]{0,60}):`|`:([A-Za-z][\w:+.-]{0,60}):")
_SHOWN = re.compile(r"^([^<]{0,400}?)\s*+<[^<>]{0,400}+>")

SILENT = {
    "autoclass", "autofunction", "automodule", "autosummary", "currentmodule", "default-domain",
    "footer", "graphviz", "header", "highlight", "iframe", "include", "index", "literalinclude",
    "mermaid", "meta", "module", "plot", "program", "raw", "sectnum", "tabularcolumns", "tags",
    "target-notes", "toctree", "vimeo", "youtube",
}  # fmt: skip
"""What says nothing to a reader, or is made by the tool. What is included is read by itself."""

CODE = {"code", "code-block", "command-output", "parsed-literal", "prompt", "sourcecode"}
BARE = {"cssclass", "grid", "ifconfig", "only", "rst-class", "tab-set", "tabs"}
"""What has no title: its argument is for the tool."""

BY_NAME = {"any", "doc", "numref", "ref"}
"""Roles that name another page: where no words are given, the name is all there is."""

SILENCE = 5
SETTINGS: dict[str, Any] = {
    "report_level": SILENCE, "halt_level": SILENCE, "file_insertion_enabled": False,
    "raw_enabled": False, "_disable_config": True, "doctitle_xform": False,
    "docinfo_xform": False, "strip_comments": True, "syntax_highlight": "none",
    "math_output": "LaTeX", "initial_header_level": 1, "embed_stylesheet": False,
    "stylesheet_path": None, "line_length_limit": 1_000_000, "warning_stream": False,
}  # fmt: skip
"""Nothing of another file is brought in, and what is wrong is left as it was written."""


def plain_restructured(text: str) -> str:
    """Give reStructuredText as Markdown."""
    from docutils import core  # type: ignore[import-untyped]

    _teach(text)
    tree = core.publish_doctree(text, settings_overrides=SETTINGS)
    _strip(tree)
    page = core.publish_from_doctree(tree, writer="html5", settings_overrides=SETTINGS)
    return html_to_markdown(page.decode("utf-8"))


def _teach(text: str) -> None:
    """Make known to docutils what directives and roles a text uses."""
    from docutils.parsers.rst import directives, roles  # type: ignore[import-untyped]

    for name in {found.lower() for found in _DIRECTIVE.findall(text)}:
        if name in SILENT | CODE | BARE or not _is_own_directive(name):
            directives.register_directive(name, _directives()[_kind(name)])
    for pair in _ROLE.findall(text):
        name = (pair[0] or pair[1]).lower()
        if name not in _own_roles():
            roles.register_local_role(name, _shown)


def _kind(name: str) -> str:
    kinds = {"silent": SILENT, "code": CODE, "bare": BARE}
    return next((kind for kind, names in kinds.items() if name in names), "kept")


def _is_own_directive(name: str) -> bool:
    from docutils.parsers.rst import directives
    from docutils.parsers.rst.languages import en  # type: ignore[import-untyped]

    return en.directives.get(name, name) in directives._directive_registry  # noqa: SLF001


@cache
def _own_roles() -> frozenset[str]:
    from docutils.parsers.rst.languages import en

    # "raw" and "code" of docutils want options that nobody gives in a text.
    return frozenset(en.roles) - {"raw", "code"}


def _shown(  # noqa: PLR0913, PLR0917 (as docutils calls it)
    name: str,
    rawtext: str,
    text: str,
    lineno: int,
    inliner: Any,
    options: Any = None,
    content: Any = (),
) -> tuple[list[Any], list[Any]]:
    """The words of `words <target>`; of a bare name its last part."""
    from docutils import nodes
    from docutils.utils import unescape  # type: ignore[import-untyped]

    said = unescape(text)
    found = _SHOWN.fullmatch(said)
    if found and found[1].strip():
        return [nodes.Text(found[1].strip())], []
    said = said.lstrip("~!").strip("<>")
    kind = name.lower().rpartition(":")[2]
    if kind in BY_NAME:
        words = re.sub(r"[-_]+", " ", said.rstrip("/").rpartition("/")[2])
        return [nodes.Text(words)], []
    if kind in {"code", "command", "file", "kbd", "program", "samp", "option", "envvar"}:
        return [nodes.literal(said, said)], []
    return [nodes.Text(said)], []


@cache
def _directives() -> dict[str, Any]:
    """What stands for a directive that is not docutils' own, by its kind."""
    from docutils import nodes
    from docutils.parsers.rst import Directive

    class Anything(dict[str, Any]):
        """Takes every option: they are for the tool."""

        def __missing__(self, name: str) -> Any:
            return str

    class Kept(Directive):  # type: ignore[misc]
        """Its title, and what stands in it."""

        optional_arguments = 1
        final_argument_whitespace = True
        has_content = True
        option_spec = Anything(name=str)
        titled = True

        def run(self) -> list[Any]:
            found = []
            if self.titled and self.arguments:
                words, _ = self.state.inline_text(self.arguments[0], self.lineno)
                inside = (
                    nodes.strong("", "", *words) if self.content else nodes.inline("", "", *words)
                )
                found.append(nodes.paragraph("", "", inside))
            around = nodes.container()
            self.state.nested_parse(self.content, self.content_offset, around)
            return [*found, *around.children]

    class Bare(Kept):
        """What stands in it."""

        titled = False

    class Silent(Kept):
        """Nothing."""

        def run(self) -> list[Any]:
            return []

    class Code(Kept):
        """What stands in it, letter for letter."""

        def run(self) -> list[Any]:
            said = "\n".join(self.content)
            language = self.arguments[0].split()[0] if self.arguments else ""
            # "language-" would be the language of people to docutils.
            classes = [f"brush-{language}"] if language else []
            return [nodes.literal_block(said, said, classes=classes)]

    return {"kept": Kept, "bare": Bare, "silent": Silent, "code": Code}


def _strip(tree: Any) -> None:
    """Take away what docutils has to complain of, and a page's fields for the tool."""
    from docutils import nodes

    for each in [*tree.findall(nodes.problematic)]:
        each.parent.replace(each, nodes.Text(each.astext()))
    for each in [*tree.findall(nodes.system_message)]:
        each.parent.remove(each)
    for each in tree.findall(lambda node: isinstance(node, nodes.literal | nodes.literal_block)):
        each["classes"].append("code")  # else the page says it in the look alone
    first = next((each for each in tree.children if not isinstance(each, nodes.Invisible)), None)
    if isinstance(first, nodes.field_list):
        tree.remove(first)
