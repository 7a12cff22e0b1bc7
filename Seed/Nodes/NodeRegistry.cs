using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Fleet;
using ClusterMonitor.Seed.Nodes.History;

namespace ClusterMonitor.Seed.Nodes;

/// <summary>
/// Where agents say hello. Has an aggregate for each node that is known, finds the one a request is for,
/// and starts it anew, with growing pauses, when its journal failed.
/// </summary>
internal sealed class NodeRegistry : ReceiveActor, IWithTimers
{
    private readonly NodesSettings _settings;
    private readonly NodesWorld _world;
    private readonly HistoryReader _history;
    private readonly SchemaPool _schemas = new();
    private readonly Dictionary<string, Node> _nodes = new(StringComparer.Ordinal);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private string _warning = "";

    /// <summary>Makes the registry.</summary>
    public NodeRegistry(NodesSettings settings, NodesWorld world)
    {
        _settings = settings;
        _world = world;
        var log = _log;
        _history = new HistoryReader(world.Journal, text => log.Warning("{0}", text));
        Hellos();
        Requests();
        Lifetimes();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e =>
    {
        _log.Error(e, "A node's aggregate failed and starts anew: {0}", e.Message);
        return Directive.Restart;
    });

    private void Hellos()
    {
        Receive<NodeHello>(hello =>
        {
            if (HelloRules.Problem(hello) is { } problem)
            {
                _log.Warning("A hello from {0} is refused: {1}", Sender.Path, problem);
                Sender.Tell(new HelloRefused { Reason = HelloRefusal.Invalid, Text = problem }, Self);
                return;
            }

            _world.Membership.Tell(new AgentClaims(hello, Sender), Self);
        });
        Receive<AgentAdmitted>(admitted =>
        {
            var node = Know(admitted.Hello);
            node.Admitted = admitted;
            node.Aggregate?.Tell(admitted, Self);
        });
        Receive<AgentRefused>(refused => refused.Agent.Tell(refused.Refusal, Self));
        Receive<NodesKnown>(known =>
        {
            foreach (var hello in known.Nodes.Where(h => HelloRules.IsNodeId(h.NodeId)))
            {
                Know(hello);
            }
        });
    }

    private void Requests()
    {
        Receive<AggregateQuery>(q => Forward(q.NodeId, q));
        Receive<HistoryQuery>(q => Forward(q.Node, q));
        Receive<AgentGone>(gone =>
        {
            if (_nodes.TryGetValue(gone.NodeId, out var node))
            {
                node.Admitted = node.Admitted?.Hello.Incarnation == gone.Incarnation ? null : node.Admitted;
                node.Aggregate?.Tell(gone, Self);
            }
        });
        Receive<NodeRemoved>(removed =>
        {
            if (_nodes.Remove(removed.NodeId, out var node))
            {
                Timers.Cancel(removed.NodeId);
                node.Aggregate?.Tell(removed, Self);
                Warn();
            }
        });
    }

    private void Lifetimes()
    {
        Receive<NodeReady>(ready =>
        {
            // One that could not write is well again when it has written, not when it has merely been read.
            if (_nodes.TryGetValue(ready.NodeId, out var node) && node.Why is not null && (ready.Wrote || !node.CouldNotWrite))
            {
                _log.Info("Node {0} is kept again", node.Name);
                node.Why = null;
                node.Failures = 0;
                Warn();
            }
        });
        Receive<NodeFailed>(failed =>
        {
            if (_nodes.TryGetValue(failed.NodeId, out var node))
            {
                if (node.Why != failed.Why)
                {
                    _log.Error("Node {0} is not kept: {1}", node.Name, failed.Why);
                }

                node.Why = failed.Why;
                node.CouldNotWrite = failed.Writing;
                Warn();
            }
        });
        Receive<Terminated>(ended =>
        {
            var id = ended.ActorRef.Path.Name;
            if (_nodes.TryGetValue(id, out var node))
            {
                // A node that was removed and is back already has another aggregate coming.
                node.Aggregate = null;
                node.Failures++;
                Timers.StartSingleTimer(id, new Retry(id), Pause(node.Failures));
            }
        });
        Receive<Retry>(retry =>
        {
            if (_nodes.TryGetValue(retry.NodeId, out var node) && node.Aggregate is null)
            {
                Start(retry.NodeId, node);
            }
        });
    }

    private void Forward(string nodeId, object request)
    {
        if (!_nodes.TryGetValue(nodeId, out var node))
        {
            Sender.Tell(new QueryRefused { Reason = QueryRefusal.UnknownNode, Text = "this seed knows no such node" }, Self);
        }
        else if (node.Aggregate is { } aggregate)
        {
            aggregate.Forward(request);
        }
        else
        {
            Sender.Tell(new QueryRefused { Text = $"the journal of node {node.Name} can't be used now: the seed's log says why, and it tries again" }, Self);
        }
    }

    private Node Know(NodeHello hello)
    {
        if (!_nodes.TryGetValue(hello.NodeId, out var node))
        {
            _nodes.Add(hello.NodeId, node = new Node());
            if (Context.Child(hello.NodeId).IsNobody())
            {
                Start(hello.NodeId, node);
            }
        }

        if (node.Name != hello.Name)
        {
            node.Name = hello.Name;
            node.Aggregate?.Tell(new NodeNamed(hello.Name), Self);
        }

        return node;
    }

    private void Start(string nodeId, Node node)
    {
        node.Aggregate = Context.ActorOf(Props.Create(() => new NodeAggregate(nodeId, _settings, _world, _history, _schemas)), nodeId);
        Context.Watch(node.Aggregate);
        node.Aggregate.Tell(new NodeNamed(node.Name), Self);
        if (node.Admitted is { } admitted)
        {
            // The agent learns from the answer whom to send to from now on.
            node.Aggregate.Tell(admitted, Self);
        }
    }

    private TimeSpan Pause(int failures)
    {
        var pause = _settings.RetryFrom * Math.Pow(2, Math.Min(failures - 1, 16));
        return pause < _settings.RetryTo ? pause : _settings.RetryTo;
    }

    /// <summary>One line for the operator, however many nodes the same disk is full for.</summary>
    private void Warn()
    {
        var failed = _nodes.Values.Where(n => n.Why is not null).ToList();
        var text = failed.Count switch
        {
            0 => "",
            1 => $"{failed[0].Name} is not kept: {failed[0].Why}",
            _ => $"{failed.Count} nodes are not kept: {failed[0].Why}",
        };
        if (text != _warning)
        {
            _warning = text;
            _world.Fleet.Tell(new WarningRaised(SeedPaths.Nodes, text), Self);
        }
    }

    /// <summary>A node that is known, with or without a working aggregate.</summary>
    private sealed class Node
    {
        public string Name { get; set; } = "";

        public IActorRef? Aggregate { get; set; }

        public AgentAdmitted? Admitted { get; set; }

        /// <summary>How often it ended since it was well.</summary>
        public int Failures { get; set; }

        /// <summary>Why it is not kept; null while it is.</summary>
        public string? Why { get; set; }

        public bool CouldNotWrite { get; set; }
    }

    private sealed record Retry(string NodeId);
}
