using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterMonitor.Hosting;
using ClusterMonitor.Seed.Trust;

namespace ClusterMonitor.Seed.Tests.Trust;

public sealed class LocalCertificatesTests : IDisposable
{
    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-11-21T20:00:00Z");

    private readonly string _path = Directory.CreateTempSubdirectory("trust-").FullName;
    private readonly List<string> _notes = [];

    private DataFolder Folder => new(Path.Combine(_path, "data"));

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void The_first_start_makes_an_authority_and_three_certificates_that_it_issued()
    {
        Prepare(Start);
        using var authority = Authority(Start);
        foreach (var (files, name, role) in Leaves())
        {
            using var leaf = Load(files.Certificate);
            Assert.Equal($"CN={name}, OU={role}, O=ClusterMonitor", leaf.Subject);
            Assert.Equal(role, PeerRoles.Of(leaf));
            Assert.True(authority.Issued(leaf));
            Assert.True(leaf.HasPrivateKey);
            Assert.Equal(Start.AddDays(-1).UtcDateTime, leaf.NotBefore.ToUniversalTime());
            Assert.Equal(Start.AddDays(365).UtcDateTime, leaf.NotAfter.ToUniversalTime());
            Assert.Equal(File.ReadAllText(Path.Combine(Folder.Ca, "ca.crt")), File.ReadAllText(files.Authority));
        }

        Assert.Contains(_notes, n => n.Contains(Convert.ToHexStringLower(authority.Fingerprint), StringComparison.Ordinal));
        Assert.InRange(authority.Certificate.NotAfter, Start.AddDays(3650).DateTime, Start.AddDays(3660).DateTime);
    }

    [Fact]
    public void Keys_are_the_owners_and_the_dashboards_are_its_groups_too()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Prepare(Start);
        Assert.Equal(FileModes.OwnerFile, File.GetUnixFileMode(Path.Combine(Folder.Ca, "ca.key")));
        Assert.Equal(FileModes.OwnerFile, File.GetUnixFileMode(Folder.SeedCertificate.Certificate));
        Assert.Equal(FileModes.OwnerFile, File.GetUnixFileMode(Folder.LocalAgentCertificate.Certificate));
        Assert.Equal(FileModes.GroupFile, File.GetUnixFileMode(Folder.DashboardCertificate.Certificate));
        Assert.Equal(FileModes.OwnerFolder, File.GetUnixFileMode(Folder.Ca));
        Assert.Equal(FileModes.OwnerFolder, File.GetUnixFileMode(Folder.Seed));
        Assert.Equal(FileModes.OwnerFolder, File.GetUnixFileMode(Folder.Agents));
        Assert.True(File.GetUnixFileMode(Folder.Dashboard).HasFlag(UnixFileMode.GroupRead | UnixFileMode.GroupExecute));
        Assert.Empty(Directory.GetFiles(Folder.Path, "*.new", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_later_start_uses_what_is_there()
    {
        Prepare(Start);
        var before = Contents();
        _notes.Clear();
        Prepare(Start.AddDays(300));
        Assert.Equal(before, Contents());
        Assert.Empty(_notes);
    }

    [Fact]
    public void A_start_near_the_end_of_a_certificate_renews_it_and_keeps_the_authority()
    {
        Prepare(Start);
        var before = Contents();
        Prepare(Start.AddDays(336));
        var after = Contents();
        Assert.Equal(before["ca/ca.crt"], after["ca/ca.crt"]);
        foreach (var (files, _, _) in Leaves())
        {
            var name = Path.GetRelativePath(Folder.Path, files.Certificate);
            Assert.NotEqual(before[name], after[name]);
            using var leaf = Load(files.Certificate);
            Assert.Equal(Start.AddDays(336 + 365).UtcDateTime, leaf.NotAfter.ToUniversalTime());
        }
    }

    [Fact]
    public void Certificates_of_another_authority_are_made_anew()
    {
        Prepare(Start);
        Directory.Delete(Folder.Ca, recursive: true);
        Prepare(Start);
        using var authority = Authority(Start);
        foreach (var (files, _, _) in Leaves())
        {
            using var leaf = Load(files.Certificate);
            Assert.True(authority.Issued(leaf));
            Assert.Equal(authority.Certificate.ExportCertificatePem().Trim(), File.ReadAllText(files.Authority).Trim());
        }
    }

    [Fact]
    public void A_crash_between_key_and_certificate_loses_nothing()
    {
        Prepare(Start);
        var key = File.ReadAllText(Path.Combine(Folder.Ca, "ca.key"));
        File.Delete(Path.Combine(Folder.Ca, "ca.crt"));
        Prepare(Start);
        Assert.Equal(key, File.ReadAllText(Path.Combine(Folder.Ca, "ca.key")));
    }

    [Theory]
    [InlineData("ca/ca.key", "restore it from a backup")]
    [InlineData("ca/ca.crt", "restore it from a backup")]
    [InlineData("seed/seed.pfx", "remove it, and the seed makes a new one")]
    [InlineData("agents/local.pfx", "remove it, and the seed makes a new one")]
    [InlineData("dashboard/dashboard.pfx", "remove it, and the seed makes a new one")]
    public void A_damaged_file_is_an_error_with_a_remedy_and_is_left_alone(string file, string remedy)
    {
        Prepare(Start);
        var path = Path.Combine(Folder.Path, file);
        foreach (var damage in new[] { "", "garbage", File.ReadAllText(path)[..40] })
        {
            File.WriteAllText(path, damage);
            var error = Assert.Throws<UserError>(() => Prepare(Start));
            Assert.StartsWith($"{path} is damaged", error.Message, StringComparison.Ordinal);
            Assert.EndsWith(remedy, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
            Assert.Equal(damage, File.ReadAllText(path));
        }
    }

    [Fact]
    public void A_key_of_another_authority_is_an_error()
    {
        Prepare(Start);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(Path.Combine(Folder.Ca, "ca.key"), other.ExportPkcs8PrivateKeyPem());
        Assert.Contains("belongs to another certificate", Assert.Throws<UserError>(() => Prepare(Start)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_authority_key_is_an_error_that_overwrites_nothing()
    {
        Prepare(Start);
        File.Delete(Path.Combine(Folder.Ca, "ca.key"));
        Assert.Contains("ca.key is missing; restore it", Assert.Throws<UserError>(() => Prepare(Start)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Folder.Ca, "ca.key")));
    }

    [Theory]
    [InlineData(-2, "set the clock")]
    [InlineData(4000, "expired at")]
    public void An_authority_out_of_its_time_is_an_error(int days, string says)
    {
        Prepare(Start);
        Assert.Contains(says, Assert.Throws<UserError>(() => Prepare(Start.AddDays(days))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_that_was_half_a_day_ahead_at_first_does_no_harm()
    {
        Prepare(Start);
        _notes.Clear();
        Prepare(Start.AddHours(-12));
        Assert.Empty(_notes);
    }

    [Fact]
    public void A_key_that_others_could_read_is_restricted_and_that_is_said()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Prepare(Start);
        File.SetUnixFileMode(Folder.SeedCertificate.Certificate, FileModes.OwnerFile | UnixFileMode.OtherRead);
        Prepare(Start);
        Assert.Equal(FileModes.OwnerFile, File.GetUnixFileMode(Folder.SeedCertificate.Certificate));
        Assert.Contains(_notes, n => n.Contains("could be read by others", StringComparison.Ordinal));
    }

    private static X509Certificate2 Load(string path) => X509CertificateLoader.LoadPkcs12FromFile(path, "");

    private void Prepare(DateTimeOffset now) => LocalCertificates.Prepare(Folder, "north", new StandingClock(now), _notes.Add);

    private CertificateAuthority Authority(DateTimeOffset now) => AuthorityFiles.Open(Folder, new StandingClock(now), _ => { });

    private IEnumerable<(CertificateFiles Files, string Name, string Role)> Leaves() =>
    [
        (Folder.SeedCertificate, "north", "seed"),
        (Folder.LocalAgentCertificate, "local", "agent"),
        (Folder.DashboardCertificate, "dashboard", "dashboard"),
    ];

    private Dictionary<string, string> Contents() => Directory
        .GetFiles(Folder.Path, "*", SearchOption.AllDirectories)
        .ToDictionary(f => Path.GetRelativePath(Folder.Path, f), f => Convert.ToBase64String(File.ReadAllBytes(f)));
}
