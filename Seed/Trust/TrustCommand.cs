using System.CommandLine;
using System.Globalization;
using ClusterMonitor.Hosting;
using ClusterMonitor.Seed.Trust.Enrolment;
using Hocon;

namespace ClusterMonitor.Seed.Trust;

/// <summary><c>Seed token</c> and <c>Seed cert</c>: they work on the data folder; a running seed sees it within a second.</summary>
internal static class TrustCommand
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss'Z'";

    /// <summary>Adds both verbs.</summary>
    public static void AddTo(ProgramCommand root)
    {
        var token = root.Verb("token", "Tokens by which machines and people join");
        AddCreate(token.Verb("create", "Makes a token and prints the line to paste on the other machine"));
        token.Verb("list", "Lists tokens").OnRun(ListTokens);
        AddRevoke(token.Verb("revoke", "Withdraws a token: it lets in nobody any more"), "ID", "Id of the token, as Seed token list shows it", RevokeToken);
        var cert = root.Verb("cert", "Certificates of those who joined");
        cert.Verb("list", "Lists certificates").OnRun(ListCertificates);
        AddRevoke(cert.Verb("revoke", "Shuts out whoever has a certificate, at once"), "NAME|SERIAL", "Name or serial number, as Seed cert list shows it", RevokeCertificate);
    }

    private static void AddCreate(ProgramCommand verb)
    {
        var role = new Option<string>("--role") { HelpName = "ROLE", Description = "agent, dashboard or operator", DefaultValueFactory = _ => PeerRoles.Agent };
        var ttl = new Option<string>("--ttl") { HelpName = "TIME", Description = "How long it may be used: 10m, 1h, 7d", DefaultValueFactory = _ => "1h" };
        var uses = new Option<int>("--uses") { HelpName = "N", Description = "How often it may be used", DefaultValueFactory = _ => 1 };
        var pattern = new Option<string>("--name") { HelpName = "PATTERN", Description = "Names that it gives: * any letters, ? one", DefaultValueFactory = _ => "*" };
        Check(role, text => PeerRoles.All.Contains(text) ? null : "must be agent, dashboard or operator");
        Check(ttl, OptionChecks.Duration);
        Check(uses, text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= 1 ? null : "must be a number of at least 1");
        verb.Command.Add(role);
        verb.Command.Add(ttl);
        verb.Command.Add(uses);
        verb.Command.Add(pattern);
        verb.OnRun(run =>
        {
            HoconUnits.TryDuration(run.Arguments.GetValue(ttl)!, out var time);
            return CreateAsync(run, run.Arguments.GetValue(role)!, time, run.Arguments.GetValue(uses), run.Arguments.GetValue(pattern)!);
        });
    }

    private static void Check<T>(Option<T> option, Func<string, string?> check) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && check(token.Value) is { } problem)
        {
            result.AddError($"{option.Name} is \"{token.Value}\"; it {problem}");
        }
    });

    private static void AddRevoke(ProgramCommand verb, string name, string description, Func<ProgramRun, string, Task<int>> revoke)
    {
        var which = new Argument<string>(name) { Description = description };
        verb.Command.Add(which);
        verb.OnRun(run => revoke(run, run.Arguments.GetValue(which)!));
    }

    private static async Task<int> CreateAsync(ProgramRun run, string role, TimeSpan ttl, int uses, string pattern)
    {
        if (role == PeerRoles.Seed)
        {
            throw new UserError("a second seed can't join a cluster in this version; to move the seed to another machine, see docs/OPERATIONS.md");
        }

        var (context, folder) = (run.Context, Folder(run));
        using var authority = AuthorityFiles.Open(folder, context.Time, context.Complain);
        var token = JoinToken.Create(authority.Fingerprint);
        await Store(run).UpdateAsync(book => (book.Add(token, role, pattern, uses, ttl, context.Time.GetUtcNow()), true)).ConfigureAwait(false);
        var (address, remark) = SeedAddress.ToPaste(run.Settings, SeedLock.WhereIs(folder));
        if (remark is not null)
        {
            context.Complain(remark);
        }

        var program = role == PeerRoles.Agent ? "NodeAgent" : "Tui";
        await context.Out.WriteLineAsync($"{program} join {address} --token {token.Reveal()}").ConfigureAwait(false);
        return ExitCodes.Done;
    }

    private static async Task<int> ListTokens(ProgramRun run)
    {
        var now = run.Context.Time.GetUtcNow();
        var rows = Store(run).Read().Tokens.Values.OrderBy(t => t.Created).Select(t => new[]
        {
            t.Id,
            t.Role,
            t.Revoked is not null ? "revoked" : now >= t.Expires ? "expired" : t.Used >= t.Uses ? "used up" : "open",
            $"{t.Used}/{t.Uses}",
            t.Pattern,
            Text(t.Expires),
        });
        await WriteAsync(run, ["TOKEN", "ROLE", "STATE", "USED", "NAMES", "EXPIRES"], rows).ConfigureAwait(false);
        return ExitCodes.Done;
    }

    private static async Task<int> ListCertificates(ProgramRun run)
    {
        var now = run.Context.Time.GetUtcNow();
        var rows = Store(run).Read().Certificates.Values.OrderBy(c => c.Name, StringComparer.Ordinal).ThenBy(c => c.Issued).Select(c => new[]
        {
            c.Name,
            c.Role,
            c.Revoked is not null ? "revoked" : now >= c.Expires ? "expired" : "valid",
            Text(c.Expires),
            c.Token.Length > 0 ? c.Token : "this machine",
            c.Serial,
        });
        await WriteAsync(run, ["NAME", "ROLE", "STATE", "EXPIRES", "BY", "SERIAL"], rows).ConfigureAwait(false);
        return ExitCodes.Done;
    }

    private static async Task<int> RevokeToken(ProgramRun run, string id)
    {
        var found = await Store(run).UpdateAsync(book => book.RevokeToken(id, run.Context.Time.GetUtcNow())).ConfigureAwait(false);
        if (!found)
        {
            throw new UserError($"there is no token {id}; see Seed token list");
        }

        await run.Context.Out.WriteLineAsync($"token {id} lets in nobody any more; who joined with it stays (see Seed cert list)").ConfigureAwait(false);
        return ExitCodes.Done;
    }

    private static async Task<int> RevokeCertificate(ProgramRun run, string which)
    {
        var revoked = await Store(run).UpdateAsync(book => book.RevokeCertificates(which, run.Context.Time.GetUtcNow())).ConfigureAwait(false);
        if (revoked.Count == 0)
        {
            throw new UserError($"there is no certificate in force of the name or serial number {which}; see Seed cert list");
        }

        foreach (var c in revoked)
        {
            var remark = c.Token.Length == 0 ? "; this machine's own programs get a new one when the seed starts anew" : "";
            await run.Context.Out.WriteLineAsync($"revoked {c.Name} ({c.Role}, {c.Serial}){remark}").ConfigureAwait(false);
        }

        return ExitCodes.Done;
    }

    private static async Task WriteAsync(ProgramRun run, string[] head, IEnumerable<string[]> rows)
    {
        var all = rows.Prepend(head).ToList();
        var widths = Enumerable.Range(0, head.Length).Select(i => all.Max(r => r[i].Length)).ToList();
        foreach (var row in all)
        {
            var cells = row.Select((cell, i) => i == row.Length - 1 ? cell : cell.PadRight(widths[i]));
            await run.Context.Out.WriteLineAsync(Printable.Escape(string.Join("  ", cells))).ConfigureAwait(false);
        }
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static DataFolder Folder(ProgramRun run) => new(run.Settings.Text("monitor.data"));

    private static EnrolmentStore Store(ProgramRun run) => new(Folder(run), run.Context.Time);
}
