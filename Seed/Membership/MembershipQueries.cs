using ClusterMonitor.Messages;

namespace ClusterMonitor.Seed.Membership;

/// <summary>What can be asked of membership, and the words of its answers.</summary>
/// <param name="watch">Where the answers are.</param>
internal sealed class MembershipQueries(FleetWatch watch)
{
    private const int MaxTransitions = 100;
    private const int MaxOutages = 100;
    private const int DefaultEvents = 10_000;
    private const long LongestMaintenanceMs = 366L * 24 * 3_600_000;

    /// <summary>Why a node has its state.</summary>
    public object Ledger(LedgerQuery query, Moment now)
    {
        if (watch.Book.Find(query.NodeId) is not { } node)
        {
            return Unknown(query.NodeId);
        }

        var transitions = node.Ledger.Transitions;
        return new LedgerAnswer(
            watch.EvidenceOf(node, now),
            [.. transitions.Skip(transitions.Count - MaxTransitions).Reverse()],
            [.. node.Maintenance],
            node.FirstSeenMs,
            [.. node.Ledger.Outages(Membership.Ledger.WindowsMs[^1], now.WallMs).Reverse().Take(MaxOutages)]);
    }

    /// <summary>Transitions and refusals of a range, oldest first.</summary>
    public object Events(EventsQuery query)
    {
        if (query.ToMs < query.FromMs)
        {
            return new QueryRefused { Reason = QueryRefusal.BadRange, Text = "the range ends before it begins" };
        }

        if (query.Node.Length > 0 && watch.Book.Find(query.Node) is null)
        {
            return Unknown(query.Node);
        }

        var limit = query.Limit > 0 ? query.Limit : DefaultEvents;
        var ledgers = query.Node.Length > 0 ? [watch.Book.Find(query.Node)!] : watch.Book.Nodes.Values.ToList();
        var found = ledgers
            .SelectMany(n => n.Ledger.Transitions)
            .Where(t => t.TimeMs >= query.FromMs && t.TimeMs < query.ToMs)
            .OrderBy(t => t.TimeMs)
            .ToList();
        var answer = new EventsAnswer();
        answer.Transitions.Add(found.Skip(found.Count - limit));
        if (query.Node.Length == 0)
        {
            answer.Refusals.Add(watch.Book.Refusals.Where(r => r.TimeMs >= query.FromMs && r.TimeMs < query.ToMs));
        }

        return answer;
    }

    /// <summary>Can this be announced?</summary>
    public QueryRefused? Refusal(SetMaintenance set) => set.ForMs is < 0 or > LongestMaintenanceMs
        ? new QueryRefused { Reason = QueryRefusal.BadRange, Text = "a maintenance lasts up to 366 days; 0 ends it" }
        : null;

    /// <summary>Can this node be forgotten?</summary>
    public QueryRefused? Refusal(NodeRecord node, Moment now) => watch.IsAlive(node, now)
        ? new QueryRefused
        {
            Reason = QueryRefusal.NotAuthorized,
            Text = $"{node.Hello.Name} is connected and would be back at once: stop its agent at {node.Hello.Address} first",
        }
        : null;

    /// <summary>Says what was announced.</summary>
    public static string Announced(NodeRecord node, SetMaintenance set, long nowMs) => set.ForMs == 0
        ? $"the maintenance of {node.Hello.Name} is over"
        : $"{node.Hello.Name} is expected off until {Words.Time(nowMs + set.ForMs)} UTC";

    /// <summary>There is no such node.</summary>
    public static QueryRefused Unknown(string node) => new()
    {
        Reason = QueryRefusal.UnknownNode,
        Text = $"no node is called \"{node}\": `Tui status` lists them",
    };
}
