using Actors.Clustering;
using Actors.Core;
using Simulation.World;

namespace Simulation.Programs;

/// <summary>As the seed's: downs what has been unreachable for long. Agents only; nobody downs a seed but an operator.</summary>
internal sealed class Supervisor : UntypedActor, IWithTimers
{
    public static readonly TimeSpan DownAfter = TimeSpan.FromSeconds(20);
    private readonly Process _process;
    private readonly Dictionary<Member, TimeSpan> _unreachable = [];

    public Supervisor(Process process) => _process = process;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer("look", "look", TimeSpan.FromSeconds(1));
        Cluster.Get(Context.System).Subscribe(
            Self, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.ReachabilityEvent), typeof(ClusterEvent.IMemberEvent));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.UnreachableMember e when !e.Member.HasRole("seed"):
                _unreachable[e.Member] = _process.Now;
                break;
            case ClusterEvent.ReachableMember e:
                _unreachable.Remove(e.Member);
                break;
            case ClusterEvent.MemberDowned or ClusterEvent.MemberRemoved:
                _unreachable.Remove(((ClusterEvent.IMemberEvent)message).Member);
                break;
            case "look":
                foreach (var (member, since) in _unreachable)
                {
                    if (_process.Now - since >= DownAfter)
                    {
                        Cluster.Get(Context.System).Down(member.Address);
                    }
                }

                break;
            default:
                break;
        }
    }
}
