#!/usr/bin/env python3
"""How old a sample is when a person can see it.

usage: bench/latency.py [--seconds 60] [--nodes 20] [--flood 0] [--no-publish]
--flood N: one more agent sends N live samples a second, whose share is one; nobody else may be delayed by it.
One node of tests/Load (`--probe`) reports the second of its sample as its load average. A dashboard runs in a pty of this script;
when the number of a second first stands on the screen, the time since that second began is the sample's age: sampling, both links,
the seed, the dashboard and the terminal's bytes included. One machine, one clock.
"""
import os
import re
import select
import sys
import time

from cluster import Cluster, percentile, program, publish, until
from screen import Screen


def option(name, default):
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else default


def main():
    seconds, nodes = option("--seconds", 60), option("--nodes", 20)
    publish("Seed", "Tui", "Load")
    with Cluster() as c:
        c.seed("--no-agent")
        c.load("--nodes", str(nodes), "--metrics", "120", "--seconds", str(seconds + 120), "--probe")
        if option("--flood", 0):
            c.load("--nodes", "1", "--prefix", "flood", "--dice", "2", "--flood", str(option("--flood", 0)), "--seconds", str(seconds + 120))
            nodes += 1
        until("%d nodes up" % nodes, lambda: list(c.states().values()).count("up") == nodes, 60)
        screen = Screen([program("Tui"), "--seed", "%s:%d" % (c.host, c.port), "--data", c.data], 160, 40)
        ages, seen, end = [], set(), time.time() + seconds + 5
        begin = time.time() + 5
        while time.time() < end:
            if not select.select([screen.fd], [], [], 0.5)[0]:
                continue
            if not screen.read():
                raise SystemExit("the dashboard ended:\n" + screen.text())
            now = time.time()
            row = next((r for r in screen.text().splitlines() if "probe" in r), "")
            for number in re.findall(r"\b\d{3}(?:\.\d+)?\b", row):
                second = int(now) if int(now) % 900 + 100 == int(float(number)) else int(now) - 1
                if second % 900 + 100 == int(float(number)) and second not in seen:
                    seen.add(second)
                    if now > begin:
                        ages.append(now - second)
        screen.send("q")
        if not ages:
            raise SystemExit("the probe's number was never seen:\n" + screen.text())
        print("%d samples of %d seconds seen; age on screen: median %.0f ms, p99 %.0f ms, max %.0f ms; %.1f KB/s to the terminal" % (
            len(ages), seconds, percentile(ages, 50) * 1e3, percentile(ages, 99) * 1e3, max(ages) * 1e3, screen.bytes / (seconds + 5) / 1e3))


main()
