"""A cable between this machine and a network namespace, whose quality can be changed while it is used.

Two TUN devices, and a thread that carries each packet from one to the other: late, not at all, or in one direction only.
It needs root, iproute2 and /dev/net/tun, but neither netfilter nor netem, which many kernels lack.
"""
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import threading
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
TO_SEED, TO_AGENTS = "to the seed", "to the agents"


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)


class Wire:
    """`host` is this side's address, where a seed listens; commands with `prefix` run on the other side."""

    def __init__(self, tag="w", subnet=91, dice=1):
        self.namespace = "cm%s%d" % (tag, os.getpid())
        self.host, self.other = "10.77.%d.1" % subnet, "10.77.%d.2" % subnet
        self.prefix = ["ip", "netns", "exec", self.namespace]
        self.delay, self.loss = 0.0, 0.0
        self.cut = set()
        self.carried, self.dropped = 0, 0
        self.dice = random.Random(dice)
        self.ended = False

    def __enter__(self):
        ip("netns", "add", self.namespace)
        near, far = "cmn%d" % os.getpid(), "cmf%d" % os.getpid()
        self.near, self.far = self.tun(near), self.tun(far)
        ip("addr", "add", self.host + "/24", "dev", near)
        ip("link", "set", near, "up")
        ip("link", "set", far, "netns", self.namespace)
        ip("-n", self.namespace, "addr", "add", self.other + "/24", "dev", far)
        ip("-n", self.namespace, "link", "set", far, "up")
        ip("-n", self.namespace, "link", "set", "lo", "up")
        self.thread = threading.Thread(target=self.carry, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended = True
        self.thread.join(5)
        os.close(self.near)
        os.close(self.far)
        ip("netns", "del", self.namespace)

    @staticmethod
    def tun(name):
        fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
        return fd

    def carry(self):
        late, number = [], 0
        while not self.ended:
            wait = 0.2 if not late else min(0.2, max(0.0, late[0][0] - time.monotonic()))
            for fd in select.select([self.near, self.far], [], [], wait)[0]:
                packet = os.read(fd, 65536)
                direction, to = (TO_AGENTS, self.far) if fd == self.near else (TO_SEED, self.near)
                if direction in self.cut or self.dice.random() < self.loss:
                    self.dropped += 1
                    continue
                number += 1
                heapq.heappush(late, (time.monotonic() + self.delay, number, to, packet))
            while late and late[0][0] <= time.monotonic():
                _, _, to, packet = heapq.heappop(late)
                self.carried += 1
                try:
                    os.write(to, packet)
                except OSError:
                    self.dropped += 1
