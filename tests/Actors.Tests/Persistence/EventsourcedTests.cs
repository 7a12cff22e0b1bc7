using Actors.Persistence.Stores;

namespace EngineTests.Persisting;

/// <summary>What persistent actors do when the store fails, is slow, or is shared: what only the embedded engine's seams can show.</summary>
public sealed class EventsourcedTests : IDisposable
{
    private readonly MemoryStore _store = new();
    private readonly List<ActorSystem> _systems = [];

    public void Dispose()
    {
        foreach (var system in _systems)
        {
            system.Terminate().Wait(StoreFixture.Patience);
        }
    }

    [Fact]
    public async Task A_failed_write_stops_the_actor_and_tells_why()
    {
        var system = NewSystem(_store);
        var actor = system.ActorOf(Props.Create(() => new Writer("a")));
        Assert.Equal("wrote 1", await Ask(actor, "x"));
        _store.Fault = work => work is AppendEvents ? new StoreException(StoreFault.Unavailable, "no space left") : null;

        var (failure, ended) = await FailureOf(system, actor, "y");

        Assert.Equal("2: no space left", failure);
        Assert.True(ended);
    }

    [Fact]
    public async Task After_the_store_is_healed_a_new_actor_goes_on_where_the_acked_ones_end()
    {
        var system = NewSystem(_store);
        var actor = system.ActorOf(Props.Create(() => new Writer("a")));
        await Ask(actor, "x");
        _store.Fault = work => work is AppendEvents ? new StoreException(StoreFault.Unavailable, "no space left") : null;
        await FailureOf(system, actor, "lost");
        _store.Fault = null;

        var again = system.ActorOf(Props.Create(() => new Writer("a")));
        Assert.Equal("wrote 2", await Ask(again, "y"));
        Assert.Equal("x,y", await Ask(again, "?"));
    }

    [Fact]
    public async Task A_journal_that_cant_be_read_stops_the_actor()
    {
        _store.ReadFault = id => id == "a" ? new StoreException(StoreFault.Refused, "is damaged") : null;
        var system = NewSystem(_store);
        var heard = Hear<RecoveryTrouble>(system, t => t.Text);
        var actor = system.ActorOf(Props.Create(() => new Writer("a")));
        Assert.True(await Ended(system, actor));
        Assert.Equal("is damaged", await heard);
    }

    [Fact]
    public async Task An_event_that_nobody_can_read_stops_the_actor_and_names_it()
    {
        await _store.Append(new JournalRow("a", 1, 987_654, "m", [1], "w"));
        var system = NewSystem(_store);
        var heard = Hear<RecoveryTrouble>(system, t => t.Text);
        var actor = system.ActorOf(Props.Create(() => new Writer("a")));
        Assert.True(await Ended(system, actor));
        Assert.StartsWith("event 1 of 'a' can't be read", await heard);
    }

    [Fact]
    public async Task Two_systems_on_one_file_the_second_writer_is_fenced()
    {
        using var folder = new TempFolder();
        using var one = new SqlStore(new SqliteDialect($"Data Source={folder.File("j.db")}"), true, TimeProvider.System);
        using var two = new SqlStore(new SqliteDialect($"Data Source={folder.File("j.db")}"), true, TimeProvider.System);
        var first = NewSystem(one);
        var second = NewSystem(two);
        var a = first.ActorOf(Props.Create(() => new Writer("a")));
        var b = second.ActorOf(Props.Create(() => new Writer("a")));
        await Ask(a, "?");
        await Ask(b, "?");
        Assert.Equal("wrote 1", await Ask(a, "from the first"));

        var (failure, ended) = await FailureOf(second, b, "from the second");

        Assert.Contains("another writer holds persistence id 'a'", failure);
        Assert.True(ended);
        Assert.Equal("wrote 2", await Ask(a, "still here"));
    }

    [Fact]
    public async Task An_actor_restarted_in_the_midst_of_a_write_sees_that_write()
    {
        using var folder = new TempFolder();
        using var store = new SqlStore(new SqliteDialect($"Data Source={folder.File("j.db")}"), true, TimeProvider.System);
        var system = NewSystem(store);
        var actor = system.ActorOf(Props.Create(() => new Writer("a")));
        for (var i = 1; i <= 30; i++)
        {
            actor.Tell("write and fail");
        }

        Assert.Equal(30, (await Ask(actor, "?")).Split(',').Length);
    }

    [Fact]
    public async Task Only_so_many_recover_at_once_and_all_get_their_turn()
    {
        var gate = new TaskCompletionSource();
        var store = new SlowStore(_store, gate.Task);
        var system = NewSystem(store, "akka.persistence.max-concurrent-recoveries = 10");
        var actors = Enumerable.Range(0, 1000).Select(i => system.ActorOf(Props.Create(() => new Writer("p" + i)))).ToList();
        var answers = actors.Select(a => Ask(a, "x")).ToList();
        await Eventually(() => store.Most == 10);
        gate.SetResult();

        await Task.WhenAll(answers).WaitAsync(StoreFixture.Patience);
        Assert.Equal(10, store.Most);
    }

    [Fact]
    public async Task A_permit_comes_back_from_an_actor_that_is_stopped_in_recovery()
    {
        var gate = new TaskCompletionSource();
        var store = new SlowStore(_store, gate.Task);
        var system = NewSystem(store, "akka.persistence.max-concurrent-recoveries = 1");
        var stuck = system.ActorOf(Props.Create(() => new Writer("stuck")));
        var waiting = system.ActorOf(Props.Create(() => new Writer("waiting")));
        var next = system.ActorOf(Props.Create(() => new Writer("next")));
        await Eventually(() => store.Most == 1);
        system.Stop(waiting);
        system.Stop(stuck);
        await Ended(system, stuck);
        gate.SetResult();

        Assert.Equal("wrote 1", await Ask(next, "x"));
    }

    [Fact]
    public async Task Many_actors_share_commits()
    {
        using var folder = new TempFolder();
        using var store = new SqlStore(new SqliteDialect($"Data Source={folder.File("j.db")}"), true, TimeProvider.System);
        var system = NewSystem(store);
        var actors = Enumerable.Range(0, 50).Select(i => system.ActorOf(Props.Create(() => new Writer("p" + i)))).ToList();
        await Task.WhenAll(actors.Select(a => Ask(a, "?")));
        for (var n = 0; n < 20; n++)
        {
            actors.ForEach(a => a.Tell("x"));
        }

        await Task.WhenAll(actors.Select(a => Ask(a, "?")));

        Assert.Equal(1000, store.Counters.Events);
        Assert.InRange(store.Counters.Commits, 1, 500);
    }

    private static Task<string> Ask(IActorRef actor, string message) => actor.Ask<string>(message, StoreFixture.Patience);

    private static async Task Eventually(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(StoreFixture.Patience);
        while (!condition())
        {
            timeout.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static async Task<(string Failure, bool Ended)> FailureOf(ActorSystem system, IActorRef actor, string message)
    {
        var heard = Hear<PersistTrouble>(system, t => t.Text);
        actor.Tell(message);
        return (await heard, await Ended(system, actor));
    }

    private static Task<string> Hear<T>(ActorSystem system, Func<T, string> text)
    {
        var heard = new TaskCompletionSource<string>();
        var listener = system.ActorOf(Props.Create(() => new Listener<T>(t => heard.TrySetResult(text(t)))));
        system.EventStream.Subscribe(listener, typeof(T));
        return heard.Task.WaitAsync(StoreFixture.Patience);
    }

    private static async Task<bool> Ended(ActorSystem system, IActorRef actor)
    {
        var ended = new TaskCompletionSource();
        system.ActorOf(Props.Create(() => new Watcher(actor, ended)));
        await ended.Task.WaitAsync(StoreFixture.Patience);
        return true;
    }

    private ActorSystem NewSystem(IEventStore store, string config = "")
    {
        var setup = BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString("akka.loggers = []\nakka.stdout-loglevel = OFF\n" + config));
        var system = ActorSystem.Create("persisting", setup.And(new EventStoreSetup(store)));
        _systems.Add(system);
        return system;
    }

    private sealed record PersistTrouble(string Text);

    private sealed record RecoveryTrouble(string Text);

    private sealed class Writer : ReceivePersistentActor
    {
        private readonly List<string> _written = [];

        public Writer(string id)
        {
            PersistenceId = id;
            Recover<string>(_written.Add);
            Recover<RecoveryCompleted>(_ => { });
            Command<string>(m => m == "?", _ => Sender.Tell(string.Join(',', _written), Self));
            Command<string>(m => m == "write and fail", m =>
            {
                Persist(m, _ => { });
                throw new InvalidOperationException("on purpose");
            });
            Command<string>(m => Persist(m, e =>
            {
                _written.Add(e);
                Sender.Tell($"wrote {LastSequenceNr}", Self);
            }));
        }

        public override string PersistenceId { get; }

        protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
            Context.System.EventStream.Publish(new PersistTrouble($"{sequenceNr}: {cause.Message}"));

        protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
            Context.System.EventStream.Publish(new RecoveryTrouble(reason.Message));
    }

    private sealed class Listener<T> : ReceiveActor
    {
        public Listener(Action<T> heard) => Receive(heard);
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(IActorRef actor, TaskCompletionSource ended)
        {
            Context.Watch(actor);
            Receive<Terminated>(_ => ended.TrySetResult());
        }
    }

    /// <summary>A store whose first answer of a recovery comes when it is let.</summary>
    private sealed class SlowStore(MemoryStore inner, Task gate) : IEventStore
    {
        private int _now;
        private int _most;

        public int Most => Volatile.Read(ref _most);

        public StoreCounters Counters => inner.Counters;

        public void Submit(StoreWork work) => inner.Submit(work);

        public async Task<long> HighestSequenceNr(string persistenceId)
        {
            var now = Interlocked.Increment(ref _now);
            lock (inner)
            {
                _most = Math.Max(_most, now);
            }

            await gate;
            Interlocked.Decrement(ref _now);
            return await inner.HighestSequenceNr(persistenceId);
        }

        public Task<IReadOnlyList<JournalRow>> Read(string persistenceId, long from, long to, int maxRows) => inner.Read(persistenceId, from, to, maxRows);

        public Task<SnapshotRow?> LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria) => inner.LoadSnapshot(persistenceId, criteria);

        public void Dispose() => inner.Dispose();
    }
}
