namespace Actors.Core;

/// <summary>Takes log entries; the ways to write one are in <see cref="LoggingExtensions"/>.</summary>
public interface ILoggingAdapter
{
    /// <summary>Puts formats and arguments together.</summary>
    ILogMessageFormatter Formatter { get; }

    /// <summary>Whether debug entries are wanted.</summary>
    bool IsDebugEnabled { get; }

    /// <summary>Whether info entries are wanted.</summary>
    bool IsInfoEnabled { get; }

    /// <summary>Whether warnings are wanted.</summary>
    bool IsWarningEnabled { get; }

    /// <summary>Whether errors are wanted.</summary>
    bool IsErrorEnabled { get; }

    /// <summary>Whether entries of this level are wanted.</summary>
    bool IsEnabled(LogLevel logLevel);

    /// <summary>Logs a text.</summary>
    void Log(LogLevel logLevel, Exception? cause, string format);

    /// <summary>Logs a text put together when read.</summary>
    void Log(LogLevel logLevel, Exception? cause, LogMessage message);
}

/// <summary>The ways to log; a format has places <c>{0}</c>, <c>{1}</c>, … for its arguments.</summary>
public static class LoggingExtensions
{
    /// <summary>Logs a text.</summary>
    public static void Log(this ILoggingAdapter log, LogLevel level, string format, params object?[] args) => Write(log, level, null, format, args);

    /// <summary>Logs a text with an exception.</summary>
    public static void Log(this ILoggingAdapter log, LogLevel level, Exception? cause, string format, params object?[] args) => Write(log, level, cause, format, args);

    /// <summary>Logs at level debug.</summary>
    public static void Debug(this ILoggingAdapter log, string format) => log.Log(LogLevel.DebugLevel, null, format);

    /// <summary>Logs at level debug.</summary>
    public static void Debug(this ILoggingAdapter log, Exception? cause, string format) => log.Log(LogLevel.DebugLevel, cause, format);

    /// <summary>Logs at level debug.</summary>
    public static void Debug(this ILoggingAdapter log, string format, params object?[] args) => Write(log, LogLevel.DebugLevel, null, format, args);

    /// <summary>Logs at level debug.</summary>
    public static void Debug(this ILoggingAdapter log, Exception? cause, string format, params object?[] args) => Write(log, LogLevel.DebugLevel, cause, format, args);

    /// <summary>Logs at level debug.</summary>
    public static void Debug<T1>(this ILoggingAdapter log, string format, T1 arg1)
    {
        if (log.IsEnabled(LogLevel.DebugLevel))
        {
            Write(log, LogLevel.DebugLevel, null, format, [arg1]);
        }
    }

    /// <summary>Logs at level debug.</summary>
    public static void Debug<T1, T2>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2)
    {
        if (log.IsEnabled(LogLevel.DebugLevel))
        {
            Write(log, LogLevel.DebugLevel, null, format, [arg1, arg2]);
        }
    }

    /// <summary>Logs at level debug.</summary>
    public static void Debug<T1, T2, T3>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsEnabled(LogLevel.DebugLevel))
        {
            Write(log, LogLevel.DebugLevel, null, format, [arg1, arg2, arg3]);
        }
    }

    /// <summary>Logs at level debug.</summary>
    public static void Debug<T1>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1) => Write(log, LogLevel.DebugLevel, cause, format, [arg1]);

    /// <summary>Logs at level debug.</summary>
    public static void Debug<T1, T2>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2) => Write(log, LogLevel.DebugLevel, cause, format, [arg1, arg2]);

    /// <summary>Logs at level debug.</summary>
    public static void Debug<T1, T2, T3>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3) => Write(log, LogLevel.DebugLevel, cause, format, [arg1, arg2, arg3]);

    /// <summary>Logs at level info.</summary>
    public static void Info(this ILoggingAdapter log, string format) => log.Log(LogLevel.InfoLevel, null, format);

    /// <summary>Logs at level info.</summary>
    public static void Info(this ILoggingAdapter log, Exception? cause, string format) => log.Log(LogLevel.InfoLevel, cause, format);

    /// <summary>Logs at level info.</summary>
    public static void Info(this ILoggingAdapter log, string format, params object?[] args) => Write(log, LogLevel.InfoLevel, null, format, args);

    /// <summary>Logs at level info.</summary>
    public static void Info(this ILoggingAdapter log, Exception? cause, string format, params object?[] args) => Write(log, LogLevel.InfoLevel, cause, format, args);

    /// <summary>Logs at level info.</summary>
    public static void Info<T1>(this ILoggingAdapter log, string format, T1 arg1)
    {
        if (log.IsEnabled(LogLevel.InfoLevel))
        {
            Write(log, LogLevel.InfoLevel, null, format, [arg1]);
        }
    }

    /// <summary>Logs at level info.</summary>
    public static void Info<T1, T2>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2)
    {
        if (log.IsEnabled(LogLevel.InfoLevel))
        {
            Write(log, LogLevel.InfoLevel, null, format, [arg1, arg2]);
        }
    }

    /// <summary>Logs at level info.</summary>
    public static void Info<T1, T2, T3>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsEnabled(LogLevel.InfoLevel))
        {
            Write(log, LogLevel.InfoLevel, null, format, [arg1, arg2, arg3]);
        }
    }

    /// <summary>Logs at level info.</summary>
    public static void Info<T1>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1) => Write(log, LogLevel.InfoLevel, cause, format, [arg1]);

    /// <summary>Logs at level info.</summary>
    public static void Info<T1, T2>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2) => Write(log, LogLevel.InfoLevel, cause, format, [arg1, arg2]);

    /// <summary>Logs at level info.</summary>
    public static void Info<T1, T2, T3>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3) => Write(log, LogLevel.InfoLevel, cause, format, [arg1, arg2, arg3]);

    /// <summary>Logs at level warning.</summary>
    public static void Warning(this ILoggingAdapter log, string format) => log.Log(LogLevel.WarningLevel, null, format);

    /// <summary>Logs at level warning.</summary>
    public static void Warning(this ILoggingAdapter log, Exception? cause, string format) => log.Log(LogLevel.WarningLevel, cause, format);

    /// <summary>Logs at level warning.</summary>
    public static void Warning(this ILoggingAdapter log, string format, params object?[] args) => Write(log, LogLevel.WarningLevel, null, format, args);

    /// <summary>Logs at level warning.</summary>
    public static void Warning(this ILoggingAdapter log, Exception? cause, string format, params object?[] args) => Write(log, LogLevel.WarningLevel, cause, format, args);

    /// <summary>Logs at level warning.</summary>
    public static void Warning<T1>(this ILoggingAdapter log, string format, T1 arg1)
    {
        if (log.IsEnabled(LogLevel.WarningLevel))
        {
            Write(log, LogLevel.WarningLevel, null, format, [arg1]);
        }
    }

    /// <summary>Logs at level warning.</summary>
    public static void Warning<T1, T2>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2)
    {
        if (log.IsEnabled(LogLevel.WarningLevel))
        {
            Write(log, LogLevel.WarningLevel, null, format, [arg1, arg2]);
        }
    }

    /// <summary>Logs at level warning.</summary>
    public static void Warning<T1, T2, T3>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsEnabled(LogLevel.WarningLevel))
        {
            Write(log, LogLevel.WarningLevel, null, format, [arg1, arg2, arg3]);
        }
    }

    /// <summary>Logs at level warning.</summary>
    public static void Warning<T1>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1) => Write(log, LogLevel.WarningLevel, cause, format, [arg1]);

    /// <summary>Logs at level warning.</summary>
    public static void Warning<T1, T2>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2) => Write(log, LogLevel.WarningLevel, cause, format, [arg1, arg2]);

    /// <summary>Logs at level warning.</summary>
    public static void Warning<T1, T2, T3>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3) => Write(log, LogLevel.WarningLevel, cause, format, [arg1, arg2, arg3]);

    /// <summary>Logs at level error.</summary>
    public static void Error(this ILoggingAdapter log, string format) => log.Log(LogLevel.ErrorLevel, null, format);

    /// <summary>Logs at level error.</summary>
    public static void Error(this ILoggingAdapter log, Exception? cause, string format) => log.Log(LogLevel.ErrorLevel, cause, format);

    /// <summary>Logs at level error.</summary>
    public static void Error(this ILoggingAdapter log, string format, params object?[] args) => Write(log, LogLevel.ErrorLevel, null, format, args);

    /// <summary>Logs at level error.</summary>
    public static void Error(this ILoggingAdapter log, Exception? cause, string format, params object?[] args) => Write(log, LogLevel.ErrorLevel, cause, format, args);

    /// <summary>Logs at level error.</summary>
    public static void Error<T1>(this ILoggingAdapter log, string format, T1 arg1)
    {
        if (log.IsEnabled(LogLevel.ErrorLevel))
        {
            Write(log, LogLevel.ErrorLevel, null, format, [arg1]);
        }
    }

    /// <summary>Logs at level error.</summary>
    public static void Error<T1, T2>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2)
    {
        if (log.IsEnabled(LogLevel.ErrorLevel))
        {
            Write(log, LogLevel.ErrorLevel, null, format, [arg1, arg2]);
        }
    }

    /// <summary>Logs at level error.</summary>
    public static void Error<T1, T2, T3>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsEnabled(LogLevel.ErrorLevel))
        {
            Write(log, LogLevel.ErrorLevel, null, format, [arg1, arg2, arg3]);
        }
    }

    /// <summary>Logs at level error.</summary>
    public static void Error<T1>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1) => Write(log, LogLevel.ErrorLevel, cause, format, [arg1]);

    /// <summary>Logs at level error.</summary>
    public static void Error<T1, T2>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2) => Write(log, LogLevel.ErrorLevel, cause, format, [arg1, arg2]);

    /// <summary>Logs at level error.</summary>
    public static void Error<T1, T2, T3>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3) => Write(log, LogLevel.ErrorLevel, cause, format, [arg1, arg2, arg3]);

    private static void Write(ILoggingAdapter log, LogLevel level, Exception? cause, string format, object?[] args)
    {
        if (log.IsEnabled(level))
        {
            log.Log(level, cause, new LogMessage(log.Formatter, format, args));
        }
    }
}
