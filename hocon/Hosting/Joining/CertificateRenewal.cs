using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterMonitor.Messages;
using Google.Protobuf;

namespace ClusterMonitor.Hosting;

/// <summary>What is renewed, and by whom.</summary>
/// <param name="Files">The certificate that the actor system was started with.</param>
/// <param name="Mode">Of the file with the key.</param>
/// <param name="Doors">Paths of the seeds' registrars: <c>ADDRESS/user/enrolment</c>.</param>
/// <param name="Time">When now is.</param>
public sealed record RenewalPlan(CertificateFiles Files, UnixFileMode Mode, IReadOnlyList<string> Doors, TimeProvider Time)
{
    /// <summary>Name of the seed's registrar under <c>/user</c>.</summary>
    public const string DoorName = "enrolment";

    /// <summary>How often the dates are looked at.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Between two attempts while it is due.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>
/// Gets a new certificate, for a new key, over the link that the old one still opens, once a third of its life is left.
/// The actor system goes on with the old one; whoever started it decides when to begin anew.
/// </summary>
public sealed class CertificateRenewal : ReceiveActor, IWithTimers
{
    private readonly RenewalPlan _plan;
    private readonly Action _renewed;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private ECDsa? _key;
    private int _attempts;

    /// <summary>Starts at once.</summary>
    /// <param name="plan">What and where.</param>
    /// <param name="renewed">Called when the new certificate is on disk.</param>
    public CertificateRenewal(RenewalPlan plan, Action renewed)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
        _renewed = renewed;
        Receive<Look>(_ => LookAtDates());
        Receive<CertificateIssued>(Issued);
        ReceiveAny(_ => { });
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() => LookIn(TimeSpan.FromSeconds(2));

    /// <inheritdoc/>
    protected override void PostStop() => _key?.Dispose();

    private void LookIn(TimeSpan delay) => Timers.StartSingleTimer("look", Look.Instance, delay);

    private void LookAtDates()
    {
        using var held = HeldCertificate.TryRead(_plan.Files);
        if (held is null || !HeldCertificate.IsDue(held, _plan.Time.GetUtcNow()))
        {
            LookIn(_plan.Every);
            return;
        }

        _key ??= ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var wanted = new CertificateWanted { CertificateRequest = ByteString.CopyFrom(CertificateNames.Request(_key, CertificateNames.Name(held) ?? "")) };
        Context.ActorSelection(_plan.Doors[_attempts++ % _plan.Doors.Count]).Tell(wanted, Self);
        LookIn(_plan.Retry);
    }

    private void Issued(CertificateIssued issued)
    {
        if (_key is null)
        {
            return;
        }

        if (issued.Refusal.Length > 0)
        {
            _log.Warning("The seed does not renew this program's certificate: {0}", issued.Refusal);
            return;
        }

        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(issued.Certificate.Span);
            using var authority = X509CertificateLoader.LoadCertificate(issued.Authority.Span);
            HeldCertificate.Write(_plan.Files, certificate, _key, authority, _plan.Mode);
            _log.Info("The certificate of this program was renewed and is valid until {0:u}", certificate.NotAfter.ToUniversalTime());
        }
        catch (Exception e) when (e is UserError or CryptographicException or ArgumentException)
        {
            _log.Error(e, "The renewed certificate could not be kept, will try again: {0}", e.Message);
            return;
        }

        _key.Dispose();
        _key = null;
        LookIn(_plan.Every);
        _renewed();
    }

    private sealed class Look
    {
        public static readonly Look Instance = new();
    }
}
