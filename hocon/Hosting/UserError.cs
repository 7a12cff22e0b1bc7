namespace ClusterMonitor.Hosting;

/// <summary>Something the person at the terminal can mend. The message is one line: what is wrong, and what to do. Exit code 1.</summary>
public class UserError : Exception
{
    /// <summary>With one line for the person.</summary>
    public UserError(string message)
        : base(message)
    {
    }

    /// <summary>With one line for the person and, for <c>--log-level debug</c>, what led to it.</summary>
    public UserError(string message, Exception? cause)
        : base(message, cause)
    {
    }
}

/// <summary>The command line itself is wrong. Exit code 2.</summary>
public sealed class UsageError : UserError
{
    /// <summary>With one line for the person.</summary>
    public UsageError(string message)
        : base(message)
    {
    }
}

/// <summary>What a program tells the shell.</summary>
public static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>It could not be done; stderr says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;
}
