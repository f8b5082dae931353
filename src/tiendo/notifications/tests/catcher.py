"""A mail server for tests: takes every letter, keeps it, and may be slow about it."""

import email
import email.policy
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage


class Catcher(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, seconds: float = 0) -> None:
        super().__init__(("127.0.0.1", 0), Visit)
        self.seconds = seconds  # how long it thinks before it says that it took a letter
        self.letters: list[EmailMessage] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Visit(socketserver.StreamRequestHandler):
    server: Catcher

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def handle(self) -> None:
        self.say("220 catcher")
        try:
            for line in self.rfile:
                if not self.answer(line.strip().upper()):
                    return
        except OSError:  # whoever wrote was killed
            return

    def answer(self, word: bytes) -> bool:
        if word == b"DATA":
            self.say("354 go on")
            text = b"".join(iter(self.rfile.readline, b".\r\n"))
            self.server.letters.append(email.message_from_bytes(text, policy=email.policy.default))  # type: ignore[arg-type]
            time.sleep(self.server.seconds)
        self.say("221 bye" if word == b"QUIT" else "250 yes")
        return word != b"QUIT"


@contextmanager
def catching(seconds: float = 0) -> Iterator[Catcher]:
    catcher = Catcher(seconds)
    every = {"poll_interval": 0.05}
    threading.Thread(target=catcher.serve_forever, kwargs=every, daemon=True).start()
    try:
        yield catcher
    finally:
        catcher.shutdown()
        catcher.server_close()
