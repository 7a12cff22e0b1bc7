#!/usr/bin/env python3
"""From the start of the seed's process on a terminal to this machine's own numbers on the screen.

usage: bench/first-screen.py [--rounds 5] [--no-publish]
Each round starts with an empty data folder: certificates and database are made within the time.
"""
import os
import re
import shutil
import sys
import tempfile
import time

from cluster import free_port, percentile, program, publish
from screen import Screen


def main():
    rounds = int(sys.argv[sys.argv.index("--rounds") + 1]) if "--rounds" in sys.argv else 5
    publish("Seed")
    drawn, numbers = [], []
    for _ in range(rounds):
        folder = tempfile.mkdtemp(prefix="clustermonitor-bench-")
        start = time.time()
        screen = Screen([program("Seed"), "--data", os.path.join(folder, "data"), "--port", str(free_port()), "--name", "this-machine"], 120, 40)
        first = None
        while screen.read():
            text = screen.text()
            first = first or ("nodes" in text and time.time() - start)
            row = next((r for r in text.splitlines() if "this-machine" in r), "")
            if re.search(r"\bup\b.*\d+%", row):
                drawn.append(first)
                numbers.append(time.time() - start)
                break
        else:
            raise SystemExit("the seed ended:\n" + screen.text())
        screen.send("q")
        while screen.read():
            pass
        os.waitpid(screen.pid, 0)
        shutil.rmtree(folder)
    print("first frame: median %.2f s; own numbers: median %.2f s, max %.2f s" % (percentile(drawn, 50), percentile(numbers, 50), max(numbers)))


main()
