namespace Actors.Core;

/// <summary>How important a log entry is.</summary>
public enum LogLevel
{
    /// <summary>For developers.</summary>
    DebugLevel,

    /// <summary>Worth knowing.</summary>
    InfoLevel,

    /// <summary>Something is not as it should be.</summary>
    WarningLevel,

    /// <summary>Something failed.</summary>
    ErrorLevel,
}

/// <summary>A log entry, published on the event stream; programs subscribe to it and write their own logs.</summary>
public abstract class LogEvent : INoSerializationVerificationNeeded
{
    private protected LogEvent(Exception? cause, string logSource, Type logClass, object message)
    {
        Cause = cause!;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
        Thread = Thread.CurrentThread;
    }

    /// <summary>The exception, if any.</summary>
    public Exception Cause { get; protected set; }

    /// <summary>UTC; set by the system's clock when it is published.</summary>
    public DateTime Timestamp { get; internal set; }

    /// <summary>The thread that logged.</summary>
    public Thread Thread { get; }

    /// <summary>Who logged: an actor's path, or a name.</summary>
    public string LogSource { get; protected set; }

    /// <summary>The class that logged.</summary>
    public Type LogClass { get; protected set; }

    /// <summary>The text, or a <see cref="LogMessage"/> whose ToString formats it.</summary>
    public object Message { get; protected set; }

    /// <summary>How important it is.</summary>
    public abstract LogLevel LogLevel();

    /// <inheritdoc/>
    public override string ToString() =>
        Cause is null
            ? $"[{LogLevel().ToString().Replace("Level", "", StringComparison.Ordinal).ToUpperInvariant()}][{Timestamp:O}][{LogSource}] {Message}"
            : $"[{LogLevel().ToString().Replace("Level", "", StringComparison.Ordinal).ToUpperInvariant()}][{Timestamp:O}][{LogSource}] {Message}{Environment.NewLine}Cause: {Cause}";
}

/// <summary>Something failed.</summary>
public class Error : LogEvent
{
    /// <summary>Of this cause, from this source.</summary>
    public Error(Exception? cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Core.LogLevel.ErrorLevel;
}

/// <summary>Something is not as it should be.</summary>
public class Warning : LogEvent
{
    /// <summary>From this source.</summary>
    public Warning(string logSource, Type logClass, object message)
        : this(null, logSource, logClass, message)
    {
    }

    /// <summary>Of this cause, from this source.</summary>
    public Warning(Exception? cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Core.LogLevel.WarningLevel;
}

/// <summary>Worth knowing.</summary>
public class Info : LogEvent
{
    /// <summary>From this source.</summary>
    public Info(string logSource, Type logClass, object message)
        : this(null, logSource, logClass, message)
    {
    }

    /// <summary>Of this cause, from this source.</summary>
    public Info(Exception? cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Core.LogLevel.InfoLevel;
}

/// <summary>For developers.</summary>
public class Debug : LogEvent
{
    /// <summary>From this source.</summary>
    public Debug(string logSource, Type logClass, object message)
        : this(null, logSource, logClass, message)
    {
    }

    /// <summary>Of this cause, from this source.</summary>
    public Debug(Exception? cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Core.LogLevel.DebugLevel;
}

/// <summary>Puts a format and its arguments together.</summary>
public interface ILogMessageFormatter
{
    /// <summary>The text.</summary>
    string Format(string format, params object[] args);
}

/// <summary>Formats as <see cref="string.Format(string, object[])"/> does, and never throws.</summary>
public sealed class DefaultLogMessageFormatter : ILogMessageFormatter
{
    /// <summary>The only one.</summary>
    public static readonly DefaultLogMessageFormatter Instance = new();

    private DefaultLogMessageFormatter()
    {
    }

    /// <inheritdoc/>
    public string Format(string format, params object[] args)
    {
        try
        {
            return args.Length == 0 ? format : string.Format(System.Globalization.CultureInfo.InvariantCulture, format, args);
        }
        catch (FormatException)
        {
            return $"{format} ({string.Join(", ", args)})";
        }
    }
}

/// <summary>A text that is put together only when somebody reads it.</summary>
public class LogMessage(ILogMessageFormatter formatter, string format, params object?[] args)
{
    /// <summary>The format.</summary>
    public string Format { get; } = format;

    /// <summary>The arguments.</summary>
    public IEnumerable<object> Parameters() => args!;

    /// <inheritdoc/>
    public override string ToString() => formatter.Format(Format, args!);
}
