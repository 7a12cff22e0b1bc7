using System.Collections.Concurrent;
using Actors.Configuration;
using Actors.Core;
using Actors.Remoting;
using Actors.Serialization;
using EngineTests.Remote.Transports;

namespace EngineTests.Remote;

/// <summary>Actor systems in this process that reach each other over loopback TLS, with one certificate authority.</summary>
internal sealed class RemoteSystems : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TestCertificates _certificates = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remote-systems-");
    private readonly List<ActorSystem> _systems = [];

    public DirectoryInfo Folder => _folder;

    public TestCertificates Certificates => _certificates;

    /// <summary>The files of a certificate, and the configuration that names them.</summary>
    public string Tls(string name, string role, string serverRole = "", TestCertificates? signer = null)
    {
        var (pfx, ca) = (Path.Combine(_folder.FullName, $"{name}.pfx"), Path.Combine(_folder.FullName, $"{name}-ca.crt"));
        File.WriteAllBytes(pfx, (signer ?? _certificates).Issue(name, role).Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pfx));
        File.WriteAllText(ca, (signer ?? _certificates).Authority.ExportCertificatePem());
        return $$"""
            akka.remote.dot-netty.tcp {
              enable-ssl = true
              ssl.certificate.path = "{{pfx}}"
              ssl.embedded { ca-path = "{{ca}}", server-role = "{{serverRole}}" }
            }
            """;
    }

    public ActorSystem Start(string name = "node", string role = "seed", int port = 0, string more = "", string serverRole = "", TestCertificates? signer = null, string systemName = "clustermonitor")
    {
        var config = ConfigurationFactory.ParseString(
            $$"""
            akka.actor.provider = remote
            akka.loggers = []
            akka.stdout-loglevel = OFF
            akka.loglevel = DEBUG
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{port}} }
            akka.coordinated-shutdown.terminate-actor-system = on
            {{Tls(name, role, serverRole, signer)}}
            {{more}}
            """);
        var system = ActorSystem.Create(systemName, BootstrapSetup.Create().WithConfig(config).And(SerializationSetup.Create(_ => [])));
        _systems.Add(system);
        return system;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var system in _systems)
        {
            await system.Terminate().WaitAsync(Patience);
        }

        _certificates.Dispose();
        _folder.Delete(recursive: true);
    }
}

/// <summary>What an actor of a test does, and helpers to look into a system.</summary>
internal static class RemoteTesting
{
    public static Address AddressOf(this ActorSystem system) => ((ExtendedActorSystem)system).Provider.DefaultAddress;

    public static RemoteActorRefProvider Remoting(this ActorSystem system) => (RemoteActorRefProvider)((ExtendedActorSystem)system).Provider;

    /// <summary>Makes an actor as soon as its parent has heard of the end of the one who had its name.</summary>
    public static async Task<IActorRef> ActorOfOnceFreeAsync(this ActorSystem system, Props props, string name)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return system.ActorOf(props, name);
            }
            catch (InvalidActorNameException) when (TimeProvider.System.GetElapsedTime(started) < RemoteSystems.Patience)
            {
                await Task.Delay(5);
            }
        }
    }

    /// <summary>The reference of an actor of another system as its own address calls it.</summary>
    public static Task<IActorRef> FindAsync(this ActorSystem from, ActorSystem at, string path) =>
        from.ActorSelection($"{at.AddressOf()}{path}").ResolveOne(RemoteSystems.Patience);
}

/// <summary>Collects what an actor receives; a test waits on it.</summary>
internal sealed class Inbox
{
    private readonly ConcurrentQueue<object> _messages = new();
    private readonly SemaphoreSlim _arrived = new(0);

    public void Add(object message)
    {
        _messages.Enqueue(message);
        _arrived.Release();
    }

    public async Task<object> NextAsync()
    {
        Assert.True(await _arrived.WaitAsync(RemoteSystems.Patience), "nothing arrived");
        Assert.True(_messages.TryDequeue(out var message));
        return message;
    }

    public async Task<T> NextAsync<T>() => Assert.IsType<T>(await NextAsync(), exactMatch: false);

    /// <summary>The next of this type, whatever comes before.</summary>
    public async Task<T> FishAsync<T>(Func<T, bool>? wanted = null)
    {
        while (true)
        {
            if (await NextAsync() is T found && (wanted is null || wanted(found)))
            {
                return found;
            }
        }
    }

    public bool IsEmpty => _messages.IsEmpty;
}

/// <summary>Answers what it is told with the same, and knows a few commands.</summary>
internal sealed class EchoActor : UntypedActor
{
    protected override void OnReceive(object message)
    {
        if (message is "stop")
        {
            Context.Stop(Self);
        }
        else
        {
            Sender.Tell(message is "me" ? Self : message);
        }
    }
}

/// <summary>Puts what it receives into an inbox; watches whom it is told as a reference.</summary>
internal sealed class ProbeActor : UntypedActor
{
    private readonly Inbox _inbox;

    public ProbeActor(Inbox inbox) => _inbox = inbox;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case IActorRef subject:
                Context.Watch(subject);
                break;
            case ("unwatch", IActorRef subject):
                Context.Unwatch(subject);
                _inbox.Add("unwatched");
                break;
            case (IActorRef to, object text):
                to.Tell(text, Self);
                break;
            default:
                _inbox.Add(message);
                break;
        }
    }
}
