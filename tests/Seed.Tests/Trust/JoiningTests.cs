using System.Net;
using System.Security.Cryptography.X509Certificates;
using ClusterMonitor.Hosting;
using ClusterMonitor.Seed.Membership;
using ClusterMonitor.Seed.Trust;

namespace ClusterMonitor.Seed.Tests.Trust;

/// <summary>Joining by token, over real sockets.</summary>
public sealed class JoiningTests : IAsyncLifetime
{
    private TrustedSeed _seed = null!;

    public async Task InitializeAsync() => _seed = await TrustedSeed.StartAsync();

    public async Task DisposeAsync() => await _seed.DisposeAsync();

    [Fact]
    public async Task A_newcomer_gets_a_certificate_for_its_name_role_and_node_and_the_seed_writes_it_down()
    {
        var token = await _seed.TokenAsync();
        using var enrolled = await _seed.JoinAsync(token);
        Assert.Equal("agent", enrolled.Role);
        Assert.Equal("web-1", CertificateNames.Name(enrolled.Certificate));
        Assert.Equal("agent", CertificateNames.Role(enrolled.Certificate));
        Assert.Equal("id-1", CertificateNames.NodeId(PeerIdentity.Of(enrolled.Certificate, IPAddress.Loopback).Uri));
        Assert.True(CertificateNames.IsIssuedBy(enrolled.Certificate, enrolled.Authority));
        var entry = Assert.Single(_seed.Store.Read().Certificates.Values, c => c.Name == "web-1");
        Assert.Equal((enrolled.Certificate.SerialNumber, "id-1", token.Id), (entry.Serial, entry.NodeId, entry.Token));
        await _seed.NotedAsync("web-1 at 127.0.0.1 joined as agent");
    }

    [Fact]
    public async Task A_token_of_this_cluster_that_the_seed_does_not_know_lets_nobody_in()
    {
        using var authority = AuthorityFiles.Open(_seed.Folder, TimeProvider.System, _ => { });
        await RefusedAsync(JoinToken.Create(authority.Fingerprint), "does not know the token; make one here with Seed token create");
    }

    [Fact]
    public async Task An_expired_token_lets_nobody_in() =>
        await RefusedAsync(await _seed.TokenAsync(made: DateTimeOffset.UtcNow.AddHours(-2)), "expired at");

    [Fact]
    public async Task A_revoked_token_lets_nobody_in()
    {
        var token = await _seed.TokenAsync();
        await _seed.Store.UpdateAsync(book => book.RevokeToken(token.Id, DateTimeOffset.UtcNow));
        await RefusedAsync(token, "was revoked");
    }

    [Fact]
    public async Task A_token_lets_in_once_even_if_two_come_at_the_same_time()
    {
        var token = await _seed.TokenAsync();
        var both = await Task.WhenAll(TryAsync("web-1", "id-1"), TryAsync("web-2", "id-2"));
        Assert.Single(both, text => text is null);
        Assert.Contains("used as often as it may be (1)", both.Single(text => text is not null), StringComparison.Ordinal);

        async Task<string?> TryAsync(string name, string id)
        {
            try
            {
                using var enrolled = await _seed.JoinAsync(token, name, id);
                return null;
            }
            catch (UserError e)
            {
                return e.Message;
            }
        }
    }

    [Fact]
    public async Task Nobody_joins_under_a_name_or_node_id_that_another_machine_has()
    {
        using (await _seed.JoinAsync(await _seed.TokenAsync()))
        {
            var token = await _seed.TokenAsync();
            await RefusedAsync(token, "first Seed cert revoke web-1", nodeId: "id-2");
            await RefusedAsync(token, "first Seed cert revoke web-1", name: "web-2");
            await _seed.Store.UpdateAsync(book => book.RevokeCertificates("web-1", DateTimeOffset.UtcNow));
            using var anew = await _seed.JoinAsync(token);
        }
    }

    [Fact]
    public async Task A_dashboards_token_makes_no_agent_and_an_agents_token_no_dashboard()
    {
        await RefusedAsync(await _seed.TokenAsync(PeerRoles.Dashboard), "is for the role dashboard");
        var agents = await _seed.TokenAsync();
        var e = await Assert.ThrowsAsync<UserError>(() => _seed.JoinAsync(agents, role: PeerRoles.Dashboard));
        Assert.Contains("is for the role agent", e.Message, StringComparison.Ordinal);
        using var operators = await _seed.JoinAsync(await _seed.TokenAsync(PeerRoles.Operator), "ada", "", PeerRoles.Dashboard);
        Assert.Equal("operator", operators.Role);
    }

    [Theory]
    [InlineData(-24)]
    [InlineData(24)]
    public async Task A_machine_whose_clock_is_a_day_off_is_told_both_clocks_and_its_token_is_not_spent(int hours)
    {
        var token = await _seed.TokenAsync();
        var e = await Assert.ThrowsAsync<UserError>(() => _seed.JoinAsync(token, clock: new WrongClock(TimeSpan.FromHours(hours))));
        Assert.Contains("the newcomer's clock says", e.Message, StringComparison.Ordinal);
        Assert.Contains("set the one that is wrong", e.Message, StringComparison.Ordinal);
        await _seed.NotedAsync("the newcomer's clock says");
        using var later = await _seed.JoinAsync(token);
    }

    [Fact]
    public async Task A_disk_that_can_not_be_written_is_found_before_the_token_is_spent()
    {
        var token = await _seed.TokenAsync();
        using var output = new StringWriter();
        using var error = new StringWriter();
        var context = new ProgramContext("NodeAgent", output, error, TimeProvider.System, new Random(1), new Dictionary<string, string>(), Terminals.None);
        string[] line = ["join", _seed.Address.ToString(), "--token", token.Reveal(), "--data", "/proc/no-such-folder", "--name", "web-1", "--no-run"];
        Assert.Equal(ExitCodes.Failed, await ClusterMonitor.NodeAgent.AgentCommand.Build(context).RunAsync(line));
        Assert.StartsWith("NodeAgent: can't write to /proc/no-such-folder", error.ToString(), StringComparison.Ordinal);
        Assert.Single(error.ToString().Trim().Split('\n'));
        Assert.Equal(0, _seed.Store.Read().Tokens[token.Id].Used);
    }

    [Fact]
    public async Task Joining_again_with_the_same_line_does_not_fail_and_does_not_need_the_token()
    {
        var token = await _seed.TokenAsync();
        var data = Path.Combine(Path.GetDirectoryName(_seed.Folder.Path)!, "m2");
        for (var i = 0; i < 2; i++)
        {
            using var output = new StringWriter();
            using var error = new StringWriter();
            var context = new ProgramContext("NodeAgent", output, error, TimeProvider.System, new Random(1), new Dictionary<string, string>(), Terminals.None);
            string[] line = ["join", _seed.Address.ToString(), "--token", token.Reveal(), "--data", data, "--name", "web-1", "--label", "rack=b2", "--no-run"];
            Assert.True(await ClusterMonitor.NodeAgent.AgentCommand.Build(context).RunAsync(line) == ExitCodes.Done, error.ToString());
            Assert.Contains(i == 0 ? "joined as web-1" : "has joined this cluster already", error.ToString(), StringComparison.Ordinal);
        }

        var folder = new DataFolder(data);
        Assert.False(FileModes.IsWiderThan(folder.JoinedAgentCertificate("web-1").Certificate, FileModes.OwnerFile));
        var settings = SettingsLoader.Load(new Dictionary<string, string> { ["MONITOR_DATA"] = data }, Hocon.HoconObject.Empty);
        var options = ClusterMonitor.NodeAgent.AgentOptions.From(settings, "other-host");
        Assert.Equal("web-1", options.Name);
        Assert.Equal([_seed.Address], options.Seeds);
        Assert.Equal("b2", options.Labels["rack"]);
    }

    [Fact]
    public async Task An_address_that_keeps_being_refused_is_not_looked_at_for_a_while()
    {
        using var authority = AuthorityFiles.Open(_seed.Folder, TimeProvider.System, _ => { });
        var wrong = JoinToken.Create(authority.Fingerprint);
        string text = "";
        for (var i = 0; i < 30 && !text.Contains("wait a minute", StringComparison.Ordinal); i++)
        {
            text = (await Assert.ThrowsAsync<UserError>(() => _seed.JoinAsync(wrong))).Message;
        }

        Assert.Contains("too many refused attempts from this address", text, StringComparison.Ordinal);
        Assert.Single(_seed.Seen.OfType<PeerRefused>(), r => r.Reason.Contains("does not know the token", StringComparison.Ordinal));
    }

    /// <summary>One clear line on both sides, an event, nothing let in.</summary>
    private async Task RefusedAsync(JoinToken token, string why, string name = "web-1", string nodeId = "id-1")
    {
        var before = _seed.Store.Read().Certificates.Count;
        var e = await Assert.ThrowsAsync<UserError>(() => _seed.JoinAsync(token, name, nodeId));
        Assert.StartsWith($"can't join by seed {_seed.Address}: the seed refuses: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        await _seed.NotedAsync(why);
        var shown = await _seed.SeenAsync<PeerRefused>(r => r.Reason.Contains(why, StringComparison.Ordinal));
        Assert.Equal("newcomer at 127.0.0.1", shown.Who);
        Assert.Equal(before, _seed.Store.Read().Certificates.Count);
    }
}
