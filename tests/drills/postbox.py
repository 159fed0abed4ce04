"""A mail server that keeps what it was given, and can be down, slow, silent, curt or picky."""

import contextlib
import random
import re
import socketserver
import threading
import time
from email import message_from_bytes


class Postbox:
    """`arrived` counts, by Message-ID, the letters it has taken; it takes one just before it says
    so. `offered` counts those that began to come. `mood` is what it does with the next:

    up      takes it
    slow    takes it, after a twentieth of a second
    curt    takes it or not, and hangs up without a word
    picky   refuses every other one for the present
    silent  says nothing any more
    """

    def __init__(self):
        self.arrived, self.offered, self.mood = {}, 0, "up"
        self.counting = threading.Lock()
        box = self

        class Session(Conversation):
            postbox = box

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def take(self, data):
        identity = re.sub(r"\s", "", message_from_bytes(data)["Message-ID"])
        with self.counting:
            self.arrived[identity] = self.arrived.get(identity, 0) + 1

    def empty(self, mood):
        with self.counting:
            self.arrived, self.offered, self.mood = {}, 0, mood


class Conversation(socketserver.StreamRequestHandler):
    def say(self, words):
        self.wfile.write(f"{words}\r\n".encode())

    def handle(self):
        with contextlib.suppress(OSError):  # whoever was killed hears no answer
            self.say("220 a postbox")
            while line := self.rfile.readline():
                if not self.answer(line[:4].upper().strip()):
                    return

    def answer(self, word):
        """Answer one command; False to hang up."""
        if word == b"DATA":
            with self.postbox.counting:
                self.postbox.offered += 1
            self.say("354 go on")
            return self.receive()
        if word == b"QUIT":
            self.say("221 goodbye")
            return False
        if word == b"RCPT" and self.postbox.mood == "picky" and random.random() < 0.5:
            self.say("450 come again")
        else:
            self.say("250 yes")
        return True

    def receive(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        if not line:
            return False  # cut off: not a letter
        mood = self.postbox.mood
        if mood == "silent":
            self.rfile.readline()
            return False
        if mood == "slow":
            time.sleep(0.05)
        if mood == "curt" and random.random() < 0.5:
            return False
        self.postbox.take(b"".join(lines))
        if mood == "curt":
            return False
        self.say("250 taken")
        return True
