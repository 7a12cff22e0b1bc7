using System.Globalization;
using ClusterMonitor.Hosting;
using ClusterMonitor.Messages;
using Spectre.Console;

namespace ClusterMonitor.Tui;

/// <summary>The same reports for people: a table on a terminal, plain columns in a pipe.</summary>
internal static class ReportTables
{
    public static void WriteStatus(ProgramContext context, FleetState fleet, Clock clock)
    {
        string[] headings = ["NODE", "STATE", "SINCE", "CPU", "MEM", "SWAP", "DISK", "RX/s", "TX/s", "LOAD", "24h", "REASON"];
        var rows = new List<string[]>();
        var buffer = new char[Format.BufferSize];
        foreach (var row in fleet.Rows.Order(Comparer<FleetRow>.Create((a, b) => NaturalOrder.Compare(a.Name, b.Name))))
        {
            var (vitals, known) = (row.Vitals, row.HasNumbers);
            rows.Add(
            [
                row.Name,
                Format.State(row.State),
                clock.Moment(row.Standing.SinceMs, buffer).ToString(),
                Format.Percent(known ? vitals.Cpu : double.NaN, buffer).ToString(),
                Format.Percent(known ? vitals.Memory : double.NaN, buffer).ToString(),
                Format.Percent(known ? vitals.Swap : double.NaN, buffer).ToString(),
                Format.Percent(known ? vitals.Disk : double.NaN, buffer).ToString(),
                Format.Rate(known ? vitals.RxBytesPerS : double.NaN, buffer).ToString(),
                Format.Rate(known ? vitals.TxBytesPerS : double.NaN, buffer).ToString(),
                Format.Number(known ? vitals.Load1 : double.NaN, buffer).ToString(),
                Format.Availability(row.Standing.Availability24H, buffer).ToString(),
                row.Standing.Reason,
            ]);
        }

        Write(context, headings, rows, numbersFrom: 3, numbersTo: 10, Format.State);
        context.Out.WriteLine(Summary(fleet));
    }

    public static void WriteHistory(ProgramContext context, HistoryAnswer answer, HistorySeries series, Clock clock)
    {
        var buffer = new char[Format.BufferSize];
        var rows = new List<string[]>();
        for (var i = 0; i < series.TimeMs.Count; i++)
        {
            rows.Add([clock.Exact(series.TimeMs[i], buffer).ToString(), Number(series.Min[i]), Number(series.Avg[i]), Number(series.Max[i])]);
        }

        Write(context, ["TIME", "MIN", "AVG", "MAX"], rows, numbersFrom: 1, numbersTo: 3, null);
        var attributes = string.Join(' ', (series.Selector?.Attributes ?? []).OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}"));
        context.Out.WriteLine(Printable.Escape($"{answer.Node}  {series.Selector?.Metric}  {attributes}  unit {series.Unit}, a point each {answer.StepMs / 1000.0:0.###} s"));

        static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
    }

    public static void WriteEvents(ProgramContext context, IEnumerable<EventLine> lines, Clock clock)
    {
        var buffer = new char[Format.BufferSize];
        var rows = lines.Select(l => new[]
        {
            clock.Exact(l.TimeMs, buffer).ToString(),
            l.Name,
            l.Refused ? "" : Format.State(l.From),
            l.Refused ? "refused" : Format.State(l.To),
            l.Reason,
        }).ToList();
        Write(context, ["TIME", "NODE", "FROM", "TO", "REASON"], rows, numbersFrom: 5, numbersTo: 4, null);
    }

    private static string Summary(FleetState fleet)
    {
        var counts = Enum.GetValues<AvailabilityState>()
            .Where(s => fleet.CountOf(s) > 0)
            .Select(s => $"{fleet.CountOf(s)} {Format.State(s)}");
        return Printable.Escape(fleet.Count == 0 ? $"seed {fleet.Seed.Name}: no nodes" : $"seed {fleet.Seed.Name}: {string.Join(", ", counts)}");
    }

    private static void Write(ProgramContext context, string[] headings, List<string[]> rows, int numbersFrom, int numbersTo, Func<AvailabilityState, string>? state)
    {
        if (context.Terminals.Output)
        {
            WriteTable(context, headings, rows, numbersFrom, numbersTo, state is not null);
        }
        else
        {
            WriteColumns(context.Out, headings, rows, numbersFrom, numbersTo);
        }
    }

    private static void WriteTable(ProgramContext context, string[] headings, List<string[]> rows, int numbersFrom, int numbersTo, bool states)
    {
        var table = new Table().Border(TableBorder.Simple);
        for (var i = 0; i < headings.Length; i++)
        {
            var column = new TableColumn(new Text(headings[i], new Spectre.Console.Style(decoration: Decoration.Bold)));
            table.AddColumn(i >= numbersFrom && i <= numbersTo ? column.RightAligned().NoWrap() : column);
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select((cell, i) => new Text(Printable.Escape(cell), states && i == 1 ? new Spectre.Console.Style(Colour(cell)) : null)));
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Out) });
        console.Write(table);
    }

    private static Color Colour(string state) => state switch
    {
        "up" => Color.Green,
        "down" or "unreachable" => Color.Red,
        "suspect" => Color.Yellow,
        "joining" => Color.Blue,
        _ => Color.Grey,
    };

    private static void WriteColumns(TextWriter output, string[] headings, List<string[]> rows, int numbersFrom, int numbersTo)
    {
        var all = rows.Select(r => r.Select(Printable.Escape).ToArray()).Prepend(headings).ToList();
        var widths = headings.Select((_, i) => all.Max(r => Width.OfText(r[i]))).ToArray();
        foreach (var row in all)
        {
            var cells = row.Select((cell, i) =>
            {
                var padding = new string(' ', widths[i] - Width.OfText(cell));
                return i >= numbersFrom && i <= numbersTo ? padding + cell : cell + padding;
            });
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }
}
