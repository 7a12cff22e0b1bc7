using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ClusterMonitor.Hosting;
using ClusterMonitor.NodeAgent;

namespace ClusterMonitor.Load;

/// <summary>How many agents, and of what kind.</summary>
internal sealed record LoadPlan(IReadOnlyList<HostPort> Seeds, DataFolder Data, MonitorSettings Settings, int Nodes, int Metrics, TimeSpan? Duration, string Prefix, int DiceSeed, bool Probe, int Flood)
{
    /// <summary>Where every sample is written down; the load averages then tell second and node.</summary>
    public string? SampleFile { get; init; }
}

/// <summary>Many agents in one process, each with an actor system, a node id and a link of its own; only what they measure is made up.</summary>
internal sealed class LoadRun(LoadPlan plan, TimeProvider time, ProgramLog log)
{
    // More at once would measure the making of actor systems.
    private const int StartingAtOnce = 8;

    private readonly List<AgentState> _agents = [];
    private int _accepted;
    private int _lost;
    private int _refused;

    /// <summary>Runs until the time is over or a signal comes; gives what was sent and acked.</summary>
    public async Task<string> Run(CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var starting = new SemaphoreSlim(StartingAtOnce);
        using var samples = plan.SampleFile is { } path ? new SampleLog(path) : null;
        var started = time.GetTimestamp();
        var lives = Enumerable.Range(1, plan.Nodes).Select(n => Live(n, samples, starting, end.Token)).ToList();
        if (plan.Duration is { } duration)
        {
            end.CancelAfter(duration);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, time, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(lives).ConfigureAwait(false);
        var report = Report(time.GetElapsedTime(started));
        _agents.ForEach(a => a.Dispose());
        return report;
    }

    private async Task Live(int number, SampleLog? samples, SemaphoreSlim starting, CancellationToken stop)
    {
        var isProbe = plan.Probe && number == 1;
        var name = isProbe ? "probe" : string.Create(CultureInfo.InvariantCulture, $"{plan.Prefix}-{number:d4}");

        // The same numbers give the same nodes, run after run, but each process is an incarnation of its own.
        var identity = new Random(unchecked((plan.DiceSeed * 1_000_003) + number));
        var life = new Random(unchecked((int)time.GetUtcNow().Ticks ^ (number * 7919)));
        var profile = new AgentProfile(
            AgentIdentity.NewNodeId(identity),
            name,
            AgentIdentity.NewIncarnation(life),
            time.GetUtcNow().ToUnixTimeMilliseconds(),
            ProgramContext.Version,
            new MachineInfo("Load GNU/Linux 1", "6.1.0-load", 8, 16L << 30, 0),
            ImmutableSortedDictionary<string, string>.Empty.Add("rack", "r" + (number % 20)));
        ISampleSource source = new LifelikeSource(identity.Next(), plan.Metrics);
        var recorded = samples is null ? null : new RecordedSource(source, number, samples);
        var state = new AgentState(profile, recorded ?? (isProbe ? new ProbeSource(source, time) : source), new Outbox(new OutboxLimits()));
        recorded?.Of(state);
        lock (_agents)
        {
            _agents.Add(state);
        }

        var options = new AgentOptions(plan.Seeds, name, null, 0, profile.Labels, plan.Data, plan.Settings);
        var first = true;
        await starting.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await new AgentHost(options, state, new AgentSurroundings(time, life, null, Hear, plan.Flood > 0 && number == 1 ? Flood : null)).RunAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The end came before it had begun.
        }
        finally
        {
            Started();
        }

        void Flood(ActorSystem system, IActorRef uplink)
        {
            var every = TimeSpan.FromSeconds(1.0 / plan.Flood);
            system.Scheduler.Advanced.ScheduleRepeatedly(every, every, () =>
            {
                if (state.Latest is { } latest)
                {
                    uplink.Tell(latest, ActorRefs.NoSender);
                }
            });
        }

        void Hear(UplinkReport report)
        {
            switch (report)
            {
                case UplinkReport.Accepted:
                    Interlocked.Increment(ref _accepted);
                    Started();
                    break;
                case UplinkReport.Lost:
                    Interlocked.Increment(ref _lost);
                    break;
                case UplinkReport.Refused:
                    Interlocked.Increment(ref _refused);
                    log.Warning("load", $"{name} is refused");
                    break;
            }
        }

        void Started()
        {
            if (first && !stop.IsCancellationRequested)
            {
                first = false;
                starting.Release();
            }
        }
    }

    private string Report(TimeSpan elapsed)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        using (var self = Process.GetCurrentProcess())
        {
            var outboxes = _agents.Select(a => a.Outbox.Counters).ToList();
            var counters = _agents.Select(a => a.Counters()).ToList();
            json.WriteStartObject();
            json.WriteNumber("nodes", plan.Nodes);
            json.WriteNumber("metrics", _agents.Count == 0 ? 0 : _agents[0].Latest?.Schema.Count ?? 0);
            json.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 1));
            json.WriteNumber("accepted", _accepted);
            json.WriteNumber("lost_links", _lost);
            json.WriteNumber("refused", _refused);
            json.WriteNumber("samples", _agents.Sum(a => a.Taken));
            json.WriteNumber("missed_ticks", counters.Sum(c => c.MissedTicks));
            json.WriteNumber("late_ticks", counters.Sum(c => c.LateTicks));
            json.WriteNumber("blocks_sealed", outboxes.Sum(o => o.LastSequence));
            json.WriteNumber("blocks_acked", outboxes.Sum(o => o.AckedSequence));
            json.WriteNumber("block_bytes_sealed", outboxes.Sum(o => o.SealedBytes));
            json.WriteNumber("thinned_samples", outboxes.Sum(o => o.ThinnedSamples));
            json.WriteNumber("shed_samples", outboxes.Sum(o => o.ShedSamples));
            json.WriteNumber("cpu_ms_per_node_and_s", Math.Round(self.TotalProcessorTime.TotalMilliseconds / Math.Max(1, plan.Nodes * elapsed.TotalSeconds), 3));
            json.WriteNumber("rss_mib", Math.Round(self.WorkingSet64 / 1048576.0, 1));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
