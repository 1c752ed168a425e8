"""A site by its sitemap: what is new comes, what is gone goes, and trouble changes nothing."""

from __future__ import annotations

import gzip
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.live.sitemaps import bring
from bot.live.wanted import LiveSource, TroubleError
from bot.reaching import Reach
from tests.live.site import Said, page

if TYPE_CHECKING:
    from bot.live.copies import Copy
    from tests.live.site import Site


def source(site: Site, **more: object) -> LiveSource:
    """A source of that site."""
    made = LiveSource(
        "help", "sitemap", url=f"{site.base}/sitemap.xml", reach=Reach(("127.0.0.1",))
    )
    return replace(made, **more)  # type: ignore[arg-type]


def brought(site: Site, copy: Copy, **more: object) -> str:
    """Bring the site in; gives what was left out."""
    site.asked.clear()
    try:
        return bring(source(site, **more), copy, lambda _: None)
    finally:
        copy.save()


def titles(copy: Copy) -> set[str]:
    """The files of the copy, without their endings."""
    return {file.stem for file in copy.folder.rglob("*.html")}


def two_pages(site: Site) -> None:
    """A site of two pages."""
    site.sitemap(("/a/vpn", "2026-01-01"), ("/a/wifi.html", ""))
    site.answers["/a/vpn"] = page("VPN", "Start the client.")
    site.answers["/a/wifi.html"] = page("Wifi", "Choose the network.", ETag='"1"')


def test_pages_become_files_with_their_address(site: Site, copy: Copy) -> None:
    """By which an answer links to them."""
    two_pages(site)
    assert brought(site, copy) == ""
    assert titles(copy) == {"help-a-vpn", "help-a-wifi"}
    text = (copy.folder / "all" / "help-a-vpn.html").read_text("utf-8")
    assert f'<link rel="canonical" href="{site.base}/a/vpn">' in text


def test_what_has_not_changed_is_not_sent_again(site: Site, copy: Copy) -> None:
    """By lastmod it is not asked for, by ETag not sent."""
    two_pages(site)
    brought(site, copy)
    before = (copy.folder / "all" / "help-a-wifi.html").stat().st_mtime_ns
    brought(site, copy)
    assert "/a/vpn" not in site.paths
    assert dict(site.asked)["/a/wifi.html"]["If-None-Match"] == '"1"'
    assert (copy.folder / "all" / "help-a-wifi.html").stat().st_mtime_ns == before


def test_what_changed_comes_and_what_is_not_named_any_more_goes(site: Site, copy: Copy) -> None:
    """A new lastmod tells."""
    two_pages(site)
    brought(site, copy)
    site.sitemap(("/a/vpn", "2026-02-02"))
    site.answers["/a/vpn"] = page("VPN", "Press the green button.")
    brought(site, copy)
    assert titles(copy) == {"help-a-vpn"}
    assert "green" in (copy.folder / "all" / "help-a-vpn.html").read_text("utf-8")


@pytest.mark.parametrize("status", [404, 410, 401, 403])
def test_a_page_that_is_gone_or_asks_for_a_login_goes(site: Site, copy: Copy, status: int) -> None:
    """Though the sitemap names it: what not everybody may see is not shown to all."""
    two_pages(site)
    brought(site, copy)
    site.answers["/a/wifi.html"] = Said(b"", status)
    brought(site, copy)
    assert titles(copy) == {"help-a-vpn"}


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_page_that_cannot_be_had_stays_and_so_do_all(site: Site, copy: Copy, status: int) -> None:
    """Nothing goes while the site is in trouble."""
    two_pages(site)
    brought(site, copy)
    site.sitemap(("/a/wifi.html", ""))
    site.answers["/a/wifi.html"] = Said(b"", status, {"Retry-After": "120"})
    with pytest.raises(TroubleError) as trouble:
        brought(site, copy)
    assert titles(copy) == {"help-a-vpn", "help-a-wifi"}
    assert trouble.value.wish == (120 if status in {429, 503} else None)


BROKEN = {
    "half a list": Said(b'<?xml version="1.0"?><urlset><url><loc>http://x/</loc>'),
    "a page": page("Sign in", "Who are you?"),
    "a feed": Said(b"<rss><channel/></rss>"),
    "nothing": Said(b""),
    "an empty list": Said(b"<urlset/>"),
    "cut off": Said(b"<urlset/>", headers={"Content-Length": "900"}),
    "half a gzip": Said(gzip.compress(b"<urlset/>" * 99)[:-9]),
    "a bomb": Said(gzip.compress(b" " * 2_000_000)),
    "entities": Said(b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><urlset>&e;</urlset>'),
    "gone": Said(b"", 404),
    "refused": Said(b"", 403),
    "moved inside": Said(b"", 302, {"Location": "http://10.1.2.3/sitemap.xml"}),
    "a loop": Said(b"", 302, {"Location": "/sitemap.xml"}),
}


@pytest.mark.parametrize("said", BROKEN.values(), ids=BROKEN)
def test_a_sitemap_that_is_none_changes_nothing(
    site: Site, copy: Copy, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is one line for the admin."""
    monkeypatch.setattr("bot.live.asking.LARGEST", 1_000_000)
    two_pages(site)
    brought(site, copy)
    site.answers["/sitemap.xml"] = said
    with pytest.raises(TroubleError) as trouble:
        brought(site, copy)
    assert "\n" not in str(trouble.value)
    assert titles(copy) == {"help-a-vpn", "help-a-wifi"}


def test_sitemaps_within_sitemaps_and_packed_ones_are_read(site: Site, copy: Copy) -> None:
    """An index names them; those of other hosts are passed over."""
    two_pages(site)
    packed = gzip.compress(site.answers["/sitemap.xml"].body)
    site.answers["/deep.xml.gz"] = Said(packed, headers={"Content-Type": "application/x-gzip"})
    places = (f"{site.base}/deep.xml.gz", "http://elsewhere.example/s.xml")
    rows = "".join(f"<sitemap><loc>{each}</loc></sitemap>" for each in places)
    site.answers["/sitemap.xml"] = Said(f"<sitemapindex>{rows}</sitemapindex>".encode())
    brought(site, copy)
    assert titles(copy) == {"help-a-vpn", "help-a-wifi"}


def test_sitemaps_without_an_end_are_left(site: Site, copy: Copy) -> None:
    """Each names one deeper."""
    for depth in range(9):
        row = f"<sitemap><loc>{site.base}/{depth}.xml</loc></sitemap>"
        at = f"/{depth - 1}.xml" if depth else "/sitemap.xml"
        site.answers[at] = Said(f"<sitemapindex>{row}</sitemapindex>".encode())
    with pytest.raises(TroubleError, match="without an end"):
        brought(site, copy)


def test_what_robots_may_not_read_is_left_out_and_said(site: Site, copy: Copy) -> None:
    """As is what the page itself keeps from lists, other hosts, and what is no page."""
    two_pages(site)
    site.sitemap(("/a/vpn", ""), ("/private/x", ""), ("/a/file.pdf", ""), ("/a/quiet", ""))
    body = site.answers["/sitemap.xml"].body
    other = b"<url><loc>http://elsewhere.example/x</loc></url></urlset>"
    site.answers["/sitemap.xml"] = Said(body.replace(b"</urlset>", other))
    site.answers["/robots.txt"] = Said(b"User-agent: *\nDisallow: /private/\nCrawl-delay: 2\n")
    site.answers["/private/x"] = page("Secret", "Not for robots.")
    site.answers["/a/file.pdf"] = Said(b"%PDF", headers={"Content-Type": "application/pdf"})
    site.answers["/a/quiet"] = Said(
        b'<meta name="robots" content="noindex">', headers={"Content-Type": "text/html"}
    )
    waited: list[float] = []
    left = bring(source(site), copy, waited.append)
    assert left == ("Left out: 1 forbidden by robots.txt, 1 on other hosts, 2 no page of HTML.")
    assert titles(copy) == {"help-a-vpn"}
    assert "/private/x" not in site.paths
    assert set(waited) == {2.0}


@pytest.mark.parametrize(("status", "is_read"), [(404, True), (403, True), (500, False)])
def test_a_site_whose_robots_file_fails_is_left_alone(
    site: Site, copy: Copy, status: int, *, is_read: bool
) -> None:
    """One that is not there forbids nothing (RFC 9309)."""
    two_pages(site)
    site.answers["/robots.txt"] = Said(b"", status)
    if is_read:
        brought(site, copy)
    else:
        with pytest.raises(TroubleError):
            brought(site, copy)
    assert bool(titles(copy)) is is_read


def test_only_pages_within_a_path_are_wanted(site: Site, copy: Copy) -> None:
    """And a path that no page has is a mistake."""
    two_pages(site)
    brought(site, copy, within="/a/v")
    assert titles(copy) == {"help-a-vpn"}
    with pytest.raises(TroubleError, match="no page whose path begins with /b/"):
        brought(site, copy, within="/b/")


def test_paths_that_look_alike_keep_their_own_files(site: Site, copy: Copy) -> None:
    """However often they come."""
    site.sitemap(("/a/b", ""), ("/a-b", ""), ("/", ""), ("/?page=2", ""), ("/ü", ""))
    for path in ("/a/b", "/a-b", "/", "/?page=2", "/%C3%BC"):
        site.answers[path] = page(path, "Words.")
    brought(site, copy)
    first = titles(copy)
    brought(site, copy)
    assert titles(copy) == first
    assert len(first) == 5
    assert {"help-home", "help-a-b"} <= first


def test_an_address_inside_is_not_asked_unless_it_is_named(site: Site, copy: Copy) -> None:
    """As for calendars and targets."""
    two_pages(site)
    with pytest.raises(TroubleError, match="name the host under `internal`"):
        brought(site, copy, reach=Reach())
    assert site.asked == []
