"""Which addresses a webhook may have: named ones of the administrator's list, in one plain spelling. Opens nothing."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import NamedTuple
from urllib.parse import urlsplit

PORTS = {"https": 443, "http": 80}
PLAIN = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@/%?")


# numbers that carry another within them, which a gateway may unpack: NAT64, 6to4, Teredo
GATEWAYS = [ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]


class Target(NamedTuple):
    """An address taken apart: what is connected to, and what is asked for there."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def named(self) -> str:
        """The host as the list and the request name it."""
        usual = self.port == PORTS[self.scheme]
        return self.host if usual else f"{self.host}:{self.port}"


def read(address: str) -> Target | None:
    """The address taken apart; nothing for any spelling that two programs might read in two ways."""
    if not set(address) <= PLAIN | {"[", "]"} or "\\" in address:
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    if parts.scheme not in PORTS or not host or "@" in parts.netloc or host.endswith("."):
        return None
    if not address.lower().startswith(f"{parts.scheme}://{parts.netloc.lower()}"):
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port if port is not None else PORTS[parts.scheme], path)


def is_listed(target: Target, hosts: Iterable[str]) -> bool:
    """Whether the administrator's list names this very host (and port, if it is not the usual one)."""
    return target.named in {host.lower() for host in hosts}


def may_be_reached(number: str, inner: Iterable[str]) -> bool:
    """Whether a connection may go to this number: one of the public net, or of an inner net the administrator named."""
    try:
        found = ip_address(number.partition("%")[0])
    except ValueError:
        return False
    plain = getattr(found, "ipv4_mapped", None) or found
    if is_inner(str(plain), inner):
        return True
    hides_another = any(plain.version == 6 and plain in net for net in GATEWAYS)
    return plain.is_global and not plain.is_multicast and not hides_another


def is_inner(number: str, inner: Iterable[str]) -> bool:
    found = ip_address(number)
    nets = (ip_network(net) for net in inner)
    return any(found.version == net.version and found in net for net in nets)
