using System.CommandLine;
using System.Globalization;
using System.Threading.Channels;
using ClusterMonitor.Hosting;
using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary><c>Tui frame</c>: what a dashboard of some size would show, as plain text.</summary>
internal static class FrameCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void Add(ProgramRunner runner)
    {
        var names = ViewCatalog.Create().Select(v => v.Name).ToArray();
        var verb = runner.Root.Verb("frame", "One frame of the dashboard as plain text");
        var view = new Option<string>("--view") { HelpName = "NAME", Description = $"{string.Join(", ", names)} [default: {names[0]}]" };
        var size = new Option<string>("--size") { HelpName = "COLUMNSxROWS", Description = "[default: 120x40]" };
        var node = new Option<string>("--node") { HelpName = "NODE", Description = "The node of the view \"node\" [default: the first]" };
        verb.Command.Add(view);
        verb.Command.Add(size);
        verb.Command.Add(node);
        verb.OnRun(async run =>
        {
            var name = run.Arguments.GetValue(view) ?? names[0];
            if (!names.Contains(name))
            {
                throw new UsageError($"--view is \"{name}\"; it must be one of {string.Join(", ", names)}");
            }

            var (width, height) = ReadSize(run.Arguments.GetValue(size) ?? "120x40");
            var text = await RenderAsync(run, name, run.Arguments.GetValue(node), width, height).ConfigureAwait(false);
            run.Context.Out.Write(text);
            return ExitCodes.Done;
        });
    }

    /// <summary>Columns and rows.</summary>
    internal static (int Width, int Height) ReadSize(string text)
    {
        var parts = text.Split('x');
        return parts.Length == 2 && Side(parts[0], out var width) && Side(parts[1], out var height)
            ? (width, height)
            : throw new UsageError($"--size is \"{text}\"; it must be COLUMNSxROWS such as 120x40, each from 1 to 1000");

        static bool Side(string part, out int value) =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is >= 1 and <= 1000;
    }

    private static async Task<string> RenderAsync(ProgramRun run, string viewName, string? nodeName, int width, int height)
    {
        await using var link = SeedLink.Open(run);
        string? Variable(string name) => run.Context.Environment.GetValueOrDefault(name);
        var theme = new Theme(ColourDepth.None, Theme.IsUtf8(Variable) ? GlyphTier.Full : GlyphTier.Ascii);
        var time = run.Context.Time;
        var state = new AppState(new Clock(time), link.Seed.ToString(), theme);
        var channel = Channel.CreateUnbounded<AppMessage>();
        var settings = new ClientSettings(Viewer.Name(Variable), ProgramContext.Version, time, state.Node.Charts);
        Action<AppMessage> post = message => channel.Writer.TryWrite(message);
        var door = link.Door;
        var client = link.System.ActorOf(Props.Create(() => new DashboardClient(door, settings, post)), "dashboard-client");
        var view = state.Views.Single(v => v.Name == viewName);
        await FillAsync(state, view, nodeName, channel.Reader, m => client.Tell(m, ActorRefs.NoSender), time).ConfigureAwait(false);
        if (!state.Fleet.IsKnown)
        {
            var why = state.ConnectionProblem.Length > 0 ? $": {state.ConnectionProblem}" : "";
            throw new UserError($"no answer from seed {link.Seed} in {Patience.TotalSeconds:0} s{why}; is it running there? Start it with Seed, or say where it is with --seed HOST:PORT");
        }

        var screen = new Screen(width, height);
        Page.Draw(screen, state, theme);
        return screen.Dump(trimRight: true);
    }

    /// <summary>Takes what comes until the view has all it shows, or patience ends.</summary>
    internal static async Task FillAsync(
        AppState state, IView view, string? nodeName, ChannelReader<AppMessage> messages, Action<object> toClient, TimeProvider time)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        var told = state.Wants;
        try
        {
            while (!(state.Fleet.IsKnown && state.View == view && view.IsReady(state)))
            {
                var message = await messages.ReadAsync(patience.Token).ConfigureAwait(false);
                if (!Update.Apply(state, message))
                {
                    toClient(FleetUnclear.Instance);
                }

                if (message is FleetArrived)
                {
                    toClient(FrameDrawn.Instance);
                    Open(state, view, nodeName);
                }

                if (state.Wants != told)
                {
                    told = state.Wants;
                    toClient(told);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It shows what is there; the caller looks whether anything is.
        }
    }

    private static void Open(AppState state, IView view, string? nodeName)
    {
        if (nodeName is not null)
        {
            var row = state.Fleet.FindByName(nodeName) ?? throw new UserError($"the seed knows no node {nodeName}; Tui status lists them");
            state.Nodes.Select(row.Id);
            state.Node.Open(row.Id);
        }

        if (state.View != view)
        {
            state.Show(view);
        }
    }
}
