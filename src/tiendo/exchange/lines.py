"""The one way out of this house: to a listed host, at the number its name had just now, without redirects, and not for long."""

import contextlib
import socket
import threading
from http.client import HTTPException
from typing import Any

import urllib3
from django.conf import settings
from urllib3.connection import HTTPConnection, HTTPSConnection

from tiendo.exchange.addresses import Target, is_inner, is_listed, may_be_reached, read

CONNECT, WHOLE = 5, 15  # seconds


class Unreached(Exception):
    """Why nobody answered: one word, kept with the delivery."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


def post(address: str, body: bytes, headers: dict[str, str]) -> int:
    """Send it, and give what the other side answered."""
    target = read(address)
    if target is None or not is_listed(target, settings.WEBHOOK_HOSTS):
        raise Unreached("unlisted")
    connection = connection_to(target, number_of(target))
    too_late = threading.Event()
    alarm = threading.Timer(WHOLE, cut, [connection, too_late])
    alarm.daemon = True
    alarm.start()
    try:
        connection.request(
            "POST", target.path, body=body, headers={"Host": target.named, **headers}
        )
        return int(connection.getresponse().status)
    except (urllib3.exceptions.HTTPError, HTTPException, OSError, ValueError) as fault:
        raise Unreached(kind_of(fault, was_cut=too_late.is_set())) from None
    finally:
        alarm.cancel()
        connection.close()


def kind_of(fault: Exception, *, was_cut: bool) -> str:
    """What went wrong, in the word that is kept; the library counts a refused connection among the slow ones."""
    if isinstance(fault, urllib3.exceptions.NewConnectionError):
        return "unreached"
    if was_cut or isinstance(fault, (TimeoutError, urllib3.exceptions.TimeoutError)):
        return "slow"
    words = f"{type(fault).__name__} {fault}".lower()
    return "certificate" if "ssl" in words or "certificate" in words else "unreached"


def cut(connection: Any, too_late: threading.Event) -> None:
    """Whoever drips is cut off."""
    too_late.set()
    with contextlib.suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def number_of(target: Target) -> str:
    """The number to connect to: asked once, and every number the name has must be one that may be reached."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreached("no-name") from None
    numbers = [str(one[4][0]) for one in found]
    if not numbers or not all(may_be_reached(one, settings.WEBHOOK_NETWORKS) for one in numbers):
        raise Unreached("private")
    if target.scheme == "http" and not is_inner(numbers[0], settings.WEBHOOK_NETWORKS):
        raise Unreached("open-line")
    return numbers[0]


def connection_to(target: Target, number: str) -> HTTPConnection:
    """To this number and no other, whatever the name says a moment later; the certificate must be the name's."""
    if target.scheme == "http":
        return HTTPConnection(number, target.port, timeout=CONNECT)
    return HTTPSConnection(
        number,
        target.port,
        timeout=CONNECT,
        cert_reqs="CERT_REQUIRED",
        server_hostname=target.host,
        assert_hostname=target.host,
    )
