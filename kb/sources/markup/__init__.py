"""From HTML, and from the marks of site generators and wikis, to plain Markdown."""
