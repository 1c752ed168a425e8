"""Connections that lead to public addresses only, whatever a name or a redirect says.

A name is looked up once: the address that was checked is the one that is connected to.
"""

from __future__ import annotations

import http.client
import socket
import urllib.request
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.desk.errors import FrontlineError

if TYPE_CHECKING:
    from collections.abc import Callable

Address = IPv4Address | IPv6Address
Found = tuple[Any, ...]
"""As `socket.getaddrinfo` gives it: family, kind, protocol, name, and the address last."""


class InsideError(FrontlineError):
    """A host leads inside a network, and nobody said that it may."""


NAT64 = ip_network("64:ff9b::/96")


@dataclass(frozen=True)
class Reach:
    """Which hosts may be asked: public ones, and those inside that the configuration names."""

    inside: tuple[str, ...] = ()
    """Names of hosts, addresses and networks."""
    look_up: Callable[..., list[Found]] = field(default=socket.getaddrinfo)
    named: str = "in the rota"
    """Where the configuration names those inside."""

    def places(self, host: str, port: int) -> list[Found]:
        """Look a host up, and give its addresses if all of them may be asked.

        Raises:
            InsideError: one of them may not.
            OSError: there is no such host.
        """
        found = self.look_up(host, port, type=socket.SOCK_STREAM)
        for *_, place in found:
            address = ip_address(str(place[0]).partition("%")[0])
            if not self._may_ask(host, address):
                raise InsideError(
                    f"{host} leads to {address}, which is inside a network and no public address; "
                    f"name the host under `internal` {self.named} if it is meant."
                )
        return found

    def _may_ask(self, host: str, address: Address) -> bool:
        if is_public(address) or host.casefold() in {each.casefold() for each in self.inside}:
            return True
        return any(address in network for network in map(_network, self.inside) if network)


def is_public(address: Address) -> bool:
    """Whether anybody on the internet could ask an address; what hides another is that other."""
    if isinstance(address, IPv6Address):
        hidden = address.ipv4_mapped or address.sixtofour
        if hidden is None and address in NAT64:
            hidden = IPv4Address(address.packed[-4:])
        if hidden is not None:
            return is_public(hidden)
    return address.is_global and not address.is_multicast


def _network(named: str) -> Any:
    try:
        return ip_network(named, strict=False)
    except ValueError:
        return None


class Opener:
    """Opens web addresses within a reach; `close` ends what is still under way."""

    def __init__(self, reach: Reach, *, follows: bool = True) -> None:
        """Prepare; redirects go through the same check, and files of this machine through none.

        One that does not follow takes a redirect for a refusal.
        """
        self._reach = reach
        self._sockets: list[socket.socket] = []
        self.is_cut = False
        # What administrators set for this machine is trusted, and looks names up itself.
        proxies = urllib.request.getproxies()
        self._proxies = {urlsplit(each).hostname for each in proxies.values()}
        self._opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(proxies),
            _Handler(self),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
            *((urllib.request.HTTPRedirectHandler(),) if follows else ()),
            urllib.request.UnknownHandler(),
        ):
            self._opener.add_handler(handler)

    def open(self, request: urllib.request.Request, timeout: float) -> Any:
        """Open an address; raises as urllib does, and InsideError where it may not be asked."""
        return self._opener.open(request, timeout=timeout)

    def close(self) -> None:
        """Cut every connection, from whatever thread."""
        self.is_cut = True
        for each in self._sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def connected(self, place: tuple[str, int], timeout: Any, *_: Any) -> socket.socket:
        """Connect to a host, at an address that was checked."""
        host, port = place
        if host in self._proxies:
            made = socket.create_connection(place, timeout)
        else:
            made = self._at_one_of(self._reach.places(host, port), timeout)
        self._sockets.append(made)
        return made

    def _at_one_of(self, found: list[Found], timeout: Any) -> socket.socket:
        failure = OSError("no address")
        for family, kind, protocol, _, place in found:
            made = socket.socket(family, kind, protocol)
            try:
                made.settimeout(timeout)
                made.connect(place)
            except OSError as error:
                made.close()
                failure = error
            else:
                return made
        raise failure


class _Handler(urllib.request.HTTPSHandler, urllib.request.HTTPHandler):
    def __init__(self, opener: Opener) -> None:
        super().__init__()
        self._mine = opener

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._plain, req)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._secure, req)

    def _plain(self, host: str, **how: Any) -> http.client.HTTPConnection:
        return self._checked(http.client.HTTPConnection(host, **how))

    def _secure(self, host: str, **how: Any) -> http.client.HTTPConnection:
        return self._checked(http.client.HTTPSConnection(host, **how))

    def _checked(self, connection: Any) -> http.client.HTTPConnection:
        # http.client keeps this apart so that tests and tools may connect in their own way.
        connection._create_connection = self._mine.connected  # noqa: SLF001
        return connection  # type: ignore[no-any-return]
