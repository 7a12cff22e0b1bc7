#!/usr/bin/env python3
"""Plays a fault with real processes, then compares what the agents sampled with what the seed's history says.

usage: bench/faults/run.py FAULT [--nodes 10] [--rounds N] [--seconds T] [--dice N] [--logs DIR] [--no-publish]
       bench/faults/run.py list

One line of result per fault; exit code 1 when something acked is lost, something was made up, or a time limit is not kept.
--logs keeps the seed's log and events there. What agents sampled is their own log (tests/Load --samples); see truth.py for what is compared.
"""
import os
import random
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from cluster import Cluster, program, publish, until  # noqa: E402
from truth import Truth, compare  # noqa: E402
from wire import TO_AGENTS, TO_SEED, Wire  # noqa: E402


def option(name, default):
    return type(default)(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else default


NODES, DICE = option("--nodes", 10), option("--dice", 1)
ROUNDS, SECONDS = option("--rounds", 0), option("--seconds", 0)
PATIENCE = 120


class Play:
    """A seed, and processes of Load one after another; each has a log of its own."""

    def __init__(self, cluster, nodes=NODES, prefix=()):
        self.c, self.nodes, self.prefix = cluster, nodes, list(prefix)
        self.truths, self.process = [], None
        self.dice = random.Random(DICE)
        self.violations = []

    def load(self):
        path = os.path.join(self.c.dir, "samples%d" % len(self.truths))
        open(path, "w").close()
        self.process = self.c.start(program("Load"), "--seed", "%s:%d" % (self.c.host, self.c.port), "--data", self.c.data,
                                    "--nodes", str(self.nodes), "--samples", path, prefix=self.prefix, log="load.log")
        self.truths.append(Truth(path))
        return self.process

    def begin(self, *seed_options):
        self.c.seed("--no-agent", *seed_options)
        self.load()
        self.all_up()
        time.sleep(3)

    def start_seed(self):
        """As a service manager does it: at once, without a look at whether it works."""
        c = self.c
        c.seed_process = c.start(program("Seed"), "--headless", "--host", c.host, "--port", str(c.port), "--data", c.data, "--no-agent", log="seed.log")

    def kill_seed(self):
        self.c.seed_process.kill()
        self.c.seed_process.wait()

    def kill_load(self):
        self.process.kill()
        self.process.wait()
        self.truths[-1].killed = True

    def all_up(self, timeout=PATIENCE):
        """Seconds until every node is up and its newest sample is younger than 2 s."""
        t = time.time()

        def live():
            s = self.c.status()
            return s and sum(n["state"] == "up" and n["metrics"]["load1"] is not None for n in s["nodes"]) >= self.nodes
        until("%d nodes live" % self.nodes, live, timeout, 0.2)
        return time.time() - t

    def caught_up(self, timeout=PATIENCE):
        """Seconds until all that was sampled before now is acked, but for the block that is open."""
        t = time.time()
        now = int(t)
        until("the backlog", lambda: len(self.truths[-1].complete(now)) == self.nodes, timeout, 0.2)
        return time.time() - t

    def limit(self, what, seen, most):
        if seen > most:
            self.violations.append("%s took %.1f s, %.0f s are allowed" % (what, seen, most))
        return seen

    def errors(self):
        with open(os.path.join(self.c.dir, "seed.log"), errors="replace") as f:
            return sum(" error " in line.lower() or " err " in line.lower() for line in f)

    def keep(self, folder):
        os.makedirs(folder, exist_ok=True)
        for log in ("seed.log", "load.log"):
            shutil.copy(os.path.join(self.c.dir, log), folder)
        with open(os.path.join(folder, "events"), "w") as f:
            f.writelines("%s\n" % e for e in self.c.events())

    def end(self, name, saw, may_lose=0):
        """Ends the agents in good order, compares, prints the line."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)
        if "--logs" in sys.argv:
            self.keep(os.path.join(option("--logs", ""), name))
        for truth in self.truths:
            truth.read()
        verdict = compare(self.c, self.truths, may_lose)
        verdict.wrong = self.violations + verdict.wrong
        print("%-14s %s; %s" % (name, saw, verdict), flush=True)
        return not verdict.wrong


def seed_kill():
    """seed kill -9 at random moments during ingest, started again at once"""
    rounds = ROUNDS or 20
    with Cluster() as c:
        p = Play(c)
        p.begin()
        for _ in range(rounds):
            # Also while it starts and recovers: half of the lives are shorter than a start.
            time.sleep(p.dice.uniform(0.1, 6))
            p.kill_seed()
            p.start_seed()
        up = p.all_up()
        late = p.caught_up()
        return p.end("seed-kill", "%d kills, %d agents; after the last: live in %.1f s, backlog in %.1f s" % (rounds, p.nodes, up, late))


def agent_kill():
    """agents kill -9, started again as the same nodes: the seed seals the tail it saw live"""
    rounds = ROUNDS or 5
    with Cluster() as c:
        p = Play(c)
        p.begin()
        for _ in range(rounds):
            time.sleep(p.dice.uniform(5, 12))
            p.kill_load()
            p.load()
            p.all_up()
        # One that does not come back: sealed when it is down.
        time.sleep(p.dice.uniform(5, 12))
        p.kill_load()
        until("all down", lambda: list(c.states().values()).count("down") == p.nodes, 60, 0.5)
        # The sample that was being taken when the process ended may have left nobody.
        return p.end("agent-kill", "%d kills, %d agents" % (rounds + 1, p.nodes), may_lose=1)


def both_kill():
    """seed and agents kill -9 together, both started again"""
    rounds = ROUNDS or 5
    with Cluster() as c:
        p = Play(c)
        p.begin()
        for _ in range(rounds):
            time.sleep(p.dice.uniform(5, 15))
            p.kill_load()
            p.kill_seed()
            p.start_seed()
            p.load()
            p.all_up()
        # What was in no block yet, and a block on its way, are lost with both.
        return p.end("both-kill", "%d kills of both, %d agents" % (rounds, p.nodes), may_lose=20)


def behind_wire(name, seconds, inflict, heal, expect=()):
    with Wire() as wire, Cluster(host=wire.host) as c:
        p = Play(c, prefix=wire.prefix)
        p.begin()
        inflict(wire)
        time.sleep(seconds)
        seen = {e["to"] for e in c.events()}
        lag = p.truths[-1].lag()
        heal(wire)
        up = p.all_up()
        late = p.caught_up()
        p.limit("rejoining", up, 15)
        for state in expect:
            if state not in seen:
                p.violations.append("nobody was seen " + state)
        return p.end(name, "%d s, %d agents, %d packets dropped, acks %d s behind; states seen %s; healed: live in %.1f s, backlog in %.1f s" % (
            seconds, p.nodes, wire.dropped, lag, "/".join(sorted(seen)), up, late))


def cut():
    """all packets dropped for a time, both ways"""
    seconds = SECONDS or 60
    return behind_wire("cut", seconds, lambda w: w.cut.update((TO_SEED, TO_AGENTS)), lambda w: w.cut.clear(),
                       ("unreachable", "down") if seconds >= 40 else ("unreachable",))


def one_way():
    """packets lost in one direction only: first to the seed, then to the agents"""
    seconds = SECONDS or 40
    a = behind_wire("one-way-in", seconds, lambda w: w.cut.add(TO_SEED), lambda w: w.cut.clear(), ("unreachable",))
    b = behind_wire("one-way-out", seconds, lambda w: w.cut.add(TO_AGENTS), lambda w: w.cut.clear())
    return a and b


def slow():
    """300 ms more per direction and every twentieth packet lost"""
    def worse(wire):
        wire.delay, wire.loss = 0.3, 0.05

    def better(wire):
        wire.delay, wire.loss = 0.0, 0.0
    return behind_wire("slow", SECONDS or 60, worse, better)


def outage():
    """the seed stopped for a time: live within 5 s of its start, backlog complete within 60 s"""
    seconds, nodes = SECONDS or 60, option("--nodes", 20)
    with Cluster() as c:
        p = Play(c, nodes)
        p.begin()
        c.seed_process.terminate()
        c.seed_process.wait(30)
        time.sleep(seconds)
        t = time.time()
        p.start_seed()
        until("the seed to answer", c.status, PATIENCE)
        answered = time.time() - t
        up = p.limit("live", p.all_up(), 5)
        late = p.limit("the backlog", up + p.caught_up(), 60)
        return p.end("outage", "%d s, %d agents; the seed answered in %.1f s, then all live in %.1f s, backlog in %.1f s" % (seconds, nodes, answered, up, late))


def full_disk():
    """the data folder on a full tmpfs, then freed"""
    seconds = SECONDS or 20
    with Cluster() as c:
        os.mkdir(c.data)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m,mode=755", "tmpfs", c.data], check=True)
        try:
            p = Play(c)
            p.begin()
            ballast = os.path.join(c.data, "ballast")
            with open(ballast, "wb", buffering=0) as f:
                try:
                    while True:
                        f.write(bytes(4096))
                except OSError:
                    pass
            before = p.errors()
            time.sleep(seconds)
            errors = p.errors() - before
            os.remove(ballast)
            up, late = p.all_up(), p.caught_up()
            p.limit("live again", up, 40)
            if errors > 8:
                p.violations.append("%d errors in the log of the seed" % errors)
            return p.end("full-disk", "%d s, %d agents, %d errors logged; freed: live in %.1f s, backlog in %.1f s; availability %s" % (
                seconds, p.nodes, errors, up, late, availability(c)))
        finally:
            for process in c.started:
                if process.poll() is None:
                    process.kill()
                    process.wait()
            subprocess.run(["umount", "-l", c.data], check=True)


def availability(c):
    values = [n["availability"]["1h"] for n in c.status()["nodes"]]
    return "%.3f to %.3f" % (min(values), max(values))


def locked():
    """another program holds the database locked for 15 s"""
    seconds = SECONDS or 15
    with Cluster() as c:
        p = Play(c)
        p.begin()
        other = subprocess.Popen([sys.executable, "-c", "import sqlite3, sys, time; d = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30);"
                                  "d.execute('BEGIN EXCLUSIVE'); print('locked', flush=True); time.sleep(float(sys.argv[2])); d.execute('ROLLBACK')",
                                  os.path.join(c.data, "seed", "journal.db"), str(seconds)], stdout=subprocess.PIPE)
        other.stdout.readline()
        before = p.errors()
        other.wait()
        errors = p.errors() - before
        up, late = p.all_up(), p.caught_up()
        return p.end("locked", "%d s, %d agents, %d errors logged; unlocked: live in %.1f s, backlog in %.1f s; availability %s" % (
            seconds, p.nodes, errors, up, late, availability(c)))


def reconnect():
    """many agents come back at once after a kill -9 of the seed"""
    nodes = option("--nodes", 50)
    with Cluster() as c:
        p = Play(c, nodes)
        p.begin()
        p.kill_seed()
        p.start_seed()
        until("the seed to answer", c.status, PATIENCE)
        up, late = p.all_up(), p.caught_up()
        return p.end("reconnect", "%d agents: all live %.1f s after the seed answered, backlog in %.1f s" % (nodes, up, late))


FAULTS = {"seed-kill": seed_kill, "agent-kill": agent_kill, "both-kill": both_kill, "cut": cut, "one-way": one_way, "slow": slow,
          "outage": outage, "full-disk": full_disk, "locked": locked, "reconnect": reconnect}


def main():
    name = sys.argv[1] if len(sys.argv) > 1 else "list"
    if name not in FAULTS:
        print(__doc__.strip() + "\n\n" + "\n".join("  %-12s %s" % (n, f.__doc__) for n, f in FAULTS.items()))
        return 0 if name == "list" else 2
    publish("Seed", "Tui", "Load")
    try:
        return 0 if FAULTS[name]() else 1
    except (TimeoutError, subprocess.TimeoutExpired) as e:
        print("%-14s VIOLATED: %s" % (name, e), flush=True)
        return 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main())
