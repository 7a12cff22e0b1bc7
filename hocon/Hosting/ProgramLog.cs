namespace ClusterMonitor.Hosting;

/// <summary>The program's log: to stderr or to a file, never to stdout, which is for results and the dashboard. Usable from any thread.</summary>
public sealed class ProgramLog : IDisposable
{
    private readonly TextWriter _writer;
    private readonly bool _ownsWriter;
    private readonly TimeProvider _time;
    private readonly LogLevel _least;
    private readonly object _lock = new();

    private ProgramLog(TextWriter writer, bool ownsWriter, TimeProvider time, MonitorSettings settings)
    {
        _writer = writer;
        _ownsWriter = ownsWriter;
        _time = time;
        _least = (LogLevel)ProgramLogging.Levels.IndexOf(settings.Word(ProgramLogging.LevelKey, ProgramLogging.Levels));
    }

    /// <summary>To stderr.</summary>
    public static ProgramLog ToStandardError(ProgramContext context, MonitorSettings settings)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(settings);
        return new ProgramLog(context.Error, ownsWriter: false, context.Time, settings);
    }

    /// <summary>To a file that is set aside when it is full.</summary>
    /// <exception cref="UserError">It can't be opened.</exception>
    public static ProgramLog ToFile(ProgramContext context, MonitorSettings settings, string path)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(settings);
        var file = new RotatingFile(path, settings.Size("monitor.log.file-size", 1024), settings.Integer("monitor.log.files", 0, 1000));
        return new ProgramLog(file, ownsWriter: true, context.Time, settings);
    }

    /// <summary>For developers.</summary>
    public void Debug(string source, string text) => Write(LogLevel.DebugLevel, source, text);

    /// <summary>Worth knowing.</summary>
    public void Info(string source, string text) => Write(LogLevel.InfoLevel, source, text);

    /// <summary>Something is not as it should be.</summary>
    public void Warning(string source, string text) => Write(LogLevel.WarningLevel, source, text);

    /// <summary>Something failed.</summary>
    public void Error(string source, string text) => Write(LogLevel.ErrorLevel, source, text);

    /// <summary>Writes what a system's actors and the engine log, from now until the system ends.</summary>
    public void Attach(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        var listener = system.ActorOf(Props.Create(() => new LogListener(this)), "log");
        system.EventStream.Subscribe(listener, typeof(LogEvent));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsWriter)
        {
            _writer.Dispose();
        }
    }

    internal void Write(LogEvent entry)
    {
        var text = entry.Message?.ToString() ?? "";
        if (entry.Cause is { } cause)
        {
            // The whole trace, on one line, only for those who asked for it.
            text += _least == LogLevel.DebugLevel ? $": {cause}" : $": {cause.GetType().Name}: {cause.Message}";
        }

        Write(new DateTimeOffset(entry.Timestamp.ToUniversalTime()), entry.LogLevel(), ProgramLogging.ShortSource(entry.LogSource), text);
    }

    private void Write(LogLevel level, string source, string text) => Write(_time.GetUtcNow(), level, source, text);

    private void Write(DateTimeOffset time, LogLevel level, string source, string text)
    {
        if (level < _least)
        {
            return;
        }

        var line = ProgramLogging.Line(time, level, source, text);
        lock (_lock)
        {
            _writer.WriteLine(line);
        }
    }
}

/// <summary>Takes log entries from the event stream to the program's log.</summary>
internal sealed class LogListener : UntypedActor
{
    private readonly ProgramLog _log;

    /// <summary>To this log.</summary>
    public LogListener(ProgramLog log) => _log = log;

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (message is LogEvent entry)
        {
            _log.Write(entry);
        }
    }
}
