using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Fleet;

namespace ClusterMonitor.Seed.Membership;

/// <summary>supervisor -> keeper: it is recovered, can write, and watches.</summary>
internal sealed record MembershipReady;

/// <summary>supervisor -> keeper: the journal could not keep or give what it should; the supervisor stops.</summary>
internal sealed record MembershipFailed(string Why);

/// <summary>
/// Keeps a <see cref="MembershipSupervisor"/> alive: one whose journal failed is started anew, with growing pauses, and
/// the operator is told. While there is none, questions are refused and the rest is lost: agents say hello again.
/// </summary>
internal sealed class MembershipKeeper : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Props _supervisor;
    private readonly ICanTell _fleet;
    private readonly Action<string?> _outcome;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IActorRef? _child;
    private int _failures;
    private string? _why;

    /// <summary>Makes the keeper.</summary>
    /// <param name="supervisor">How to make the supervisor.</param>
    /// <param name="fleet">Shows the warning.</param>
    /// <param name="outcome">Told how each start went: null, or what is wrong.</param>
    public MembershipKeeper(Props supervisor, ICanTell fleet, Action<string?> outcome)
    {
        _supervisor = supervisor;
        _fleet = fleet;
        _outcome = outcome;
        Receive<MembershipReady>(_ =>
        {
            if (_why is not null)
            {
                _log.Info("Availability is kept again");
            }

            _failures = 0;
            _why = null;
            Warn("");
            _outcome(null);
        });
        Receive<MembershipFailed>(failed =>
        {
            // It stops; what it would still be given is lost with it.
            _child = null;
            if (_why != failed.Why)
            {
                _log.Error("Availability is not kept: {0}", failed.Why);
            }

            _why = failed.Why;
            Warn("availability is not kept: " + failed.Why);
            _outcome(failed.Why);
        });
        Receive<Terminated>(_ =>
        {
            _child = null;
            _failures++;
            Timers.StartSingleTimer(nameof(Begin), new Begin(), Pause(_failures));
        });
        Receive<Begin>(_ => StartChild());
        ReceiveAny(message =>
        {
            if (_child is { } child)
            {
                child.Forward(message);
            }
            else if (message is LedgerQuery or EventsQuery or SetMaintenance or ForgetNode or WatchEnds)
            {
                Sender.Tell(new QueryRefused { Text = "the journal of availability can't be used now: the seed's log says why, and it tries again" });
            }
        });
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() => StartChild();

    private static TimeSpan Pause(int failures)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(failures - 1, 8));
        return pause < LongestPause ? pause : LongestPause;
    }

    private void StartChild()
    {
        _child = Context.ActorOf(_supervisor, "supervisor");
        Context.Watch(_child);
    }

    private void Warn(string text) => _fleet.Tell(new WarningRaised(SeedPaths.Membership, text), Self);

    private sealed record Begin;
}
