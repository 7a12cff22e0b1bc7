using System.Globalization;
using Actors.Core;
using Simulation.World;

namespace Simulation.Programs;

/// <summary>An actor that notices when it is run after it was stopped.</summary>
internal abstract class WorkloadActor : UntypedActor, IWithTimers
{
    private bool _stopped;

    protected WorkloadActor(Process process, Journal journal) => (Process, Journal) = (process, journal);

    public ITimerScheduler Timers { get; set; } = null!;

    protected Process Process { get; }

    protected Journal Journal { get; }

    protected sealed override void OnReceive(object message)
    {
        if (_stopped)
        {
            Journal.Add(new RanAfterStop(Process.Now, Process.Host, Process.Life, $"{GetType().Name} got {message}"));
        }

        Handle(message);
    }

    protected override void PostStop() => _stopped = true;

    protected abstract void Handle(object message);
}

/// <summary>Sends 1, 2, 3, … to the sinks of all seeds.</summary>
internal sealed class Chatter : WorkloadActor
{
    private readonly IReadOnlyList<Address> _seeds;
    private long _number;

    public Chatter(Process process, Journal journal, IReadOnlyList<Address> seeds)
        : base(process, journal) => _seeds = seeds;

    protected override void PreStart() => Timers.StartPeriodicTimer("next", "next", TimeSpan.FromMilliseconds(700));

    protected override void Handle(object message)
    {
        _number++;
        foreach (var seed in _seeds)
        {
            Context.ActorSelection($"{seed}/user/sink").Tell(_number.ToString(CultureInfo.InvariantCulture));
        }
    }
}

/// <summary>Writes down what chatters say, and watches them.</summary>
internal sealed class Sink : WorkloadActor
{
    private readonly Dictionary<IActorRef, string> _names = [];

    public Sink(Process process, Journal journal)
        : base(process, journal)
    {
    }

    protected override void Handle(object message)
    {
        switch (message)
        {
            case Terminated ended when _names.Remove(ended.ActorRef, out var name):
                Journal.Add(new Watching(Process.Now, Process.Host, Process.Life, name, Ended: true));
                break;
            case string text:
                if (!_names.TryGetValue(Sender, out var from))
                {
                    // With the incarnation: two lives of a process are two actors.
                    _names[Sender] = from = $"{Sender.Path.Address.Host ?? Process.Host}/{Sender.Path.Uid}";
                    Context.Watch(Sender);
                    Journal.Add(new Watching(Process.Now, Process.Host, Process.Life, from, Ended: false));
                }

                Journal.Add(new Received(Process.Now, Process.Host, Process.Life, from, long.Parse(text, CultureInfo.InvariantCulture)));
                break;
            default:
                break;
        }
    }
}
