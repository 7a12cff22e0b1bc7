using ClusterMonitor.Hosting;
using ClusterMonitor.Tui;

namespace ClusterMonitor.Seed;

/// <summary><c>Seed</c> without a verb: a service, and on a terminal the dashboard with it.</summary>
internal static class SeedRun
{
    private const string Source = "seed";

    /// <summary>Runs until somebody stops it.</summary>
    public static async Task<int> RunAsync(ProgramRun run)
    {
        var (context, settings) = (run.Context, run.Settings);
        var draws = context.Terminals.CanDraw && !settings.Flag("monitor.seed.headless");
        var folder = new DataFolder(settings.Text("monitor.data"));
        folder.Create(folder.Seed);
        using var alone = SeedLock.TryTake(folder, out var running);
        if (alone is null)
        {
            return draws && running is { } other
                ? await DashboardCommand.RunAsync(run, other).ConfigureAwait(false)
                : throw Taken(folder, running);
        }

        using var log = draws ? ProgramLog.ToFile(context, settings, folder.SeedLog) : ProgramLog.ToStandardError(context, settings);
        var options = new SeedOptions(settings, folder, settings.Name("monitor.name", Environment.MachineName), context.Time, context.Dice);
        var stop = new TaskCompletionSource<CoordinatedShutdown.Reason>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var undraw = new CancellationTokenSource();
        using var signals = new ProgramSignals(signal => stop.TrySetResult(new SignalReason(signal)), draws ? undraw.Cancel : null);
        using var service = new ServiceNotifier(context.Environment, context.Time);
        using var agent = options.OwnAgent ? OwnAgent.Prepare(options, log) : null;
        var host = await SeedHost.StartAsync(options, log).ConfigureAwait(false);
        alone.Tell(host.Address);
        agent?.Start(host.System);
        service.Ready($"listens on {host.Address}");
        var drawing = draws ? DrawAsync(run, host, log, stop, undraw.Token) : Task.CompletedTask;

        var why = await stop.Task.ConfigureAwait(false);
        service.Stopping();
        log.Info(Source, $"Stops: {why.GetType().Name}");
        await undraw.CancelAsync().ConfigureAwait(false);
        await drawing.ConfigureAwait(false);
        await host.StopAsync(why).ConfigureAwait(false);
        return ExitCodes.Done;
    }

    /// <summary>Draws on this terminal. A person who quits stops the seed; a terminal that goes away does not.</summary>
    private static async Task DrawAsync(
        ProgramRun run,
        SeedHost host,
        ProgramLog log,
        TaskCompletionSource<CoordinatedShutdown.Reason> stop,
        CancellationToken undraw)
    {
        var options = DashboardCommand.Options(run, host.Address) with
        {
            HandleSignals = false,
            MaySuspend = false,
            AskBeforeQuit = () => new QuitDecision(QuitQuestion(host)),
        };
        try
        {
            if (await Dashboard.RunAsync(host.System, host.Door, options, undraw).ConfigureAwait(false) == AppEnd.Quit)
            {
                stop.TrySetResult(UserReason.Instance);
            }
            else if (!stop.Task.IsCompleted)
            {
                log.Info(Source, "The terminal is gone; goes on without it");
            }
        }
        catch (IOException e)
        {
            log.Warning(Source, $"The dashboard can't be drawn; goes on without it: {e.Message}");
        }
    }

    /// <summary>Null: nobody else would notice.</summary>
    private static string? QuitQuestion(SeedHost host)
    {
        var peers = host.ConnectedAsync();
        try
        {
            // The dashboard's own loop asks, between two frames; the answer comes from this process.
            peers.Wait(TimeSpan.FromSeconds(1));
        }
        catch (AggregateException)
        {
            return "Stop the seed? It does not say who is connected.";
        }

        return peers.IsCompleted ? QuitWords.Question(peers.Result) : "Stop the seed? It does not say who is connected.";
    }

    private static UserError Taken(DataFolder folder, HostPort? running)
    {
        var where = running is { } at ? $", at {at}: watch it with `Tui --seed {at} --data {folder.Path}`, stop it" : ": stop it";
        return new UserError($"a seed already runs on {folder.Path}{where}, or give --data another folder");
    }
}
