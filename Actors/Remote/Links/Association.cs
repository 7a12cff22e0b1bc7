using Actors.Core;

namespace Actors.Remoting;

/// <summary>
/// All that is known of one remote address, through links that come and go and lives (UIDs) that end.
/// Only <see cref="Link"/> is read without the transport's lock.
/// </summary>
internal sealed class Association(Address remote, int systemMessages)
{
    private const int MostShunned = 64;
    private volatile Link? _link;
    private Func<IActorRef, RefText>? _texts;

    /// <summary>The address as the peer calls itself, or, for an alias, as it was dialled.</summary>
    public Address Remote { get; } = remote;

    /// <summary>The open link; null while there is none.</summary>
    public Link? Link
    {
        get => _link;
        set => _link = value;
    }

    /// <summary>How references are written for this peer.</summary>
    public Func<IActorRef, RefText> Texts => _texts ??= reference => RefTexts.For(Main, reference);

    /// <summary>Set if the peer at this address calls itself by another one: that one keeps all state but the dialling.</summary>
    public Association? Canonical { get; set; }

    /// <summary>Those whose <see cref="Canonical"/> is this one.</summary>
    public List<Association> Aliases { get; } = [];

    /// <summary>Where to dial; not where the address says if an alias led here.</summary>
    public HostPort Via { get; set; } = new(remote.Host ?? "", remote.Port ?? 0);

    /// <summary>The life that was last spoken with; null if never.</summary>
    public long? Uid { get; set; }

    /// <summary>Lives that are over or given up, and why; the last few, for a peer may restart for ever.</summary>
    public OrderedDictionary<long, string> Shunned { get; } = [];

    /// <summary>The attempt under way.</summary>
    public Dial? Dial { get; set; }

    /// <summary>A link dialled by the peer at the same time, which waits for what becomes of <see cref="Dial"/>.</summary>
    public (Link Link, Hello Hello)? Held { get; set; }

    /// <summary>Nothing is dialled before this timestamp.</summary>
    public long GatedUntil { get; set; } = long.MinValue;

    /// <summary>What to send once the dial succeeds.</summary>
    public Queue<WaitingMessage> Waiting { get; } = new();

    public SystemOutbox Outbox { get; private set; } = new(systemMessages);

    public SystemInbox Inbox { get; private set; } = new();

    /// <summary>When the oldest system message to a peer never reached was kept.</summary>
    public long? OutboxSince { get; set; }

    /// <summary>At least one frame each so long; null = no promise.</summary>
    public TimeSpan? Heartbeat { get; set; }

    /// <summary>Dial again whenever there is no link.</summary>
    public bool KeepDialling { get; set; }

    /// <summary>The peer watches actors of this system, so it wants to hear of it.</summary>
    public bool WatchedByPeer { get; set; }

    /// <summary>Since when actors of this system watch the peer's; null if none does.</summary>
    public long? WatchingSince { get; set; }

    /// <summary>Given up until a new life of the peer shows up.</summary>
    public bool Quarantined { get; set; }

    /// <summary>What was logged last, so that the same is not said again each half second.</summary>
    public string Said { get; set; } = "";

    /// <summary>When the last open link was lost.</summary>
    public long LostAt { get; set; }

    /// <summary>When it was last used or heard of.</summary>
    public long LastUsed { get; set; }

    /// <summary>When bytes last came from the peer over an earlier link; the open link knows better.</summary>
    public long? LastReceived { get; set; }

    /// <summary>Who was last spoken with.</summary>
    public PeerIdentity? Peer { get; set; }

    /// <summary>No longer in the table; who still holds it is to look there again.</summary>
    public bool Forgotten { get; set; }

    /// <summary>Itself, or the one it is an alias of.</summary>
    public Association Main => Canonical ?? this;

    /// <summary>Something is waiting for a link.</summary>
    public bool WantsLink => KeepDialling || WatchingSince is not null || Outbox.Count > 0 || Waiting.Count > 0;

    /// <summary>Everything not answered for by this one any more goes to the address the peer calls itself by.</summary>
    public void BecomeAliasOf(Association main)
    {
        Canonical = main;
        main.Aliases.Add(this);
        main.Via = Via;
        main.KeepDialling |= KeepDialling;
        main.Heartbeat = Heartbeat is { } mine && (main.Heartbeat is not { } its || mine < its) ? mine : main.Heartbeat;
        main.WatchingSince ??= WatchingSince;
        main.WatchedByPeer |= WatchedByPeer;
        while (Waiting.TryDequeue(out var message))
        {
            main.Waiting.Enqueue(message);
        }

        foreach (var (_, frame) in Outbox.Unacknowledged())
        {
            main.Outbox.TryAdd(frame, out _);
        }

        EndLife("");
    }

    /// <summary>Nothing is exchanged with that life any more.</summary>
    public void Shun(long uid, string why)
    {
        Shunned[uid] = why;
        if (Shunned.Count > MostShunned)
        {
            Shunned.RemoveAt(0);
        }
    }

    /// <summary>This life is over: its unfinished business is too.</summary>
    public void EndLife(string why)
    {
        if (Uid is { } uid)
        {
            Shun(uid, why);
        }

        Uid = null;
        OutboxSince = null;
        Outbox = new SystemOutbox(systemMessages);
        Inbox = new SystemInbox();
    }
}

/// <summary>A message kept while its link is being dialled.</summary>
internal readonly record struct WaitingMessage(object Message, IActorRef Recipient, IActorRef? Sender);

/// <summary>One attempt to make a link.</summary>
internal sealed class Dial
{
    /// <summary>Gives the attempt up.</summary>
    public CancellationTokenSource Cancellation { get; } = new();

    /// <summary>The connection, once there is one; its hello has been sent then.</summary>
    public Link? Link { get; set; }
}
