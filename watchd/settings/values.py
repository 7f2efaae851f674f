"""The values of settings: what each kind accepts, and what becomes of it."""

import ipaddress
import re
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints

from watchd.clock import SteeredClock

PLACEHOLDERS = ("url", "size", "file", "type", "category", "tmdb_id", "season")
"""Of a template for the addresses of pictures."""


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only be this machine."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Listen(NamedTuple):
    """Where our HTTP listens; an empty host is every interface, port 0 a free port of the system's choice."""

    host: str
    port: int

    @property
    def loopback(self) -> bool:
        return is_loopback(self.host)


def _listen(value: object) -> object:
    if isinstance(value, Listen):
        return value
    match = re.fullmatch(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9._-]*)):(?P<port>\d{1,5})", str(value).strip())
    if match is None or int(match["port"]) > 65535:
        raise ValueError("neither host:port nor [address]:port")
    if match["v6"]:
        return Listen(str(ipaddress.IPv6Address(match["v6"])), int(match["port"]))
    return Listen(match["host"], int(match["port"]))


def _hosts(value: object) -> object:
    """Host names from text with commas, or from a list in TOML."""
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list | tuple):
        raise ValueError("no list of names")  # noqa: TRY004 - pydantic reports ValueError alone
    found = tuple(str(name).strip().lower() for name in names if str(name).strip())
    if not all(re.fullmatch(r"[a-z0-9._-]+", name) for name in found):
        raise ValueError("a host is a name without a port")
    return found


def _names(value: object) -> object:
    """Names from text with commas, or from a list in TOML."""
    return tuple(name.strip() for name in value.split(",") if name.strip()) if isinstance(value, str) else value


def _name(value: object) -> object:
    """Ids may be written as the numbers they are."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise ValueError("no http or https URL with a host and without a user")
    if parts.query or parts.fragment or re.search(r"[\s\x00-\x1f]", value):
        raise ValueError("a base URL has no query, fragment or space")
    if parts.port == 0:
        raise ValueError("port 0 cannot be called")
    return value.rstrip("/")


def _template(value: str) -> str:
    """A URL whose host is settled: placeholders stand in its path and query alone."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None or "{" in parts.netloc:
        raise ValueError("no http or https URL with a host and without a user")
    if re.fullmatch(r"[!-~]+", value) is None:
        raise ValueError("not made of visible ASCII characters alone")
    if re.search(r"[{}]", re.sub(rf"\{{({'|'.join(PLACEHOLDERS)})\}}", "", value)):
        raise ValueError("a placeholder in it is unknown")
    return value


def _secret(value: SecretStr) -> SecretStr:
    if re.fullmatch(r"[!-~]+", value.get_secret_value()) is None:
        raise ValueError("not made of visible ASCII characters alone")
    return value


def _clock(value: str) -> str:
    SteeredClock.parse(value)
    return value


def _number(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("true and false are no numbers")  # noqa: TRY004 - pydantic reports ValueError alone
    return value


Template = Annotated[str, AfterValidator(_template)]
Url = Annotated[str, AfterValidator(_url)]
Secret = Annotated[SecretStr, AfterValidator(_secret)]
Password = Annotated[SecretStr, Field(min_length=1)]
"""What others made up may hold spaces and umlauts."""
Number = Annotated[float, BeforeValidator(_number), Field(allow_inf_nan=False)]
Word = Annotated[str, Field(min_length=1, pattern=r"^[!-~]+$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), BeforeValidator(_name)]
Names = Annotated[tuple[Name, ...], BeforeValidator(_names)]
ListenAt = Annotated[Listen, BeforeValidator(_listen)]
HostNames = Annotated[tuple[str, ...], BeforeValidator(_hosts)]
ClockText = Annotated[str, AfterValidator(_clock)]
