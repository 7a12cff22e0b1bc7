using Xunit.Abstractions;

namespace Actors.TestKit;

/// <summary>Does not send as the test actor when it tells something outside of an actor.</summary>
public interface INoImplicitSender;

/// <summary>
/// Base of a test class: an actor system of its own, ended after the test. While the test runs, the test actor is the sender of what it tells,
/// also after an await. The constructors are those of Akka.TestKit.Xunit2.
/// </summary>
public class TestKit : TestKitBase, IDisposable
{
    private readonly SynchronizationContext? _contextBefore = SynchronizationContext.Current;
    private readonly bool _ownsSystem;
    private readonly LogWriter? _log;
    private bool _disposed;

#pragma warning disable CA1051 // the field is Akka.NET's
    protected readonly ITestOutputHelper? Output;
#pragma warning restore CA1051

    public TestKit(ActorSystem? system = null, ITestOutputHelper? output = null)
        : this(system ?? Create(ActorSystemSetup.Empty, null), system is null, output)
    {
    }

    public TestKit(ActorSystemSetup config, string? actorSystemName = null, ITestOutputHelper? output = null)
        : this(Create(config, actorSystemName), true, output)
    {
    }

    public TestKit(Config config, string? actorSystemName = null, ITestOutputHelper? output = null)
        : this(Create(ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config)), actorSystemName), true, output)
    {
    }

    public TestKit(string config, ITestOutputHelper? output = null)
        : this(ConfigurationFactory.ParseString(config), null, output)
    {
    }

    private TestKit(ActorSystem system, bool owned, ITestOutputHelper? output)
        : base(system, null)
    {
        Output = output;
        _ownsSystem = owned;
        if (output is not null)
        {
            _log = new LogWriter(output);
            InitializeLogger(system);
        }

        if (this is not INoImplicitSender)
        {
            ActorCell.SetCurrent(TestActorRef.Cell);
            SynchronizationContext.SetSynchronizationContext(new SenderKeepingContext(TestActorRef.Cell, _contextBefore));
        }
    }

    /// <summary>Nothing special.</summary>
    public static Config DefaultConfig => TestConfigs.DefaultConfig;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs before the system is ended.</summary>
    protected virtual void AfterAll()
    {
    }

    /// <summary>Writes the system's log to the test's output.</summary>
    protected void InitializeLogger(ActorSystem system)
    {
        if (_log is not null)
        {
            var logger = ((ExtendedActorSystem)system).SystemActorOf(Props.Create<LogActor>(_log));
            system.EventStream.Subscribe(logger, typeof(LogEvent));
        }
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || _disposed)
        {
            return;
        }

        _disposed = true;
        ActorCell.SetCurrent(null);
        SynchronizationContext.SetSynchronizationContext(_contextBefore);
        try
        {
            AfterAll();
        }
        finally
        {
            if (_ownsSystem)
            {
                Shutdown();
            }

            _log?.Close();
        }
    }

    /// <summary>The setup with what the embedded engine needs to find this test kit's scheduler.</summary>
    private static ActorSystem Create(ActorSystemSetup setup, string? name)
    {
        var config = setup.Get<BootstrapSetup>() is { HasValue: true, Value.Config: { HasValue: true } given } ? given.Value : ConfigurationFactory.Empty;
        var embedded = setup.Get<EmbeddedSetup>() is { HasValue: true } found ? found.Value : new EmbeddedSetup();
        var withScheduler = new EmbeddedSetup
        {
            TimeProvider = embedded.TimeProvider,
            Random = embedded.Random,
            Dispatcher = embedded.Dispatcher,
            Transport = embedded.Transport,
            SchedulerFactory = (c, log) =>
                c.GetString("akka.scheduler.implementation")?.Contains("TestScheduler", StringComparison.Ordinal) == true ? new TestScheduler(c, log) : null,
        };
        return ActorSystem.Create(
            name ?? "test",
            setup.WithSetup(withScheduler).WithSetup(BootstrapSetup.Create().WithConfig(config.WithFallback(DefaultConfig))));
    }

    /// <summary>Keeps the test actor as the sender after an await.</summary>
    private sealed class SenderKeepingContext(ActorCell cell, SynchronizationContext? inner) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
            void Run(object? s)
            {
                var (cellBefore, contextBefore) = (ActorCell.Current, Current);
                ActorCell.SetCurrent(cell);
                SetSynchronizationContext(this);
                try
                {
                    d(s);
                }
                finally
                {
                    SetSynchronizationContext(contextBefore);
                    ActorCell.SetCurrent(cellBefore);
                }
            }

            if (inner is not null)
            {
                inner.Post(Run, state);
            }
            else
            {
                ThreadPool.QueueUserWorkItem(Run, state);
            }
        }

        public override void Send(SendOrPostCallback d, object? state) => d(state);

        public override SynchronizationContext CreateCopy() => this;
    }

    private sealed class LogActor(LogWriter writer) : UntypedActor
    {
        protected override void OnReceive(object message) => writer.Write(message);
    }

    /// <summary>xunit refuses output after the end of a test.</summary>
    private sealed class LogWriter(ITestOutputHelper output)
    {
        private bool _closed;

        internal void Write(object message)
        {
            lock (this)
            {
                if (!_closed)
                {
                    output.WriteLine(message.ToString());
                }
            }
        }

        internal void Close()
        {
            lock (this)
            {
                _closed = true;
            }
        }
    }
}
