using Actors.Clustering;

namespace EngineTests.Clustering;

/// <summary>
/// Bare protocols under whatever can happen to machines and networks, from a seed each. Afterwards, when all is quiet, everyone who lives
/// agrees on who that is. As the programs do, a supervisor downs what is unreachable for long, and a system that was removed is restarted.
/// </summary>
public sealed class ChaosTests
{
    private const int Steps = 40;

    public static TheoryData<int, int> Batches
    {
        get
        {
            var data = new TheoryData<int, int>();
            foreach (var seeds in new[] { 1, 2, 3 })
            {
                for (var batch = 0; batch < 2; batch++)
                {
                    data.Add(seeds, batch);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void After_any_faults_all_who_live_agree(int seeds, int batch)
    {
        for (var i = 0; i < 10; i++)
        {
            var number = (batch * 10) + i;
            try
            {
                new Run(number, seeds, agents: 5, voterRole: "seed").Play();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {number} with {seeds} seeds: {e.Message}", e);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void After_any_faults_all_who_live_agree_also_where_everyone_votes(int batch)
    {
        for (var i = 0; i < 10; i++)
        {
            var number = 1000 + (batch * 10) + i;
            try
            {
                new Run(number, seeds: 3, agents: 4, voterRole: "").Play();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {number}: {e.Message}", e);
            }
        }
    }

    private sealed class Run
    {
        private readonly VirtualCluster _cluster;
        private readonly Random _dice;
        private readonly string[] _seedHosts;
        private readonly string[] _hosts;
        private readonly bool _ring;
        private readonly Dictionary<string, VirtualNode> _current = [];
        private readonly List<(string A, string B)> _blocks = [];
        private readonly List<string> _trace = [];

        public Run(int number, int seeds, int agents, string voterRole)
        {
            _dice = new Random(number);
            _ring = voterRole.Length == 0;
            _cluster = new VirtualCluster(number, voterRole) { Latency = TimeSpan.FromMilliseconds(_dice.Next(1, 30)) };
            _seedHosts = [.. Enumerable.Range(0, seeds).Select(i => $"s{i}")];
            _hosts = [.. _seedHosts, .. Enumerable.Range(0, agents).Select(i => $"a{i}")];
        }

        public void Play()
        {
            try
            {
                foreach (var host in _hosts)
                {
                    Start(host);
                }

                _cluster.Run(TimeSpan.FromSeconds(_dice.Next(20)));
                for (var i = 0; i < Steps; i++)
                {
                    Step();
                    Wait(TimeSpan.FromMilliseconds(_dice.Next(1, 8000)));
                }

                Quiet();
                Check();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{e.Message}\n{string.Join("\n", _trace)}\n{string.Join("\n", _current.Values)}", e);
            }
        }

        private void Start(string host)
        {
            Say($"start {host}");

            // Where everyone votes, founding twice would make two clusters; with one seed there is nobody to find.
            string[] seeds = [.. _seedHosts];
            _current[host] = _cluster.Add(host, host[0] == 's' ? "seed" : "agent", seeds);
        }

        private void Step()
        {
            var host = _hosts[_dice.Next(_hosts.Length)];
            var other = _hosts[_dice.Next(_hosts.Length)];
            var node = _current[host];
            switch (_dice.Next(10))
            {
                // The only seed that knows the cluster must not vanish: that is another cluster then, tested elsewhere.
                case 0 when node.IsAlive && MayGo(host):
                    Say($"kill {host}");
                    node.Kill();
                    break;
                // Nor may the first seed be started where it can't ask the others: it would found a second cluster, as it would with Akka.NET.
                case 1 when !node.IsAlive && MayStart(host):
                    Start(host);
                    break;
                case 2 when node.IsAlive:
                    Say($"pause {host}");
                    node.Pause();
                    Wait(TimeSpan.FromMilliseconds(_dice.Next(1, 10_000)));
                    Say($"resume {host}");
                    node.Resume();
                    break;
                case 3 or 4 when host != other:
                    Say($"block {host} {other}");
                    _cluster.Block(host, other);
                    _blocks.Add((host, other));
                    break;
                case 5 when host != other:
                    Say($"block {host} -> {other}");
                    _cluster.BlockOneWay(host, other);
                    _blocks.Add((host, other));
                    break;
                case 6 when _blocks.Count > 0:
                    Unblock();
                    break;
                case 7 when node.IsAlive && host != other && _current[other].IsAlive:
                    Say($"close {host} {other}");
                    node.Close(_current[other]);
                    break;
                case 8 when node.IsAlive && MayGo(host):
                    Say($"leave {host}");
                    node.Leave();
                    break;
                default:
                    break;
            }
        }

        private bool MayGo(string host) =>
            !_seedHosts.Contains(host)
            || (_seedHosts.Length > 1 && _seedHosts.Count(s => s != host && _current[s].IsAlive && _current[s].Protocol is { IsStopped: false }) == _seedHosts.Length - 1);

        private bool MayStart(string host) => host != _seedHosts[0] || !_blocks.Any(b => _seedHosts.Contains(b.A) && _seedHosts.Contains(b.B));

        private void Unblock()
        {
            var (a, b) = _blocks[^1];
            _blocks.RemoveAll(x => x == (a, b) || x == (b, a));
            Say($"unblock {a} {b}");
            _cluster.Unblock(a, b);
        }

        /// <summary>Time passes, with programs that restart what was removed and a supervisor that downs what is gone.</summary>
        private void Wait(TimeSpan time)
        {
            for (var end = _cluster.Now + time; _cluster.Now < end;)
            {
                _cluster.Run(TimeSpan.FromMilliseconds(250));
                foreach (var host in _hosts.Where(h => _current[h] is { Stopped: not null, IsAlive: false } && MayStart(h)))
                {
                    Say($"restart {host} after {_current[host].Stopped}");
                    Start(host);
                }

                if (_cluster.Now.Seconds % 20 == 0)
                {
                    Supervise();
                }
            }
        }

        private void Supervise()
        {
            // Only members that are dead for certain are downed: who downs the living by mistake is told so, which is tested elsewhere.
            foreach (var seed in _seedHosts.Select(s => _current[s]).Where(s => s.IsAlive && s.Protocol is not null))
            {
                foreach (var gone in _cluster.Nodes.Where(n => !n.IsAlive && seed.IsUnreachable(n) && seed.StatusOf(n) is not MemberStatus.Down))
                {
                    Say($"{seed.Host} downs {gone.Host}");
                    seed.Down(gone);
                }
            }
        }

        private void Quiet()
        {
            Say("quiet");
            while (_blocks.Count > 0)
            {
                Unblock();
            }

            foreach (var host in _hosts.Where(h => !_current[h].IsAlive))
            {
                Start(host);
            }

            Wait(TimeSpan.FromSeconds(90));
        }

        private void Check()
        {
            var living = _hosts.Select(h => _current[h]).ToArray();
            foreach (var node in living)
            {
                Assert.True(node.IsAlive, $"{node.Host} is dead");
                var members = node.View.Members.Select(m => $"{m.UniqueAddress} {m.Status}").Order().ToArray();
                Assert.Equal(living.Select(n => $"{n.Self} Up").Order().ToArray(), members);
                Assert.Empty(node.View.Unreachable);
                Assert.Equal(living[0].View.Leader, node.View.Leader);
                Assert.True(_ring || node.View.Leader!.HasRole("seed"));
            }

            foreach (var node in _cluster.Nodes)
            {
                var removed = new HashSet<UniqueAddress>();
                foreach (var happened in node.Events.OfType<ClusterEvent.IMemberEvent>())
                {
                    Assert.False(happened is not ClusterEvent.MemberRemoved && removed.Contains(happened.Member.UniqueAddress), $"{happened} on {node.Host} after its removal");
                    if (happened is ClusterEvent.MemberRemoved { PreviousStatus: MemberStatus.Down or MemberStatus.Exiting })
                    {
                        removed.Add(happened.Member.UniqueAddress);
                    }
                }
            }
        }

        private void Say(string what) => _trace.Add($"{_cluster.Now.TotalSeconds - 3600:0.000} {what}");
    }
}
