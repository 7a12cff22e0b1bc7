using ClusterMonitor.Hosting;

namespace ClusterMonitor.NodeAgent;

/// <summary>
/// Keeps an agent in its cluster, for ever: makes an actor system, joins the seeds, and when that system has no future (downed, quarantined,
/// cut off, or its seed was replaced) makes another one in the same process and on the same port. What matters lives in <see cref="AgentState"/>.
/// </summary>
internal sealed class AgentHost
{
    /// <summary>Who says it, in the log.</summary>
    public const string LogSource = "agent";

    private readonly AgentOptions _options;
    private readonly AgentState _state;
    private readonly AgentSurroundings _around;
    private int _port;

    public AgentHost(AgentOptions options, AgentState state, AgentSurroundings around)
    {
        _options = options;
        _state = state;
        _around = around;
        _port = options.Port;
    }

    /// <summary>The address of the actor system that runs now; null between two.</summary>
    public Address? Address { get; private set; }

    /// <summary>Runs until it is asked to stop, and then leaves the cluster in good order.</summary>
    /// <exception cref="UserError">It cannot even start: no certificate, port in use.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        var certificate = _options.Data.AgentCertificate(_options.Name);
        _options.Data.CheckReadable(certificate.Certificate, "join with the line that Seed token create prints on the seed's machine, or, on that machine, start Seed with the same --data first");
        var backoff = new Backoff(_around.Dice);
        var first = true;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var host = _options.Host ?? await FindHost(stop).ConfigureAwait(false);
                var life = await RunOnce(EngineConfig.ForAgent(_options.Settings, certificate, host, _port), certificate, stop).ConfigureAwait(false);
                first = false;
                if (life > TimeSpan.FromMinutes(1))
                {
                    backoff.Reset();
                }
            }
            catch (Exception e) when (!first && e is not OperationCanceledException)
            {
                // What worked once will work again: the port is taken for a moment, the address is gone while a cable is out.
                Say($"cannot listen on port {_port} just now: {e.Message}");
                if (_options.Port == 0 && backoff.Attempts > 5)
                {
                    _port = 0;
                }
            }
            catch (Exception e) when (e is RemoteTransportException or ConfigurationException)
            {
                throw new UserError(e.Message, e);
            }

            await SampleDuring(backoff.Wait(_around.Time, stop)).ConfigureAwait(false);
        }
    }

    // Between two actor systems nobody else has a timer: a seed that is away for long must not cost a second of what it cannot see.
    private async Task SampleDuring(Task gap)
    {
        var sampler = new Sampler(_state, _around.Time);
        while (await Task.WhenAny(gap, Task.Delay(sampler.UntilNext, _around.Time, CancellationToken.None)).ConfigureAwait(false) != gap)
        {
            sampler.Wake(_ => { });
        }

        await gap.ConfigureAwait(false);
    }

    private void Say(string text) => _around.Log?.Info(LogSource, text);

    private async Task<string> FindHost(CancellationToken stop)
    {
        for (var said = ""; ;)
        {
            if (LocalAddress.Toward(_options.Seeds, out var problem) is { } address)
            {
                return address;
            }

            if (problem != said)
            {
                Say($"{problem}; still trying");
                said = problem;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), _around.Time, stop).ConfigureAwait(false);
        }
    }

    // One life of an actor system; gives how long it was.
    private async Task<TimeSpan> RunOnce(Config config, CertificateFiles certificate, CancellationToken stop)
    {
        var started = _around.Time.GetTimestamp();
        var ended = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var system = MonitorSystem.Start(config, _around.Log);
        try
        {
            var cluster = Cluster.Get(system);
            Address = cluster.SelfAddress;
            _port = Address.Port ?? _port;
            var seeds = _options.Seeds.Select(s => new Address(Address.Protocol, Address.System, s.Host, s.Port)).ToList();
            cluster.RegisterOnMemberRemoved(() => ended.TrySetResult("it is no longer a member of the cluster"));
            Action<string> end = why => ended.TrySetResult(why);
            system.ActorOf(Props.Create(() => new SystemWatch(end)), "system-watch");
            var uplink = new UplinkSettings([.. seeds.Select(s => $"{s}{AgentActors.LocalRegistry}")], Address.ToString());
            var patience = new LinkPatience(_around.Time, end);
            var sender = AgentActors.Start(system, _state, uplink, _around.Time, new Random(_around.Dice.Next()), patience.Hear + _around.Hear);
            _around.Started?.Invoke(system, sender);
            if (certificate != _options.Data.LocalAgentCertificate)
            {
                // The local one is renewed by the seed that made it.
                var renewal = new RenewalPlan(certificate, FileModes.OwnerFile, [.. seeds.Select(s => $"{s}/user/{RenewalPlan.DoorName}")], _around.Time);
                Action renewed = () => ended.TrySetResult("its certificate was renewed");
                system.ActorOf(Props.Create(() => new CertificateRenewal(renewal, renewed)), "renewal");
            }

            cluster.JoinSeedNodes(seeds);

            using (stop.Register(() => ended.TrySetResult("")))
            {
                var why = await ended.Task.ConfigureAwait(false);
                if (why.Length > 0)
                {
                    Say($"joins the cluster anew: {why}");
                }
            }
        }
        finally
        {
            Address = null;
            var again = !stop.IsCancellationRequested;
            var shut = Shut(system, again);
            await (again ? SampleDuring(shut) : shut).ConfigureAwait(false);
        }

        return _around.Time.GetElapsedTime(started);
    }

    // In good order if that is quick, and by force if it is not.
    private async Task Shut(ActorSystem system, bool again)
    {
        CoordinatedShutdown.Reason reason = again ? CoordinatedShutdown.ClusterDowningReason.Instance : CoordinatedShutdown.ClrExitReason.Instance;
        var orderly = CoordinatedShutdown.Get(system).Run(reason);
        try
        {
            await orderly.WaitAsync(TimeSpan.FromSeconds(5), _around.Time).ConfigureAwait(false);
            await system.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(2), _around.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await system.Terminate().WaitAsync(TimeSpan.FromSeconds(2), _around.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

/// <summary>What an agent takes from the program around it.</summary>
/// <param name="Time">Both clocks.</param>
/// <param name="Dice">For jitter; used by one thread.</param>
/// <param name="Log">For host and actors; null = nobody listens.</param>
/// <param name="Hear">Hears what becomes of the link, on an actor's thread; null = nobody does.</param>
/// <param name="Started">Gets each new actor system and its uplink; null = nobody does.</param>
internal sealed record AgentSurroundings(
    TimeProvider Time,
    Random Dice,
    ProgramLog? Log,
    Action<UplinkReport>? Hear = null,
    Action<ActorSystem, IActorRef>? Started = null);

/// <summary>Hears of quarantine: the seed speaks with this actor system no more, only with another one.</summary>
internal sealed class SystemWatch : ReceiveActor
{
    public SystemWatch(Action<string> end)
    {
        Receive<ThisActorSystemQuarantinedEvent>(e => end($"{e.RemoteAddress} has quarantined it"));
        Receive<QuarantinedEvent>(e => end($"it has quarantined {e.Address}"));
    }

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(QuarantinedEvent));
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);
}

/// <summary>
/// Decides from the uplink's reports when an actor system has no future: its seed was replaced, or no seed has answered for a minute
/// after one had: after a long cut, a fresh start is surer than any repair.
/// </summary>
internal sealed class LinkPatience(TimeProvider time, Action<string> end)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private bool _accepted;
    private long? _lostAt;

    public void Hear(UplinkReport report)
    {
        switch (report)
        {
            case UplinkReport.Accepted:
                _accepted = true;
                _lostAt = null;
                break;
            case UplinkReport.Lost:
                _lostAt ??= time.GetTimestamp();
                break;
            case UplinkReport.SeedReplaced:
                end("the seed was started anew");
                break;
            case UplinkReport.Unanswered when _accepted && _lostAt is { } lost && time.GetElapsedTime(lost) > Patience:
                end("no seed has answered for a minute");
                break;
        }
    }
}

/// <summary>Pauses between lives: none at first, then doubling from 0.5 s to 10 s, each with jitter.</summary>
internal sealed class Backoff(Random dice)
{
    public int Attempts { get; private set; }

    public void Reset() => Attempts = 0;

    public TimeSpan Next()
    {
        var pause = Attempts++ == 0 ? 0 : Math.Min(10_000, 250 * Math.Pow(2, Math.Min(Attempts, 10) - 1));
        return TimeSpan.FromMilliseconds(pause * (0.8 + (0.4 * dice.NextDouble())));
    }

    public async Task Wait(TimeProvider time, CancellationToken stop) =>
        await Task.Delay(Next(), time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
