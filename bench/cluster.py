"""Starts real seeds, agents and loads for the measurements in this folder.

The programs are published once to artifacts/bench (ReadyToRun, framework-dependent), as a user would install them.
Needs python3 and the .NET SDK only; the network-namespace helpers also need root and iproute2.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.path.join(ROOT, "artifacts", "bench")
PROJECTS = {"Seed": "Seed", "NodeAgent": "NodeAgent", "Tui": "Tui", "Load": "tests/Load"}


def publish(*names):
    """Publishes the named programs (all by default) unless --no-publish was given."""
    if "--no-publish" in sys.argv:
        return
    for name in names or PROJECTS:
        subprocess.run(["dotnet", "publish", os.path.join(ROOT, PROJECTS[name]), "-c", "Release", "-r", "linux-x64",
                        "-o", os.path.join(BIN, name), "-v", "q", "--nologo"], check=True, stdout=sys.stderr)


def program(name):
    return os.path.join(BIN, name, name)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def cpu_seconds(pid):
    """User + system seconds of a process, from the kernel's per-process clock (nanoseconds)."""
    return time.clock_gettime_ns((~pid << 3) | 2) / 1e9


def rss_mib(pid):
    with open("/proc/%d/status" % pid) as f:
        return next(int(l.split()[1]) for l in f if l.startswith("VmRSS:")) / 1024


def until(what, check, timeout=30.0, every=0.05):
    """Polls check() until it is true; fails naming what was waited for."""
    end = time.time() + timeout
    while time.time() < end:
        value = check()
        if value:
            return value
        time.sleep(every)
    raise TimeoutError("waited %gs for %s" % (timeout, what))


def percentile(values, p):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * p / 100))]


class Cluster:
    """A seed with its data folder, and what is started against it. Everything ends when the block does."""

    def __init__(self, host="127.0.0.1", prefix=()):
        self.dir = tempfile.mkdtemp(prefix="clustermonitor-bench-")
        self.data = os.path.join(self.dir, "data")
        self.host, self.port = host, free_port()
        self.prefix = list(prefix)
        self.started = []
        self.seed_process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for p in self.started:
            if p.poll() is None:
                p.send_signal(signal.SIGCONT)
                p.terminate()
        for p in self.started:
            try:
                p.wait(10)
            except subprocess.TimeoutExpired:
                p.kill()
                p.wait()
        shutil.rmtree(self.dir, ignore_errors=True)

    def start(self, *command, prefix=(), log="log"):
        out = open(os.path.join(self.dir, log), "ab")
        p = subprocess.Popen(list(prefix) + list(command), stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        self.started.append(p)
        return p

    def seed(self, *options):
        self.seed_process = self.start(program("Seed"), "--headless", "--host", self.host, "--port", str(self.port),
                                       "--data", self.data, *options, prefix=self.prefix, log="seed.log")
        until("the seed to answer", self.status)
        return self.seed_process

    def agent(self, name, *options, prefix=()):
        return self.start(program("NodeAgent"), "--seed", "%s:%d" % (self.host, self.port), "--data", self.data, "--name", name,
                          *options, prefix=prefix, log="agent-%s.log" % name)

    def load(self, *options):
        return self.start(program("Load"), "--seed", "%s:%d" % (self.host, self.port), "--data", self.data, *options, log="load.log")

    def tui(self, *arguments):
        return subprocess.run(self.prefix + [program("Tui"), *arguments, "--seed", "%s:%d" % (self.host, self.port), "--data", self.data],
                              capture_output=True, text=True, timeout=60)

    def status(self):
        r = self.tui("status", "--json")
        return json.loads(r.stdout) if r.returncode == 0 else None

    def states(self):
        s = self.status()
        return {n["name"]: n["state"] for n in s["nodes"]} if s else {}

    def events(self):
        r = self.tui("events", "--json", "--since", "1h")
        return [json.loads(l) for l in r.stdout.splitlines()] if r.returncode == 0 else []
