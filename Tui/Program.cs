using ClusterMonitor.Hosting;
using ClusterMonitor.Tui;

var runner = new ProgramRunner(
    ProgramContext.OfThisProcess("Tui", TimeProvider.System, new Random()),
    "The dashboard: watches the fleet of a seed, and answers scripts");
DashboardCommand.Add(runner);
StatusCommand.Add(runner);
HistoryCommand.Add(runner);
EventsCommand.Add(runner);
FrameCommand.Add(runner);
JoinCommand.Add(runner);
return await runner.RunAsync(args).ConfigureAwait(false);
