using System.CommandLine;
using ClusterMonitor.Hosting;
using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary><c>Tui events</c>: what happened to the fleet, oldest first.</summary>
internal static class EventsCommand
{
    public static void Add(ProgramRunner runner)
    {
        var verb = runner.Root.Verb("events", "Changes of state, oldest first");
        var json = new Option<bool>("--json") { Description = "One JSON object per line" };
        var span = new TimeSpanOptions();
        span.AddTo(verb.Command);
        verb.Command.Add(json);
        verb.OnRun(async run =>
        {
            var (from, to) = span.Read(run.Arguments, run.Context.Time);
            await using var link = SeedLink.Open(run);
            var answer = await link.AskAsync<EventsAnswer>(new EventsQuery { FromMs = from, ToMs = to }).ConfigureAwait(false);
            var log = new EventLog(int.MaxValue);
            log.Take(answer);
            log.Lines.Reverse();
            if (!run.Arguments.GetValue(json))
            {
                ReportTables.WriteEvents(run.Context, log.Lines, new Clock(run.Context.Time));
                return ExitCodes.Done;
            }

            foreach (var line in log.Lines)
            {
                run.Context.Out.WriteLine(Json.Text(writer => ReportJson.WriteEvent(writer, line)));
            }

            return ExitCodes.Done;
        });
    }
}
