"""How the text of a setting becomes its value: each reads one kind, and raises ValueError for what makes no sense."""

import ipaddress
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

LEVELS = ("debug", "info", "warning", "error")
SHORTEST_KEY = 32  # characters; `openssl rand -base64 32` makes 44

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def url(*schemes: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        parts = urlsplit(value)
        hostless = parts.scheme in ("file", "postgresql", "postgres", "clamd")  # a file, or a socket
        if parts.scheme not in schemes or parts.port == 0 or not (parts.hostname or hostless):
            raise ValueError(value)  # as reading the port does when it is no number
        return value

    return parse


def public(value: str) -> str:
    parts = urlsplit(url("http", "https")(value))
    if parts.username or parts.query or parts.fragment or parts.path not in ("", "/"):
        raise ValueError(value)
    return value.rstrip("/")


def folder(value: str) -> Path:
    return Path(value).expanduser().absolute()


def store(value: str) -> str:
    return url("file", "s3", "gs", "az")(value) if "://" in value else folder(value).as_uri()


def keys(value: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in value.split(","))
    if any(len(key) < SHORTEST_KEY for key in keys) or len(set(keys)) < len(keys):
        raise ValueError
    return keys


def networks(value: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(part.strip()) for part in value.split(","))


def witnesses(value: str) -> tuple[str, ...]:
    """Files and addresses; `timestamp+` before an address is a time-stamp authority."""
    told = tuple(part.strip() for part in value.split(","))
    for each in told:
        url("file", "http", "https")(each.removeprefix("timestamp+"))
        if each.startswith("timestamp+file:"):
            raise ValueError(each)
    return told


def hosts(value: str) -> tuple[str, ...]:
    """Names of machines as browsers name them, without a port."""
    told = tuple(part.strip().lower() for part in value.split(","))
    for each in told:
        if urlsplit(f"//{each}").hostname != each.strip("[]") or not each:
            raise ValueError(each)
    return told


def scanner(value: str) -> str:
    if not urlsplit(url("clamd", "http", "https")(value)).hostname and not urlsplit(value).path:
        raise ValueError(value)
    return value


def milliseconds(value: str) -> int:
    if not value.isascii() or not value.isdecimal():
        raise ValueError(value)
    return int(value)


def level(value: str) -> str:
    return LEVELS[LEVELS.index(value.lower())]
