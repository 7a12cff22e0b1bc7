namespace Actors.Remoting;

/// <summary>One host's door to a <see cref="MemoryNetwork"/>.</summary>
internal sealed class MemoryTransport(MemoryNetwork network, string host, PeerIdentity identity) : ITransport
{
    private HostPort? _local;

    public string Scheme => "akka.ssl.tcp";

    internal string Host => host;

    internal PeerIdentity Identity => identity;

    public HostPort Listen(HostPort local, Action<IConnection> accepted)
    {
        var bound = network.Listen(local, accepted);
        _local = bound;
        return bound;
    }

    public void Connect(HostPort remote, TimeSpan timeout, CancellationToken cancellation, Action<IConnection?, string> done) =>
        new Dial(this, remote, done).Begin(timeout, cancellation);

    public void Close()
    {
        if (_local is { } local)
        {
            network.StopListening(local);
        }
    }

    /// <summary>One attempt: answered once, by whichever comes first.</summary>
    private sealed class Dial(MemoryTransport from, HostPort remote, Action<IConnection?, string> done)
    {
        private int _answered;

        public void Begin(TimeSpan timeout, CancellationToken cancellation)
        {
            var network = from.Network;
            network.After(timeout, () => Fail($"no answer from {remote} in {timeout.TotalSeconds:0.#} s: TCP not connected"));
            cancellation.Register(() => network.Post(() => Fail($"dialling {remote} was given up")));
            network.After(network.Latency(from.Host, remote.Host), Arrive);
        }

        private void Arrive()
        {
            var network = from.Network;
            if (network.IsBlocked(from.Host, remote.Host) || network.IsBlocked(remote.Host, from.Host))
            {
                return;
            }

            var listener = network.Listener(remote);
            if (listener is null)
            {
                Fail($"no answer from {remote}: connection refused, nothing listens there");
                return;
            }

            if (Interlocked.Exchange(ref _answered, 1) == 0)
            {
                var (here, there) = MemoryConnection.Pair(network, from.Host, remote.Host, from.Identity);
                listener(there);
                done(here, "");
            }
        }

        private void Fail(string problem)
        {
            if (Interlocked.Exchange(ref _answered, 1) == 0)
            {
                done(null, problem);
            }
        }
    }

    internal MemoryNetwork Network => network;
}
