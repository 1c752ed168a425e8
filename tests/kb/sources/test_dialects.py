"""Markdown as site generators have it becomes what everybody reads."""

from __future__ import annotations

import pytest

from kb.sources.markup.dialects import plain_markdown

CODE = "```yaml\n!!! note\n{{< kept >}} <b>kept</b> [kept][1] :material-x: {: .kept }\n```"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        # MkDocs
        ('!!! note "Mind"\n\n    Look *here*.\n', "**Mind**\n\nLook *here*."),
        ("!!! warning\n    Look.\n\nAfter.", "**Warning**\n\nLook.\n\nAfter."),
        ('!!! note ""\n    Look.\n', "Look."),
        ('=== "Linux"\n\n    ``` sh\n    ls\n    ```\n', "**Linux**\n\n``` sh\nls\n```"),
        ('???+ tip "A"\n    One.\n\n    !!! note\n        Two.\n',
         "**A**\n\nOne.\n\n**Note**\n\nTwo."),
        ("1. One\n\n    !!! note\n        Two.\n", "1. One\n\n    **Note**\n\n    Two."),
        (":material-cog:{ .big } Press", "Press"),
        ("See [the list][1] and [list].\n\n[1]: https://x.example\n[list]: <https://y.example>",
         "See [the list](<https://x.example>) and [list](<https://y.example>)."),
        # Docusaurus, VitePress, Starlight
        (":::tip[Mind]\nLook.\n:::", "**Mind**\n\nLook."),
        ("::: details Mind\nLook.\n:::", "**Mind**\n\nLook."),
        ("::: code-group\nLook.\n:::", "Look."),
        ('import X from "x";\nimport {\n  A,\n} from \'a\';\n\nText', "Text"),
        ("export const a = {\n  b: 1,\n};\n\nText", "Text"),
        ('<Tabs>\n  <TabItem label="npm">\n\n  Run it.\n\n  </TabItem>\n</Tabs>',
         "**npm**\n\n  Run it."),
        ("## Ask {#ask}", "## Ask"),
        # GitBook
        ('{% hint style="info" %}\nLook.\n{% endhint %}', "Look."),
        ('{% tab title="Windows" %}\nLook.\n{% endtab %}', "**Windows**\n\nLook."),
        # Jekyll, Hugo
        ("* content\n{:toc}\n\nText\n{: .big }", "Text"),
        ("{% raw %}\n```\nx {{ y }}\n```\n{% endraw %}", "```\nx {{ y }}\n```"),
        ("```sh\n{% raw %}\nx {{ y }}\n{% endraw %}\n```", "```sh\nx {{ y }}\n```"),
        ("```\n{% raw %}{{ y }}{% endraw %}\n```", "```\n{{ y }}\n```"),
        ("Wrap it in `{% raw %}`.\n\n```\na\n{% raw %}\nb\n```",
         "Wrap it in `{% raw %}`.\n\n```\na\n{% raw %}\nb\n```"),
        ("## get(id): Promise<{ name: string }>", "## get(id): Promise<{ name: string }>"),
        ("See\n<{IMAGE:one}>\nand `<{kept}>`", "See\nand `<{kept}>`"),
        ("{% highlight ruby %}\nx < 1\n{% endhighlight %}", "```\nx < 1\n```"),
        ("{{< highlight go >}}\nx < 1\n{{< /highlight >}}", "```\nx < 1\n```"),
        ("[a]({{ site.baseurl }}/b) ![c]({{ '/d.png' | relative_url }})", "[a](/b) ![c](/d.png)"),
        # Obsidian, GitHub
        ("> [!tip] Mind\n> Look.", "> **Mind**\n>\n> Look."),
        ("> [!WARNING]\n> Look.", "> **Warning**\n>\n> Look."),
        ("![[screen.png|400]] See [[Note#Part]] and [[Note|that]]. ^ab-12",
         "See Note › Part and that."),  # noqa: RUF001 (a breadcrumb)
        ("[![Build](https://x.example/b.svg)](https://x.example)\n\nText", "Text"),
        # HTML
        ('Press <kbd>Ctrl</kbd>, see <a href="https://x.example">this</a>.<br>Then <b>go</b>.',
         "Press `Ctrl`, see [this](<https://x.example>).\\\nThen **go**."),
        ('<p align="center"><img src="a b.png" alt="A screen"></p>', "![A screen](a%20b.png)"),
        ("<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>",
         "| A | B |\n| --- | --- |\n| 1 | 2 |"),
        ("<pre><code>a &lt; b</code></pre>", "```\na < b\n```"),
        ("<script>steal()</script><style>x{}</style>Text <!-- no -->", "Text"),
        ("Open <your-name> or <X> at <https://x.example>, not `<b>`.",
         "Open <your-name> or <X> at <https://x.example>, not `<b>`."),
        # Questions
        ("**Q: How?**  \nA: So.", "## How?\n\nSo."),
        ("## FAQ\n\n**Why is it so?**\n\nFor that.", "## FAQ\n\n### Why is it so?\n\nFor that."),
        ("Q1. Free?\nA1. Yes.", "## Free?\n\nYes."),
        ("**Mind this.** And **who asks?** stays.", "**Mind this.** And **who asks?** stays."),
        ("<details>\n<summary>How?</summary>\n\nSo.\n</details>", "#### How?\n\nSo."),
    ],
)  # fmt: skip
def test_a_dialect_becomes_plain_markdown(written: str, plain: str) -> None:
    """What only one generator understands is said in words, or goes."""
    found = plain_markdown(written).strip()
    assert [line.rstrip() for line in found.split("\n") if line.strip()] == [
        line.rstrip() for line in plain.split("\n") if line.strip()
    ]


@pytest.mark.parametrize("around", ["{}", "!!! note\n\n    Text.\n\n{}", "<p>Text</p>\n\n{}"])
def test_code_keeps_every_letter(around: str) -> None:
    """Whatever it looks like, and whatever stands beside it."""
    assert CODE in plain_markdown(around.format(CODE))


def test_plain_markdown_stays_as_it_is() -> None:
    """Lists, quotations, tables and indented code."""
    text = (
        "# T\n\n- a\n    - b\n\n1. c\n\n   d\n\n> e\n\n| f | g |\n|---|---|\n| h | i |\n\n    j\n"
    )
    assert plain_markdown(text) == text
