"""Connections to the outside alone: the address that is connected to is looked at, not the name."""

import asyncio
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

from httpcore import SOCKET_OPTION, AnyIOBackend, AsyncNetworkBackend, AsyncNetworkStream, ConnectError, ConnectTimeout

CONNECT_S: Final = 5.0

_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_AZURE_HOST = IPv4Address("168.63.129.16")
"""The host of a virtual machine at Azure: it looks like an address of the Internet."""


class PrivateAddressError(ConnectError):
    """The name stands for addresses inside, where nothing is sent."""


def is_public(address: str) -> bool:
    """Say whether an address is one of the open Internet: not this machine's, the local network's, or a cloud's own.

    >>> is_public("1.1.1.1"), is_public("169.254.169.254"), is_public("::ffff:127.0.0.1"), is_public("fec0::1")
    (True, False, False, False)
    """
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv4Address):
        return found.is_global and not found.is_multicast and found != _AZURE_HOST
    inner = _inside(found)
    return is_public(str(inner)) if inner is not None else found in _UNICAST and found.is_global


def _inside(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that is reached by an IPv6 address, None where it is one of its own."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


class GuardedBackend(AsyncNetworkBackend):
    """Connects to addresses that were looked at: what a name stands for is asked once, and that is connected to."""

    def __init__(self, *, allow_private: bool) -> None:
        """Take whether addresses inside may be connected to."""
        self._allow_private, self._network = allow_private, AnyIOBackend()
        # A thread of its own, so that names which nobody answers for hold up nobody else's.
        self._names = ThreadPoolExecutor(1, thread_name_prefix="names")

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - as the library calls it
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        """Connect to the first address that answers."""
        failed: Exception = PrivateAddressError("the address is private; allow_private is not set")
        for address in await self._addresses(host, port):
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (ConnectError, ConnectTimeout) as error:
                failed = error
        raise failed

    async def _addresses(self, host: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._names, _asked, host, port)
        except OSError as error:
            raise ConnectError("the name cannot be found") from error
        return [address for address in found if self._allow_private or is_public(address)]

    def close(self) -> None:
        """Ask for no more names."""
        self._names.shutdown(wait=False, cancel_futures=True)


def _asked(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(where[0]) for *_, where in found))
