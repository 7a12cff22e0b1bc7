using Actors.Remoting;

namespace EngineTests.Remote.Links;

public sealed class SimultaneousDialTests
{
    [Fact]
    public void Two_systems_that_dial_each_other_end_up_with_one_link_whatever_the_network_does()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var dice = new Random(seed);
            var time = new VirtualTime();
            var network = new MemoryNetwork(time, time.Post) { Latency = (_, _) => TimeSpan.FromMilliseconds(dice.Next(0, 20)) };
            var (a, b) = (new TestSystem(time, network, "a", 1), new TestSystem(time, network, "b", 2));

            a.Tell(b, "1");
            time.Advance(TimeSpan.FromMilliseconds(dice.Next(0, 30)));
            b.Tell(a, "1");
            time.Advance(TimeSpan.FromMilliseconds(dice.Next(0, 30)));
            a.Tell(b, "2");
            b.Tell(a, "2");
            time.Advance(TimeSpan.FromSeconds(5));

            Assert.True((a.LinkState(b), b.LinkState(a)) is ("dialled", "accepted") or ("accepted", "dialled"), $"seed {seed}: {a.LinkState(b)} and {b.LinkState(a)}");
            Assert.Equal(["b:1", "b:2"], a.Received);
            Assert.Equal(["a:1", "a:2"], b.Received);
            Assert.Empty(a.Dead.Concat(b.Dead));
            Assert.Empty(a.Terminated.Concat(b.Terminated));
            a.Tell(b, "3");
            b.Tell(a, "3");
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(("b:3", "a:3"), (a.Received[^1], b.Received[^1]));
        }
    }

    [Fact]
    public void Through_resets_blocks_and_dials_from_both_sides_order_is_kept_and_system_messages_arrive_once()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var dice = new Random(seed);
            var time = new VirtualTime();
            var network = new MemoryNetwork(time, time.Post) { Latency = (_, _) => TimeSpan.FromMilliseconds(dice.Next(0, 40)) };
            var (a, b) = (new TestSystem(time, network, "a", 1), new TestSystem(time, network, "b", 2));
            var (sent, system) = (0, 0);
            for (var step = 0; step < 120; step++)
            {
                switch (dice.Next(12))
                {
                    case < 4:
                        a.Tell(b, $"{sent}");
                        b.Tell(a, $"{sent++}");
                        break;
                    case < 6:
                        a.TellSystem(b, $"/{system}");
                        b.TellSystem(a, $"/{system++}");
                        break;
                    case 6:
                        network.Reset("a", "b");
                        break;
                    case 7:
                        network.Block("a", "b");
                        break;
                    case 8:
                        network.Unblock("a", "b");
                        break;
                    default:
                        time.Advance(TimeSpan.FromMilliseconds(dice.Next(0, 400)));
                        break;
                }
            }

            network.Unblock("a", "b");
            time.Advance(TimeSpan.FromSeconds(20));
            foreach (var (node, peer) in new[] { (a, "b"), (b, "a") })
            {
                Assert.True(node.System.SequenceEqual(Enumerable.Range(0, system).Select(i => $"{peer}:/{i}")), $"seed {seed}: {string.Join(' ', node.System)}");
                var numbers = node.Received.Select(r => int.Parse(r[2..], System.Globalization.CultureInfo.InvariantCulture)).ToArray();
                Assert.True(numbers.SequenceEqual(numbers.Distinct().Order()), $"seed {seed}: {string.Join(' ', numbers)}");
                Assert.Empty(node.Terminated);
            }
        }
    }
}
