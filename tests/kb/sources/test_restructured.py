"""reStructuredText, as Sphinx has it: what people read of it, and nothing of other files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.sources.markup.restructured import plain_restructured

if TYPE_CHECKING:
    from tests.kb.sources.conftest import Source

PAGE = """\
:orphan:

.. _quota:

============
Disk quotas
============

Your home has **10 GB**; see :doc:`../data/shares`, :ref:`how to clean <clean>` and :kbd:`Ctrl+C`.

.. toctree::
   :maxdepth: 2

   more

Look it up
==========

.. code-block:: bash
   :emphasize-lines: 1
   :caption: on any node

   quota -s   # *not* stressed

.. note:: It is counted at night.

.. dropdown:: On the cluster
   :color: info

   Ask with ``lfs quota``.

.. tabs::

   .. group-tab:: Windows

      Open *Properties*.

====== =====
who    limit
====== =====
staff  10 GB
guests 1 GB
====== =====
"""


def test_a_page_of_sphinx_is_an_article(source: Source) -> None:
    """Its title, its sections, and what stands in directives that only Sphinx knows."""
    source.put("storage/quotas.rst", PAGE)
    found = source.read().one
    assert (found.id, found.title) == ("storage/quotas", "Disk quotas")
    assert "see shares, how to clean and `Ctrl+C`" in found.body
    assert "## Look it up" in found.body
    assert "```bash\nquota -s   # *not* stressed\n```" in found.body
    assert "It is counted at night." in found.body
    assert "**On the cluster**\n\nAsk with `lfs quota`." in found.body
    assert "**Windows**\n\nOpen *Properties*." in found.body
    assert "| staff | 10 GB |" in found.body
    for tool in ("orphan", "toctree", "maxdepth", "emphasize", "color", "::", "_quota"):
        assert tool not in found.body


@pytest.mark.parametrize(
    "text",
    [
        ".. include:: {secret}",
        ".. literalinclude:: {secret}",
        ".. raw:: html\n   :file: {secret}",
        ".. csv-table::\n   :file: {secret}",
        ".. raw:: html\n\n   <script>4711</script>",
    ],
)
def test_nothing_of_other_files_is_brought_in(source: Source, text: str) -> None:
    """A page that somebody else wrote says what is read, not which file of this machine."""
    secret = source.put("secret.txt", "the key is 4711")
    found = plain_restructured(text.format(secret=secret) + "\n\nThis stands below.\n")
    assert "4711" not in found
    assert "This stands below." in found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("See `the wiki_ page", "See `the wiki"),
        ("Title\n==\n\nShort underline.", "Short underline."),
        ("*not closed", "not closed"),
        ("A |gone| word and nobody_ home.", "word and nobody"),
        ("* one\nbroken\n  * two", "broken"),
        (":unknown:`Press here <x>` and :py:func:`~os.walk`", "Press here and os.walk"),
    ],
)
def test_what_is_wrong_stays_as_it_was_written(text: str, words: str) -> None:
    """Nobody's page is lost for a mark."""
    found = plain_restructured(text).replace("\\", "")
    assert words in found
    assert "system-message" not in found
    assert "ERROR" not in found


def test_what_sphinx_has_built_is_not_read_beside_its_sources(source: Source) -> None:
    """Each page would be there twice."""
    source.put("quotas.rst", "Quotas\n======\n\nTen gigabytes for each of the staff.\n")
    source.put("_build/html/quotas.html", "<h1>Quotas</h1><p>Ten gigabytes.</p>")
    found = source.read()
    assert [article.id for article in found.articles] == ["quotas"]
    assert "what was made of pages that are here" in found.passed_over[0]
