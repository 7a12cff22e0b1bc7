namespace ClusterMonitor.Hosting;

/// <summary>Writes what the actors of a system log, a line each: to stderr, or to a file while the screen is drawn on.</summary>
public sealed class LogWriter : ReceiveActor
{
    private readonly TextWriter _into;

    /// <summary>Writes into this; it is flushed after each line, and not closed.</summary>
    public LogWriter(TextWriter into)
    {
        ArgumentNullException.ThrowIfNull(into);
        _into = into;
        Receive<LogEvent>(Write);
    }

    /// <summary>Lets a system log into this writer from now on.</summary>
    public static void Attach(ActorSystem system, TextWriter into)
    {
        ArgumentNullException.ThrowIfNull(system);
        var writer = system.ActorOf(Props.Create(() => new LogWriter(into)), "log");
        system.EventStream.Subscribe(writer, typeof(LogEvent));
    }

    private void Write(LogEvent e)
    {
        var text = e.Message?.ToString() ?? "";
        if (e.Cause is { } cause && !text.Contains(cause.Message, StringComparison.Ordinal))
        {
            text = $"{text}: {cause.GetType().Name}: {cause.Message}";
        }

        var source = ActorPath.TryParse(e.LogSource, out var path) ? path.ToStringWithoutAddress() : e.LogSource;
        _into.WriteLine(ProgramLogging.Line(new DateTimeOffset(e.Timestamp, TimeSpan.Zero), (int)e.LogLevel(), source, text));
        _into.Flush();
    }
}
