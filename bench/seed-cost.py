#!/usr/bin/env python3
"""What a seed costs while many agents stream to it.

usage: bench/seed-cost.py [--nodes 200] [--metrics 120] [--seconds 60] [--warm 20] [--no-publish]
CPU is the kernel's clock of the seed's process; the load runs in a process of its own, over TLS on loopback.
"""
import json
import sys
import time

from cluster import Cluster, cpu_seconds, publish, rss_mib, until


def option(name, default):
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else default


def main():
    nodes, metrics = option("--nodes", 200), option("--metrics", 120)
    seconds, warm = option("--seconds", 60), option("--warm", 20)
    publish("Seed", "Tui", "Load")
    with Cluster() as c:
        seed = c.seed("--no-agent")
        started = time.time()
        load = c.load("--nodes", str(nodes), "--metrics", str(metrics), "--seconds", str(seconds + warm + 120))
        until("%d nodes up" % nodes, lambda: list(c.states().values()).count("up") == nodes, 120, 0.5)
        all_up = time.time() - started
        time.sleep(warm)
        cpu, t, load_cpu = cpu_seconds(seed.pid), time.time(), cpu_seconds(load.pid)
        time.sleep(seconds)
        dt = time.time() - t
        print(json.dumps({
            "nodes": nodes, "metrics": metrics, "seconds": round(dt, 1), "all_up_s": round(all_up, 1),
            "seed_cores": round((cpu_seconds(seed.pid) - cpu) / dt, 3), "seed_rss_mib": round(rss_mib(seed.pid)),
            "load_cores": round((cpu_seconds(load.pid) - load_cpu) / dt, 3),
            "states": {s: list(c.states().values()).count(s) for s in set(c.states().values())},
        }))


main()
