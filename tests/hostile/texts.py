"""Texts that are made to stall whoever reads them: one piece over and over, and no end to it."""

from __future__ import annotations

LENGTH = 100_000

PIECES = (
    "[", "![", "[[", "![[", "[a](", "[a][", "\n[a]:", "[!a|", "(", ")", "](", "()", "<", "<a ",
    "<a '", '<a "', "<a b='", "<a {", "<a {{}", "<A ", "</A", "</", "<!--", "<script>", "<pre>",
    "\n<table", "<@U1", "<https://a|", "<!", '"', "'", "`", "``", "```\n", "~~~\n", "` ``",
    "\n```a\n", ".", ". ", "..a", " ", "\t", "\n", "\n\n", " \n", "\r", "\u2028", "\u200b", "a",
    "\U0001f600", "aA0", "a ", "a@", "a.", "a@a.", "@", "a-", "a_b", "_", "__", "*", "**", "**a",
    "**Q: ", "Q:", "Q: a\n", "\n- ", "\n> ", ">", "\n# ", "\n1. a", "1.", "1.1 ", "1:", "12:00-",
    "2020-01-01", "::", ":a", ":a:b", ":::a ", "|", "|a", "\n|a|", "\n|-", "\\", "&", "&lt;",
    "{", "{{", "{%", "{{<", "{% tab ", '{% tab title="', '{% tab title="a" ', "{% code", "{:.",
    '{a="', "<{A:", "{{ 'a' | ", "%%", "{/*", "import a ", "import a\n", "export const a", "!!! a ",
    "\n!!! a\n    ", "^a", " ^aaaa", "http://", "https://a/", "hi ", "hello, ", "i'm so ", "so ",
    "sorry to ", "thanks ", "i typed ", "we gave ", "password ", "help ", "it ", "please ",
    "not ", "go to step ", " and ", " on call ", "[L1]", "at a(", "error", "1d", "\x1b[", "\ue000",
    "$", "==", "===\n", "---\n", "[file: ", "[file: a https://", "*a", "_a", "~~", "<>", "1) ",
)  # fmt: skip

TURNS = (" ", "a", "[", "a ")
"""What a near-miss is full of: it begins right, goes on for long, and does not end right."""

BEGINNINGS = (
    "<a", "<a b", "!!! a", "**Q:", "**Q: a", "Q: a", "[a](", "<@U1", "{{ 'a'", "a@a", "# a",
    "`a", "regards", "sorry to", "thanks", "on", "--", "- a:", "**a", "import a",
)  # fmt: skip


def hostile(length: int = LENGTH) -> dict[str, str]:
    """Each text with a name that tells how it is made."""
    texts = {f"{piece!r} repeated": (piece * length)[:length] for piece in PIECES}
    for beginning in BEGINNINGS:
        for turn in TURNS:
            middle = (turn * length)[: length - len(beginning) - 1]
            texts[f"{beginning!r} {turn!r}..."] = f"{beginning}{middle}\x01"
    texts["nested quotations"] = "".join(f"{'>' * (n % 300)} a\n" for n in range(length // 150))
    texts["one below the other"] = "".join(
        f"{' ' * n}- a\n" for n in range(int((2 * length) ** 0.5))
    )
    return texts
