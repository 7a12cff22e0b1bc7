namespace EngineTests.Conformance;

/// <summary>What a program sees of a cluster, whichever engine it runs on: every member votes, nobody downs by himself.</summary>
public sealed class ClusterSpec : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private readonly List<ActorSystem> _systems = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var system in _systems)
        {
            await system.Terminate().WaitAsync(Patience);
        }
    }

    [Fact]
    public async Task A_system_that_joins_itself_is_up_and_leads()
    {
        var cluster = Start("one");
        Assert.Equal(MemberStatus.Removed, cluster.SelfMember.Status);
        var up = new TaskCompletionSource();
        cluster.RegisterOnMemberUp(up.SetResult);

        cluster.Join(cluster.SelfAddress);
        await up.Task.WaitAsync(Patience);

        await Until(() => cluster.State.Leader is not null && cluster.State.Leader.Equals(cluster.SelfAddress));
        var self = Assert.Single(cluster.State.Members);
        Assert.Equal(cluster.SelfUniqueAddress, self.UniqueAddress);
        Assert.Equal(MemberStatus.Up, self.Status);
        Assert.True(self.HasRole("one"));
        Assert.Equal(cluster.SelfAddress, cluster.State.RoleLeader("one"));
        Assert.False(cluster.IsTerminated);
    }

    [Fact]
    public async Task A_subscriber_gets_a_snapshot_or_the_past_first_and_then_what_happens()
    {
        var cluster = Start("one");
        await cluster.JoinAsync(cluster.SelfAddress).WaitAsync(Patience);
        var (snapshot, past) = (Probe(cluster), Probe(cluster));
        cluster.Subscribe(snapshot.Ref, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));
        cluster.Subscribe(past.Ref, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberUp));
        Assert.Single(Assert.IsType<ClusterEvent.CurrentClusterState>(await snapshot.NextAsync()).Members);
        Assert.Equal(cluster.SelfUniqueAddress, Assert.IsType<ClusterEvent.MemberUp>(await past.NextAsync()).Member.UniqueAddress);

        var second = Start("two");
        second.JoinSeedNodes([cluster.SelfAddress]);
        Assert.Equal(second.SelfUniqueAddress, Assert.IsType<ClusterEvent.MemberJoined>(await snapshot.NextAsync()).Member.UniqueAddress);
        Assert.Equal(second.SelfUniqueAddress, Assert.IsType<ClusterEvent.MemberUp>(await snapshot.NextAsync()).Member.UniqueAddress);
        Assert.Equal(second.SelfUniqueAddress, Assert.IsType<ClusterEvent.MemberUp>(await past.NextAsync()).Member.UniqueAddress);
    }

    [Fact]
    public async Task A_member_that_leaves_is_left_then_exited_then_removed()
    {
        var (first, second) = await Pair();
        var events = Probe(first);
        first.Subscribe(events.Ref, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberLeft), typeof(ClusterEvent.MemberExited), typeof(ClusterEvent.MemberRemoved));

        await second.LeaveAsync().WaitAsync(Patience);

        Assert.IsType<ClusterEvent.MemberLeft>(await events.NextAsync());
        Assert.IsType<ClusterEvent.MemberExited>(await events.NextAsync());
        var removed = Assert.IsType<ClusterEvent.MemberRemoved>(await events.NextAsync());
        Assert.Equal(second.SelfUniqueAddress, removed.Member.UniqueAddress);
        Assert.Equal(MemberStatus.Exiting, removed.PreviousStatus);
        Assert.True(second.IsTerminated);
    }

    [Fact]
    public async Task A_member_that_is_downed_is_removed_and_its_program_is_told()
    {
        var (first, second) = await Pair();
        var events = Probe(first);
        first.Subscribe(events.Ref, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberDowned), typeof(ClusterEvent.MemberRemoved));
        var told = new TaskCompletionSource();
        second.RegisterOnMemberRemoved(told.SetResult);

        first.Down(second.SelfAddress);

        Assert.Equal(second.SelfUniqueAddress, Assert.IsType<ClusterEvent.MemberDowned>(await events.NextAsync()).Member.UniqueAddress);
        Assert.Equal(MemberStatus.Down, Assert.IsType<ClusterEvent.MemberRemoved>(await events.NextAsync()).PreviousStatus);
        await told.Task.WaitAsync(Patience);
        Assert.True(second.IsTerminated);
    }

    [Fact]
    public async Task Terminating_a_system_makes_it_leave()
    {
        var (first, second) = await Pair();
        await second.System.Terminate().WaitAsync(Patience);
        await Until(() => first.State.Members.Count == 1);
        Assert.Empty(first.State.Unreachable);
    }

    private static async Task Until(Func<bool> condition)
    {
        for (var start = TimeProvider.System.GetTimestamp(); !condition();)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private static (IActorRef Ref, Func<Task<object>> NextAsync) Probe(Cluster cluster)
    {
        var got = System.Threading.Channels.Channel.CreateUnbounded<object>();
        var actor = cluster.System.ActorOf(Props.Create(() => new Collector(got.Writer)));
        return (actor, () => got.Reader.ReadAsync().AsTask().WaitAsync(Patience));
    }

    private async Task<(Cluster First, Cluster Second)> Pair()
    {
        var (first, second) = (Start("one"), Start("two"));
        await first.JoinAsync(first.SelfAddress).WaitAsync(Patience);
        await second.JoinSeedNodesAsync([first.SelfAddress]).WaitAsync(Patience);
        await Until(() => first.State.Members.Count(m => m.Status == MemberStatus.Up) == 2 && second.State.Members.Count(m => m.Status == MemberStatus.Up) == 2);
        return (first, second);
    }

    private Cluster Start(string role)
    {
        var system = ActorSystem.Create("clustermonitor", ConfigurationFactory.ParseString($$"""
            akka.actor.provider = cluster
            akka.loggers = []
            akka.stdout-loglevel = OFF
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
            akka.cluster { roles = [{{role}}], downing-provider-class = "", run-coordinated-shutdown-when-down = off }
            akka.coordinated-shutdown.run-by-clr-shutdown-hook = off
            """));
        _systems.Add(system);
        return Cluster.Get(system);
    }

    public sealed class Collector : UntypedActor
    {
        private readonly System.Threading.Channels.ChannelWriter<object> _got;

        public Collector(System.Threading.Channels.ChannelWriter<object> got) => _got = got;

        protected override void OnReceive(object message) => _got.TryWrite(message);
    }
}
