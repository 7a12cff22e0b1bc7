using ClusterMonitor.Hosting;
using ClusterMonitor.Messages;

namespace ClusterMonitor.Seed.Trust;

/// <summary>A message that is not delivered.</summary>
/// <param name="Why">In an operator's words; the same for the same cause.</param>
/// <param name="Answer">What its sender is told; null: nothing.</param>
internal sealed record PolicyRefusal(string Why, object? Answer);

/// <summary>
/// What a peer may say, by the role in its certificate: an agent speaks for its own node, a dashboard asks, an operator also sets maintenance
/// and forgets. All else is refused before any actor sees it. Pure. Seeds are not asked: they may say everything.
/// </summary>
internal static class RolePolicy
{
    /// <summary>Null: let it through.</summary>
    /// <param name="peer">Who says it.</param>
    /// <param name="to">The actor it is for; null when it is not one, named plainly.</param>
    /// <param name="message">What it says.</param>
    public static PolicyRefusal? Judge(PeerCard peer, ActorPath? to, object message)
    {
        var path = to?.Elements ?? [];
        return path switch
        {
            ["user", RenewalPlan.DoorName] when message is CertificateWanted && PeerRoles.All.Contains(peer.Role) => null,

            // The cluster's own actor judges by the same role who may vote; agents have nothing to say there but for themselves.
            ["system", "cluster"] when peer.Role == PeerRoles.Agent => null,
            ["user", SeedPaths.Nodes] when peer.Role == PeerRoles.Agent && message is NodeHello hello => Hello(peer, hello),
            ["user", SeedPaths.Nodes, var id] when peer.Role == PeerRoles.Agent => Stream(peer, id, message),
            ["user", SeedPaths.Dashboards] when peer.Role is PeerRoles.Dashboard or PeerRoles.Operator => Ask(peer, message),
            _ => MayNot(peer, message),
        };
    }

    private static PolicyRefusal? Hello(PeerCard peer, NodeHello hello) =>
        peer.NodeId.Length == 0 || (hello.NodeId == peer.NodeId && hello.Name == peer.Name)
            ? null
            : new PolicyRefusal(
                "an agent claims to be another node than its certificate says",
                new HelloRefused
                {
                    Reason = HelloRefusal.NotAuthorized,
                    Text = $"the certificate is for node \"{peer.Name}\" ({peer.NodeId}), not for \"{hello.Name}\" ({hello.NodeId}): "
                        + "start the agent with the name and data folder it joined with, or join anew with NodeAgent join",
                });

    private static PolicyRefusal? Stream(PeerCard peer, string id, object message)
    {
        var about = message switch
        {
            LiveSample m => m.NodeId,
            BlockOffered m => m.NodeId,
            BlocksAbandoned m => m.NodeId,
            SchemaAnnounced => id,
            _ => null,
        };
        return about is null ? MayNot(peer, message)
            : about == id && (peer.NodeId.Length == 0 || peer.NodeId == id) ? null
            : new PolicyRefusal($"an agent may not send a {message.GetType().Name} of another node", null);
    }

    private static PolicyRefusal? Ask(PeerCard peer, object message) => message switch
    {
        DashboardHello or FleetPull or NodeQuery or HistoryQuery or EventsQuery => null,
        SetMaintenance or ForgetNode when peer.Role == PeerRoles.Operator => null,
        SetMaintenance or ForgetNode => Refused(
            $"a dashboard may not send {message.GetType().Name}",
            "this needs an operator's certificate, and this one is a dashboard's: use the seed's own dashboard or Seed maintenance on its machine, "
                + "or join anew with a token of Seed token create --role operator"),
        _ => MayNot(peer, message),
    };

    private static PolicyRefusal MayNot(PeerCard peer, object message)
    {
        var role = PeerRoles.All.Contains(peer.Role) ? peer.Role : "peer of an unknown role";
        return Refused($"{(role[0] is 'a' or 'o' ? "an" : "a")} {role} may not send {message.GetType().Name} there", "the certificate does not allow this");
    }

    private static PolicyRefusal Refused(string why, string text) =>
        new(why, new QueryRefused { Reason = QueryRefusal.NotAuthorized, Text = text });
}
