"""What the agents took, by their own log (`Load --samples FILE`), against what the seed gives back."""
import json
import os
import sqlite3
import time

METRIC = "system.cpu.load_average.1m"


def iso(second):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))


class Truth:
    """The log of one process of Load. Read anew each time it is asked."""

    def __init__(self, path, killed=False):
        self.path, self.killed = path, killed
        self.samples, self.acked = {}, {}
        self.read()

    def read(self):
        self.samples, self.acked = {}, {}
        with open(self.path) as f:
            for line in f:
                part = line.split()
                if not line.endswith("\n"):
                    break
                if part[0] == "S":
                    self.samples.setdefault(part[1], {})[int(part[2])] = (float(part[3]), int(part[4]))
                else:
                    self.acked[part[1]] = int(part[2])
        return self

    def complete(self, before):
        """Nodes whose every sample taken before this second is acked."""
        self.read()
        return [n for n, s in self.samples.items()
                if self.acked.get(n, 0) >= max((b for t, (_, b) in s.items() if t < before), default=0)]

    def lag(self):
        """The most seconds that an agent's newest ack is behind its newest sample."""
        self.read()
        return max((max(s) - max((t for t, (_, b) in s.items() if b <= self.acked.get(n, 0)), default=min(s)) for n, s in self.samples.items()), default=0)


def history(cluster, node, first, last, step=1):
    """{second: (min, avg, max)}."""
    r = cluster.tui("history", node, METRIC, "--from", iso(first), "--to", iso(last + 1), "--step", "%ds" % step, "--json")
    if r.returncode != 0:
        raise SystemExit("history of %s: %s" % (node, r.stderr.strip()))
    return {p[0] // 1000: tuple(p[1:]) for p in json.loads(r.stdout)["points"]}


class Verdict:
    """Counts what was compared; `wrong` says what must not be."""

    def __init__(self):
        self.samples = self.unacked_lost = self.missed = self.blocks = self.sealed = 0
        self.worst_loss = 0
        self.wrong = []

    def __str__(self):
        text = "%d samples compared, %d blocks of agents and %d of the seed, %d ticks not sampled" % (self.samples, self.blocks, self.sealed, self.missed)
        if self.unacked_lost:
            text += ", %d taken but never acked are not there (at most %d of a node)" % (self.unacked_lost, self.worst_loss)
        return text + (": VIOLATED: " + "; ".join(self.wrong[:5]) + (" … %d in all" % len(self.wrong) if len(self.wrong) > 5 else "") if self.wrong else ": held")


def compare(cluster, truths, may_lose=0):
    """Every acked sample is in the history, once and with its value; nothing else is. Of a killed process up to may_lose unacked ones of a node may be lost."""
    v = Verdict()
    for node in sorted({n for t in truths for n in t.samples}):
        taken, certain, lives = {}, set(), []
        for t in truths:
            mine = t.samples.get(node, {})
            lives.append((t, mine))
            for second, (value, block) in mine.items():
                taken.setdefault(second, []).append(value)
                if not t.killed or block <= t.acked.get(node, 0):
                    certain.add(second)
        first, last = min(taken), max(taken)
        points = history(cluster, node, first - 30, last + 30)
        v.samples += len(taken)
        v.missed += last - first + 1 - len(taken)
        for second in sorted(points.keys() - taken.keys()):
            v.wrong.append("%s has a value at %d that nobody took" % (node, second))
        for second in sorted(points.keys() & taken.keys()):
            low, mean, high = points[second]
            value = taken[second][0]
            if max(abs(low - value), abs(mean - value), abs(high - value)) > 0.0005:
                v.wrong.append("%s at %d is %s, was %s" % (node, second, points[second], value))
        lost = taken.keys() - points.keys()
        for second in sorted(lost & certain):
            v.wrong.append("%s at %d is lost" % (node, second))
        for t, mine in lives:
            gone = len([s for s in lost - certain if s in mine])
            v.unacked_lost += gone
            v.worst_loss = max(v.worst_loss, gone)
            if gone > may_lose:
                v.wrong.append("%s lost %d unacked samples of one life, %d may be" % (node, gone, may_lose))
        # A sample that is counted twice pulls the mean of its ten seconds off.
        start = (first // 10 + 1) * 10
        for second, (_, mean, _) in history(cluster, node, start, last, 10).items():
            there = [taken[s][0] for s in range(second, second + 10) if s in taken and s in points]
            if there and abs(mean - sum(there) / len(there)) > 0.0005:
                v.wrong.append("%s: mean of 10 s from %d is %s, not %s" % (node, second, mean, sum(there) / len(there)))
    check_journal(cluster, v)
    return v


def check_journal(cluster, v):
    """Each block of an agent is stored once, in sequence, and no two blocks of a process share a second."""
    lives = {}
    with sqlite3.connect("file:%s?mode=ro" % os.path.join(cluster.data, "seed", "journal.db"), uri=True) as db:
        for key, message in db.execute("SELECT persistence_id, message FROM journal WHERE persistence_id LIKE 'node-%' AND manifest = ? ORDER BY ordering", (BLOCK_STORED,)):
            stored = fields(message)
            if stored.get(3):
                v.sealed += 1
                continue
            block = fields(stored[1])
            v.blocks += 1
            lives.setdefault((key, block[2]), []).append((block[3], block[4], block[5]))
    for (key, _), blocks in lives.items():
        numbers = [b[0] for b in blocks]
        if len(set(numbers)) != len(numbers):
            v.wrong.append("%s has a block twice" % key)
        if numbers != sorted(numbers) or numbers[-1] - numbers[0] + 1 != len(numbers):
            v.wrong.append("%s has blocks out of sequence" % key)
        for a, b in zip(blocks, blocks[1:]):
            if b[1] <= a[2]:
                v.wrong.append("%s: blocks %d and %d share seconds" % (key, a[0], b[0]))


BLOCK_STORED = "j8"


def fields(message):
    """A protobuf message as {field number: last value}; varints as int, fixed64 as int, the rest as bytes."""
    found, at = {}, 0

    def varint(at):
        value = shift = 0
        while True:
            value |= (message[at] & 0x7F) << shift
            at += 1
            if message[at - 1] < 0x80:
                return value, at
            shift += 7

    while at < len(message):
        key, at = varint(at)
        kind = key & 7
        if kind == 0:
            value, at = varint(at)
        elif kind == 1:
            value, at = int.from_bytes(message[at:at + 8], "little"), at + 8
        elif kind == 2:
            size, at = varint(at)
            value, at = message[at:at + size], at + size
        else:
            raise ValueError("wire type %d" % kind)
        found[key >> 3] = value
    return found
