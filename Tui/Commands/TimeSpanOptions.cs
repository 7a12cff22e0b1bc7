using System.CommandLine;
using ClusterMonitor.Hosting;
using Hocon;

namespace ClusterMonitor.Tui;

/// <summary><c>--since 1h</c>, or <c>--from T --to T</c>.</summary>
internal sealed class TimeSpanOptions
{
    private static readonly TimeSpan Default = TimeSpan.FromHours(1);

    private readonly Option<string> _since = new("--since") { HelpName = "DURATION", Description = "So far back from now [default: 1h]" };
    private readonly Option<string> _from = new("--from") { HelpName = "TIME", Description = $"Beginning: {Moments.Hint}" };
    private readonly Option<string> _to = new("--to") { HelpName = "TIME", Description = "End [default: now]" };

    public void AddTo(Command command)
    {
        command.Add(_since);
        command.Add(_from);
        command.Add(_to);
    }

    /// <summary>Beginning (inclusive) and end (exclusive), Unix milliseconds.</summary>
    /// <exception cref="UsageError">Not a time, both ways at once, or the end before the beginning.</exception>
    public (long FromMs, long ToMs) Read(System.CommandLine.ParseResult arguments, TimeProvider time)
    {
        var (since, from, to) = (arguments.GetValue(_since), arguments.GetValue(_from), arguments.GetValue(_to));
        if (since is not null && (from is not null || to is not null))
        {
            throw new UsageError("give either --since or --from and --to, not both");
        }

        if (to is not null && from is null)
        {
            throw new UsageError("--to needs --from");
        }

        var end = to is null ? time.GetUtcNow() : Moment("--to", to, time);
        var begin = from is null ? end - Duration("--since", since, Default) : Moment("--from", from, time);
        return begin < end
            ? (begin.ToUnixTimeMilliseconds(), end.ToUnixTimeMilliseconds())
            : throw new UsageError("the end of the time asked for is not after its beginning");
    }

    /// <summary>A duration of an option.</summary>
    public static TimeSpan Duration(string option, string? text, TimeSpan otherwise)
    {
        if (text is null)
        {
            return otherwise;
        }

        return HoconUnits.TryDuration(text, out var value) && value > TimeSpan.Zero && value < TimeSpan.FromDays(36_500)
            ? value
            : throw new UsageError($"{option} is \"{text}\"; it must be a duration such as 10s, 5m, 2h, 1d");
    }

    private static DateTimeOffset Moment(string option, string text, TimeProvider time) =>
        Moments.TryParse(text, time, out var value) ? value : throw new UsageError($"{option} is \"{text}\"; it must be {Moments.Hint}");
}
