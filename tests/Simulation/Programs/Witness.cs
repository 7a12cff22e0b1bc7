using Actors.Clustering;
using Actors.Core;
using Simulation.World;

namespace Simulation.Programs;

/// <summary>Writes down what a process's cluster and log tell its program.</summary>
internal sealed class Witness : UntypedActor
{
    private readonly Process _process;
    private readonly Journal _journal;

    public Witness(Process process, Journal journal) => (_process, _journal) = (process, journal);

    protected override void PreStart()
    {
        Cluster.Get(Context.System).Subscribe(Self, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.IClusterDomainEvent));
        Context.System.EventStream.Subscribe(Self, typeof(LogEvent));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.IClusterDomainEvent happened:
                _journal.Add(new ClusterHappening(_process.Now, _process.Host, _process.Life, happened));
                break;
            case LogEvent log:
                _journal.Add(new Logged(_process.Now, _process.Host, _process.Life, $"[{log.LogLevel()}] {log.Message}"));
                break;
            default:
                break;
        }
    }
}
