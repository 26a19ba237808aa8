"""Exam mode: from which networks an assignment opens, and with which password. Pure.

The address is the one that the server saw; behind a proxy, the one that a trusted proxy names
(the server decides that, FORWARDED_ALLOW_IPS). Staff need neither. Both end with the exam.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.utils.translation import gettext as _

MOST_NETWORKS = 64


class Gate(StrEnum):
    """Whether somebody may open an exam now."""

    OPEN = "open"
    NETWORK = "network"  # from another network
    PASSWORD = "password"  # noqa: S105 -- after the password


def read_networks(text: str) -> list[str]:
    """Networks in CIDR notation, separated by space or comma, each once, in a plain form.

    Raises: ValueError, naming the one that cannot be read.
    """
    found: list[str] = []
    for word in text.replace(",", " ").split():
        try:
            network = str(ip_network(word))
        except ValueError as error:
            message = _("“{text}” is no network such as 10.20.0.0/16: {why}.")
            raise ValueError(message.format(text=word[:60], why=error)) from error
        if network not in found:
            found.append(network)
    if len(found) > MOST_NETWORKS:
        raise ValueError(_("At most {most} networks are possible.").format(most=MOST_NETWORKS))
    return found


def is_within(address: str, networks: Sequence[str]) -> bool:
    """Whether an address is in one of the networks; an address that is none is in none."""
    try:
        own = ip_address(address.split("%")[0])
    except ValueError:
        return False
    mapped = own.ipv4_mapped if isinstance(own, IPv6Address) else None
    known: list[IPv4Network | IPv6Network] = [ip_network(network) for network in networks]
    return any(own in network or (mapped or own) in network for network in known)
