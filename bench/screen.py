"""A terminal just large enough to read a dashboard by: a pty, a grid of characters, and the replies a terminal gives."""
import fcntl
import os
import pty
import re
import struct
import termios
import unicodedata

CSI = re.compile(r"\x1b\[([?>=]?)([0-9;:]*)([@-~])")
OSC = re.compile(r"\x1b[\]P^_].*?(?:\x07|\x1b\\)", re.S)


class Screen:
    """Feeds on what the program writes; `rows` is what a person would see."""

    def __init__(self, command, columns=120, rows=40, env=None):
        self.columns, self.height = columns, rows
        self.grid = [[" "] * columns for _ in range(rows)]
        self.x = self.y = 0
        self.pending = ""
        self.bytes = 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update({"TERM": "xterm-256color", "LANG": "C.UTF-8", **(env or {})})
            os.execvp(command[0], command)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self):
        """Reads what is there (blocking for the first byte) and draws it. False at the end."""
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            return False
        self.bytes += len(data)
        self.feed(data.decode("utf-8", "replace"))
        return bool(data)

    def send(self, text):
        os.write(self.fd, text.encode())

    def text(self):
        return "\n".join("".join(r).rstrip() for r in self.grid)

    def feed(self, text):
        s, i = self.pending + text, 0
        self.pending = ""
        while i < len(s):
            c = s[i]
            if c == "\x1b":
                m = CSI.match(s, i) or OSC.match(s, i)
                if m:
                    if m.re is CSI:
                        self.control(*m.groups())
                    i = m.end()
                elif len(s) - i > 64 or (i + 1 < len(s) and s[i + 1] not in "[]P^_"):
                    i += 2
                else:
                    self.pending = s[i:]
                    return
                continue
            i += 1
            if c == "\r":
                self.x = 0
            elif c == "\n":
                self.y = min(self.y + 1, self.height - 1)
            elif c == "\b":
                self.x = max(0, self.x - 1)
            elif c >= " ":
                self.put(c)

    def put(self, c):
        width = 0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        if width and self.x < self.columns and self.y < self.height:
            self.grid[self.y][self.x] = c
            if width == 2 and self.x + 1 < self.columns:
                self.grid[self.y][self.x + 1] = ""
        self.x += width

    def control(self, private, arguments, final):
        n = [int(a) if a.isdigit() else 0 for a in re.split("[;:]", arguments)] if arguments else [0]
        first = max(1, n[0])
        if final in "Hf":
            self.y, self.x = max(1, n[0]) - 1, max(1, n[1] if len(n) > 1 else 1) - 1
        elif final == "A":
            self.y = max(0, self.y - first)
        elif final == "B":
            self.y = min(self.height - 1, self.y + first)
        elif final == "C":
            self.x += first
        elif final == "D":
            self.x = max(0, self.x - first)
        elif final == "G":
            self.x = first - 1
        elif final == "d":
            self.y = first - 1
        elif final == "X":
            for x in range(self.x, min(self.columns, self.x + first)):
                self.grid[self.y][x] = " "
        elif final == "K" and self.y < self.height:
            a, b = {0: (self.x, self.columns), 1: (0, self.x + 1), 2: (0, self.columns)}[n[0]]
            for x in range(a, min(b, self.columns)):
                self.grid[self.y][x] = " "
        elif final == "J" and n[0] == 2:
            self.grid = [[" "] * self.columns for _ in range(self.height)]
        elif final == "b" and self.x > 0:
            for _ in range(first):
                self.put(self.grid[self.y][self.x - 1])
        elif final == "n" and n[0] == 5:
            self.send("\x1b[0n")
