using ClusterMonitor.Hosting;

namespace ClusterMonitor.Tui;

/// <summary><c>Tui</c> alone: the dashboard.</summary>
internal static class DashboardCommand
{
    public static void Add(ProgramRunner runner)
    {
        runner.Root.Option("--seed", "monitor.dashboard.seed", "HOST:PORT", "The seed to watch [default: 127.0.0.1:4053]", OptionChecks.Address, recursive: true);
        runner.Root.Option("--colors", "monitor.dashboard.colors", "DEPTH", "auto, none, 16, 256 or truecolor [default: auto]", OptionChecks.OneOf(Appearance.Depths));
        runner.Root.Option("--glyphs", "monitor.dashboard.glyphs", "TIER", "auto, full, basic or ascii [default: auto]", OptionChecks.OneOf(Appearance.Tiers));
        runner.Root.Flag("--no-mouse", "monitor.dashboard.mouse", value: false, "Leave the mouse to the terminal");
        runner.Root.OnRun(run => RunAsync(run, JoinCommand.Seed(run.Settings)));
    }

    /// <summary>Draws the dashboard of a seed in another process until the person quits.</summary>
    public static async Task<int> RunAsync(ProgramRun run, HostPort seed)
    {
        string? Variable(string name) => run.Context.Environment.GetValueOrDefault(name);
        if (!run.Context.Terminals.CanDraw)
        {
            throw new UserError("the dashboard needs a terminal; in a script use Tui status, Tui events, Tui history or Tui frame");
        }

        if (Variable("TERM") is null or "" or "dumb")
        {
            throw new UserError($"the dashboard can't be drawn on a terminal of type \"{Variable("TERM")}\"; set TERM to what it is, or use Tui status");
        }

        await using var link = SeedLink.Open(run, seed);
        var end = await Dashboard.RunAsync(link.System, link.Door, Options(run, link.Seed), CancellationToken.None).ConfigureAwait(false);

        // What a shell expects of a program that a signal ended.
        return end == AppEnd.Ended ? 143 : ExitCodes.Done;
    }

    /// <summary>How to draw, as the settings say.</summary>
    public static DashboardOptions Options(ProgramRun run, HostPort seed) => new()
    {
        SeedAddress = seed.ToString(),
        Who = Viewer.Name(run.Context.Environment.GetValueOrDefault),
        Version = ProgramContext.Version,
        Time = run.Context.Time,
        Environment = run.Context.Environment.GetValueOrDefault,
        Depth = Appearance.Depth(run.Settings),
        Tier = Appearance.Tier(run.Settings),
        Mouse = run.Settings.Flag("monitor.dashboard.mouse"),
    };
}

/// <summary>Colours and shapes as the settings ask for them.</summary>
internal static class Appearance
{
    public static readonly string[] Depths = ["auto", "none", "16", "256", "truecolor"];
    public static readonly string[] Tiers = ["auto", "full", "basic", "ascii"];

    /// <summary>Null: as the terminal says.</summary>
    public static ColourDepth? Depth(MonitorSettings settings) => settings.Word("monitor.dashboard.colors", Depths) switch
    {
        "none" => ColourDepth.None,
        "16" => ColourDepth.Ansi16,
        "256" => ColourDepth.Xterm256,
        "truecolor" => ColourDepth.TrueColour,
        _ => null,
    };

    /// <summary>Null: as the terminal says.</summary>
    public static GlyphTier? Tier(MonitorSettings settings) => settings.Word("monitor.dashboard.glyphs", Tiers) switch
    {
        "full" => GlyphTier.Full,
        "basic" => GlyphTier.Basic,
        "ascii" => GlyphTier.Ascii,
        _ => null,
    };
}

/// <summary>Who looks.</summary>
internal static class Viewer
{
    /// <summary>user@host; over SSH the host that they came from.</summary>
    public static string Name(Func<string, string?> environment)
    {
        var user = environment("USER") is { Length: > 0 } name ? name : Environment.UserName;
        var from = environment("SSH_CONNECTION")?.Split(' ')[0];
        return $"{user}@{(from is { Length: > 0 } ? from : Environment.MachineName)}";
    }
}
