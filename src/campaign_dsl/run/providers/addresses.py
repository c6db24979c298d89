"""Which network addresses a provider may be at."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_NAT64 = IPv6Network("64:ff9b::/96")
_UNICAST = IPv6Network("2000::/3")


def is_public(text: str) -> bool:
    """Whether an IP address is one of the public internet.

    IPv6 addresses that carry an IPv4 address (mapped, NAT64, 6to4) are judged by what they carry; of the rest only
    global unicast (2000::/3) counts, so that forms nobody thought of are refused.

    Args:
        text: an address as `socket.getaddrinfo` gives it, with or without a zone.
    """
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        inner = _carried(address)
        if inner is None:
            return address in _UNICAST and address.is_global
        address = inner
    return address.is_global and not address.is_multicast


def _carried(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
