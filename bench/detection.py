#!/usr/bin/env python3
"""How soon a lost agent is seen: kill -9, clean stop, SIGSTOP, a forgiven pause, and dropped packets.

usage: bench/detection.py [--rounds 5] [--no-publish]
The times are those of the seed's own events (`Tui events --json`), less the moment of the fault; same clock, same machine.
Dropped packets need root and iproute2 (a network namespace of their own); without them that row says so.
"""
import calendar
import os
import signal
import subprocess
import sys
import time

from cluster import Cluster, percentile, publish, until

ROUNDS = int(sys.argv[sys.argv.index("--rounds") + 1]) if "--rounds" in sys.argv else 5


def unix(iso):
    seconds, rest = iso.rstrip("Z").split(".")
    return calendar.timegm(time.strptime(seconds, "%Y-%m-%dT%H:%M:%S")) + float("0." + rest)


def first(cluster, node, state, after):
    for e in cluster.events():
        if e["node"] == node and e["to"] == state and unix(e["time"]) >= after - 0.05:
            return unix(e["time"]) - after
    return None


def up(cluster, name):
    until("%s to be up" % name, lambda: cluster.states().get(name) == "up")


def fault(cluster, name, inflict, states, process_options=(), prefix=()):
    agent = cluster.agent(name, *process_options, prefix=prefix)
    up(cluster, name)
    time.sleep(3)
    t = time.time()
    inflict(agent)
    return agent, {s: until("%s %s" % (name, s), lambda s=s: first(cluster, name, s, t), 40, 0.2) for s in states}


def show(title, rows):
    for state in rows[0]:
        v = [r[state] for r in rows]
        print("%-28s %-12s min %6.3f s   median %6.3f s   max %6.3f s" % (title, state, min(v), percentile(v, 50), max(v)), flush=True)


def namespace(tag, subnet):
    ns, a, b = "cm%s" % tag, "cm%sa" % tag, "cm%sb" % tag
    for c in (["netns", "add", ns], ["link", "add", a, "type", "veth", "peer", "name", b, "netns", ns],
              ["addr", "add", "10.77.%d.1/24" % subnet, "dev", a], ["link", "set", a, "up"],
              ["-n", ns, "addr", "add", "10.77.%d.2/24" % subnet, "dev", b], ["-n", ns, "link", "set", b, "up"], ["-n", ns, "link", "set", "lo", "up"]):
        subprocess.run(["ip"] + c, check=True)
    return ns, a, "10.77.%d.1" % subnet


def main():
    publish("Seed", "NodeAgent", "Tui")
    with Cluster() as c:
        c.seed("--no-agent")
        show("kill -9", [fault(c, "k%d" % i, lambda p: p.kill(), ["suspect", "unreachable", "down"])[1] for i in range(ROUNDS)])
        show("SIGTERM", [fault(c, "t%d" % i, lambda p: p.terminate(), ["left"])[1] for i in range(ROUNDS)])
        show("SIGSTOP", [fault(c, "s%d" % i, lambda p: p.send_signal(signal.SIGSTOP), ["suspect", "unreachable"])[1] for i in range(ROUNDS)])

        suspicions = 0
        for i in range(ROUNDS):
            name = "p%d" % i
            agent, _ = fault(c, name, lambda p: p.send_signal(signal.SIGSTOP), [])
            t = time.time()
            time.sleep(2)
            agent.send_signal(signal.SIGCONT)
            time.sleep(2)
            suspicions += any(first(c, name, s, t) is not None for s in ("suspect", "unreachable", "down"))
        print("%-28s %d of %d pauses raised a suspicion" % ("SIGSTOP 2 s, SIGCONT", suspicions, ROUNDS), flush=True)

    if os.geteuid() != 0 or subprocess.run(["which", "ip"], capture_output=True).returncode != 0:
        print("packets dropped: not measured, needs root and iproute2")
        return
    ns, link, host = namespace("det", 7)
    try:
        with Cluster(host=host) as c:
            c.seed("--no-agent")
            rows = []
            for i in range(ROUNDS):
                subprocess.run(["ip", "link", "set", link, "up"], check=True)
                # The route into the namespace is lost with the link; frames vanish as on a cut cable.
                agent, seen = fault(c, "n%d" % i, lambda p: subprocess.run(["ip", "-n", ns, "link", "set", "cm" + "detb", "down"], check=True),
                                    ["suspect", "unreachable"], prefix=["ip", "netns", "exec", ns])
                rows.append(seen)
                subprocess.run(["ip", "-n", ns, "link", "set", "cmdetb", "up"], check=True)
                agent.kill()
            show("packets dropped", rows)
    finally:
        subprocess.run(["ip", "netns", "del", ns])


main()
