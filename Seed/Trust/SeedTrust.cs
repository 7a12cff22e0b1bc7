using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using ClusterMonitor.Hosting;
using ClusterMonitor.Seed.Membership;
using ClusterMonitor.Seed.Trust.Enrolment;

namespace ClusterMonitor.Seed.Trust;

/// <summary>
/// Trust in a running seed: who may connect, what they may say, who gets a certificate. What an operator's verbs change on disk
/// (tokens, revocations) holds here within <see cref="LookEvery"/>, for links that are open as well.
/// </summary>
internal sealed class SeedTrust : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private readonly ActorSystem _system;
    private readonly EnrolmentStore _store;
    private readonly Action<string> _note;
    private readonly CertificateAuthority _authority;
    private readonly OwnAddresses _own;
    private readonly RefusalReport _refusals;
    private readonly ITimer _timer;
    private volatile EnrolmentBook _book;
    private (long, DateTime) _stamp;
    private string _problem = "";

    private SeedTrust(ActorSystem system, DataFolder folder, TimeProvider time, ICanTell membership, Action<string> note)
    {
        _system = system;
        _note = note;
        _store = new EnrolmentStore(folder, time);
        _stamp = _store.Stamp;
        _book = _store.Read();
        _own = new OwnAddresses(time);
        _refusals = new RefusalReport(time, refused => membership.Tell(refused, ActorRefs.NoSender));
        _authority = AuthorityFiles.Open(folder, time, note);
        var desk = new EnrolmentDesk(_authority, _store, time, note, (name, who, why) =>
        {
            note($"refused {(name.Length > 0 ? name + ", " : "")}{who}: {why}");
            _refusals.Add(name, who, why);
        });
        EngineTrust.Guard(system, Refuse, Judge, desk);
        system.ActorOf(Props.Create(() => new Registrar(desk)), RenewalPlan.DoorName);
        _timer = time.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
    }

    /// <summary>Certificates of this machine's own programs, before the system starts; those that were revoked are made anew.</summary>
    public static async Task PrepareAsync(DataFolder folder, string seedName, TimeProvider time, Action<string> note)
    {
        var store = new EnrolmentStore(folder, time);
        var book = store.Read();
        LocalCertificates.Prepare(folder, seedName, time, note, book.IsRevoked);
        var own = LocalCertificates.All(folder).Select(Entry).Where(c => !book.Certificates.ContainsKey(c.Serial)).ToList();
        if (own.Count > 0)
        {
            await store.UpdateAsync(b => (own.Aggregate(b, (all, c) => all.Record(c)), true)).ConfigureAwait(false);
        }
    }

    /// <summary>Guards a system that has just started, before it has any actors of its own.</summary>
    public static SeedTrust Start(ActorSystem system, DataFolder folder, TimeProvider time, ICanTell membership, Action<string> note) =>
        new(system, folder, time, membership, note);

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _authority.Dispose();
    }

    private static CertificateEntry Entry(CertificateFiles files)
    {
        using var certificate = KeyFiles.ReadPfx(files.Certificate, "remove it, and the seed makes a new one");
        return new CertificateEntry(
            certificate.SerialNumber,
            CertificateNames.Name(certificate) ?? "",
            PeerRoles.Of(certificate) ?? "",
            "",
            certificate.NotBefore.ToUniversalTime() + CertificateAuthority.Backdate,
            certificate.NotAfter.ToUniversalTime(),
            null);
    }

    /// <summary>Null: the peer may be spoken with. Asked at each handshake, and for all links when the book changes.</summary>
    private string? Refuse(PeerCard peer)
    {
        var why = _book.Certificates.GetValueOrDefault(peer.Serial)?.Revoked is { } revoked
            ? $"the certificate of {peer.Name} was revoked at {revoked.UtcDateTime:u}; to come back, join anew with a token of this seed"
            : peer is { Role: PeerRoles.Agent, NodeId.Length: 0, Address: { } from } && !_own.Contains(from)
                ? "this certificate is for agents on the seed's own machine; join from here with NodeAgent join and a token of Seed token create"
                : null;
        if (why is not null)
        {
            _refusals.Add(peer.Name, peer.Who, why);
        }

        return why;
    }

    private PolicyRefusal? Judge(PeerCard peer, ActorPath? to, object message)
    {
        var refusal = RolePolicy.Judge(peer, to, message);
        if (refusal is not null)
        {
            _refusals.Add(peer.Name, peer.Who, refusal.Why);
        }

        return refusal;
    }

    private void Look()
    {
        var stamp = _store.Stamp;
        if (stamp == _stamp)
        {
            return;
        }

        try
        {
            var before = _book;
            _book = _store.Read();
            _stamp = stamp;
            _problem = "";
            var revoked = _book.Certificates.Values.Where(c => c.Revoked is not null && before.Certificates.GetValueOrDefault(c.Serial)?.Revoked is null).ToList();
            if (revoked.Count > 0)
            {
                _note($"revoked: {string.Join(", ", revoked.Select(c => $"{c.Name} ({c.Role})").Distinct())}");
                EngineTrust.Recheck(_system);
            }
        }
        catch (UserError e)
        {
            // The book in memory still holds; who was revoked stays out.
            if (_problem != e.Message)
            {
                _note($"tokens and revocations can't be read, goes on with those it knows: {_problem = e.Message}");
            }
        }
    }
}

/// <summary>Brings refusals into the events: the same once in ten minutes, and not more than so many an hour, whatever strangers do.</summary>
internal sealed class RefusalReport(TimeProvider time, Action<PeerRefused> tell)
{
    private const int MostPerHour = 200;
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly Dictionary<(string, string, string), long> _told = [];
    private long _hourBegan = time.GetTimestamp();
    private int _inHour;

    /// <summary>One more.</summary>
    public void Add(string name, string who, string why)
    {
        lock (_told)
        {
            var now = time.GetTimestamp();
            if (_told.TryGetValue((name, who, why), out var last) && time.GetElapsedTime(last, now) < Silence)
            {
                return;
            }

            if (time.GetElapsedTime(_hourBegan, now) > Hour)
            {
                _told.Clear();
                (_hourBegan, _inHour) = (now, 0);
            }

            if (++_inHour > MostPerHour)
            {
                return;
            }

            _told[(name, who, why)] = now;
        }

        tell(new PeerRefused(name, who, why));
    }
}

/// <summary>The addresses of this machine; interfaces come and go, so they are looked up anew once in a while.</summary>
internal sealed class OwnAddresses(TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<IPAddress, bool> _known = new();
    private long _since = time.GetTimestamp();

    /// <summary>Whether a peer from there is on this machine.</summary>
    public bool Contains(IPAddress address)
    {
        if (IPAddress.IsLoopback(address))
        {
            return true;
        }

        if (time.GetElapsedTime(Interlocked.Read(ref _since)) > Fresh)
        {
            _known.Clear();
            Interlocked.Exchange(ref _since, time.GetTimestamp());
        }

        return _known.GetOrAdd(address, a => NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Any(u => u.Address.Equals(a)));
    }
}
