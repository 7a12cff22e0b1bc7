using System.CommandLine;
using System.Text.Json;
using ClusterMonitor.Hosting;
using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary><c>Tui status</c>: the fleet, once.</summary>
internal static class StatusCommand
{
    public static void Add(ProgramRunner runner)
    {
        var verb = runner.Root.Verb("status", "The fleet as it is now, once");
        var json = new Option<bool>("--json") { Description = "As one JSON object" };
        var at = new Option<string>("--at") { Description = "As it was at a time", HelpName = "TIME" };
        verb.Command.Add(json);
        verb.Command.Add(at);
        verb.OnRun(async run =>
        {
            if (run.Arguments.GetValue(at) is not null)
            {
                throw new UsageError("status --at is not there yet: it comes with the history of the whole fleet; without --at it shows the fleet as it is now");
            }

            await using var link = SeedLink.Open(run);
            var fleet = new FleetState();
            fleet.Apply(await link.AskAsync<FleetFrame>(new FleetPull()).ConfigureAwait(false));
            var clock = new Clock(run.Context.Time);
            clock.SeedSaid(fleet.TimeMs);
            if (run.Arguments.GetValue(json))
            {
                run.Context.Out.WriteLine(Json.Text(writer => ReportJson.WriteStatus(writer, fleet)));
            }
            else
            {
                ReportTables.WriteStatus(run.Context, fleet, clock);
            }

            return ExitCodes.Done;
        });
    }
}

/// <summary>JSON as a line of text.</summary>
internal static class Json
{
    private static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
