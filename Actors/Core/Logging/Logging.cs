namespace Actors.Core;

/// <summary>Makes loggers.</summary>
public static class Logging
{
    /// <summary>A logger named after the source: an actor's path, a type's name, or the text itself.</summary>
    public static ILoggingAdapter GetLogger(ActorSystem system, object logSourceObj) =>
        new BusLogging(((ExtendedActorSystem)system).Impl, SourceName(logSourceObj), ClassOf(logSourceObj));

    /// <summary>A logger named after the actor whose context this is.</summary>
    public static ILoggingAdapter GetLogger(this IActorContext context)
    {
        var cell = (ActorCell)context;
        return new BusLogging(cell.SystemImpl, cell.Self.Path.ToString(), cell.Props.Type);
    }

    /// <summary>The level of a configured word: DEBUG, INFO, WARNING, ERROR; OFF gives a level above all.</summary>
    public static LogLevel LogLevelFor(string? logLevel) => logLevel?.Trim().ToUpperInvariant() switch
    {
        "DEBUG" => LogLevel.DebugLevel,
        "INFO" or null or "" => LogLevel.InfoLevel,
        "WARNING" => LogLevel.WarningLevel,
        "ERROR" => LogLevel.ErrorLevel,
        "OFF" => LogLevel.ErrorLevel + 1,
        _ => throw new ArgumentException($"unknown log level '{logLevel}'", nameof(logLevel)),
    };

    private static string SourceName(object source) => source switch
    {
        string text => text,
        IActorRef actor => actor.Path.ToString(),
        IActorContext context => context.Self.Path.ToString(),
        ActorBase actor => actor.Cell.Self.Path.ToString(),
        Type type => type.Name,
        ActorSystem system => $"ActorSystem({system.Name})",
        _ => source.GetType().Name,
    };

    private static Type ClassOf(object source) => source switch
    {
        Type type => type,
        IActorContext context => context.Props.Type,
        _ => source.GetType(),
    };
}

/// <summary>Publishes log entries on the system's event stream, if anybody listens.</summary>
internal sealed class BusLogging(ActorSystemImpl system, string source, Type logClass) : ILoggingAdapter
{
    public ILogMessageFormatter Formatter => DefaultLogMessageFormatter.Instance;

    public bool IsDebugEnabled => IsEnabled(LogLevel.DebugLevel);

    public bool IsInfoEnabled => IsEnabled(LogLevel.InfoLevel);

    public bool IsWarningEnabled => IsEnabled(LogLevel.WarningLevel);

    public bool IsErrorEnabled => IsEnabled(LogLevel.ErrorLevel);

    public bool IsEnabled(LogLevel logLevel) => logLevel >= system.MinimumLogLevel;

    public void Log(LogLevel logLevel, Exception? cause, string format) => Write(logLevel, cause, format);

    public void Log(LogLevel logLevel, Exception? cause, LogMessage message) => Write(logLevel, cause, message);

    private void Write(LogLevel logLevel, Exception? cause, object message)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        system.PublishLog(logLevel switch
        {
            LogLevel.DebugLevel => new Debug(cause, source, logClass, message),
            LogLevel.InfoLevel => new Info(cause, source, logClass, message),
            LogLevel.WarningLevel => new Warning(cause, source, logClass, message),
            _ => new Error(cause, source, logClass, message),
        });
    }
}
