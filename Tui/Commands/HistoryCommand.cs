using System.CommandLine;
using System.Globalization;
using ClusterMonitor.Hosting;
using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary><c>Tui history NODE METRIC</c>: one metric of one node over time.</summary>
internal static class HistoryCommand
{
    /// <summary>Steps that make readable series; the first that gives no more than <see cref="Readable"/> points is taken.</summary>
    private static readonly int[] StepsInSeconds = [10, 30, 60, 300, 600, 1800, 3600, 21_600, 86_400];
    private const int Readable = 2000;

    public static void Add(ProgramRunner runner)
    {
        var verb = runner.Root.Verb("history", "One metric of a node over time");
        var node = new Argument<string>("NODE") { Description = "Name or id" };
        var metric = new Argument<string>("METRIC") { Description = "Such as system.cpu.utilization" };
        var attributes = new Option<string[]>("--attr") { HelpName = "KEY=VALUE", Description = "An attribute, such as device=eth0 (may be repeated)" };
        var step = new Option<string>("--step") { HelpName = "DURATION", Description = "A point each so often [default: 10s, more for long times]" };
        var json = new Option<bool>("--json") { Description = "As one JSON object" };
        var csv = new Option<bool>("--csv") { Description = "As comma-separated values" };
        var span = new TimeSpanOptions();
        verb.Command.Add(node);
        verb.Command.Add(metric);
        verb.Command.Add(attributes);
        span.AddTo(verb.Command);
        verb.Command.Add(step);
        verb.Command.Add(json);
        verb.Command.Add(csv);
        verb.OnRun(async run =>
        {
            var arguments = run.Arguments;
            if (arguments.GetValue(json) && arguments.GetValue(csv))
            {
                throw new UsageError("give either --json or --csv, not both");
            }

            var (from, to) = span.Read(arguments, run.Context.Time);
            var every = TimeSpanOptions.Duration("--step", arguments.GetValue(step), DefaultStep(to - from));
            var selector = new MetricSelector { Metric = arguments.GetRequiredValue(metric) };
            foreach (var text in arguments.GetValue(attributes) ?? [])
            {
                if (!Labels.TryParse(text, out var attribute, out var problem))
                {
                    throw new UsageError($"--attr is \"{text}\"; it {problem}");
                }

                selector.Attributes[attribute.Key] = attribute.Value;
            }

            var query = new HistoryQuery { Node = arguments.GetRequiredValue(node), FromMs = from, ToMs = to, StepMs = (long)every.TotalMilliseconds };
            query.Selectors.Add(selector);
            await using var link = SeedLink.Open(run);
            var answer = await link.AskAsync<HistoryAnswer>(query).ConfigureAwait(false);
            var series = answer.Series.Count > 0 ? answer.Series[0] : new HistorySeries();
            series.Selector ??= selector;
            Write(run.Context, answer, series, arguments.GetValue(json), arguments.GetValue(csv));
            return ExitCodes.Done;
        });
    }

    /// <summary>10 s as long as that stays readable.</summary>
    internal static TimeSpan DefaultStep(long spanMs)
    {
        foreach (var seconds in StepsInSeconds)
        {
            if (spanMs / 1000 / seconds <= Readable)
            {
                return TimeSpan.FromSeconds(seconds);
            }
        }

        return TimeSpan.FromDays(7);
    }

    /// <summary>RFC 4180, numbers so that they read back the same.</summary>
    internal static void WriteCsv(TextWriter output, HistorySeries series)
    {
        var culture = CultureInfo.InvariantCulture;
        output.Write("time_ms,min,avg,max\r\n");
        for (var i = 0; i < series.TimeMs.Count; i++)
        {
            output.Write(string.Create(culture, $"{series.TimeMs[i]},{series.Min[i]:R},{series.Avg[i]:R},{series.Max[i]:R}\r\n"));
        }
    }

    private static void Write(ProgramContext context, HistoryAnswer answer, HistorySeries series, bool json, bool csv)
    {
        if (json)
        {
            context.Out.WriteLine(Json.Text(writer => ReportJson.WriteHistory(writer, answer, series)));
        }
        else if (csv)
        {
            WriteCsv(context.Out, series);
        }
        else
        {
            ReportTables.WriteHistory(context, answer, series, new Clock(context.Time));
        }
    }
}
