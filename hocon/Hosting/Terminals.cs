namespace ClusterMonitor.Hosting;

/// <summary>Whether a person sits at the other end. The only place that asks.</summary>
/// <param name="Input">stdin is a terminal.</param>
/// <param name="Output">stdout is a terminal.</param>
/// <param name="Error">stderr is a terminal.</param>
public sealed record Terminals(bool Input, bool Output, bool Error)
{
    /// <summary>None: pipes, files, services.</summary>
    public static Terminals None { get; } = new(false, false, false);

    /// <summary>Keys can be read and a screen drawn.</summary>
    public bool CanDraw => Input && Output;

    /// <summary>Asks the operating system (isatty).</summary>
    public static Terminals Detect() => new(!Console.IsInputRedirected, !Console.IsOutputRedirected, !Console.IsErrorRedirected);
}
