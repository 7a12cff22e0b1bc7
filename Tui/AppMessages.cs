using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>Everything that can happen to the dashboard comes as one of these, through one channel.</summary>
internal abstract record AppMessage;

internal sealed record KeyPressed(Key Key) : AppMessage;

/// <summary>A second has begun.</summary>
internal sealed record Ticked : AppMessage
{
    public static Ticked Instance { get; } = new();
}

/// <summary>The frame before has waited long enough for its answer.</summary>
internal sealed record PatienceEnded : AppMessage
{
    public static PatienceEnded Instance { get; } = new();
}

internal sealed record SignalArrived(TerminalSignal Signal) : AppMessage;

internal enum TerminalSignal
{
    Resize,
    Suspend,
    Continue,

    /// <summary>The terminal is gone.</summary>
    Hangup,

    /// <summary>Somebody wants the process to end.</summary>
    End,
}

/// <summary>The seed has answered for the first time, or again.</summary>
internal sealed record Connected(DashboardWelcome Welcome) : AppMessage;

/// <summary>The seed does not answer; <paramref name="Why"/> is one line for the person.</summary>
internal sealed record ConnectionLost(string Why) : AppMessage;

internal sealed record FleetArrived(FleetFrame Frame) : AppMessage;

internal sealed record DetailArrived(NodeDetail Detail) : AppMessage;

internal sealed record DetailRefused(string NodeId, string Text) : AppMessage;

/// <summary>The history of one chart, or why there is none.</summary>
internal sealed record ChartArrived(string NodeId, ChartRange Range, int Chart, HistorySeries? Series) : AppMessage;

internal sealed record EventsArrived(EventsAnswer Answer) : AppMessage;

/// <summary>What the dashboard wants to know at the moment; the client sees to it.</summary>
/// <param name="NodeId">The open node, or null.</param>
/// <param name="Range">Of its charts.</param>
/// <param name="DiskMount">The mount point whose use is charted, once it is known.</param>
/// <param name="Events">The list of events is looked at.</param>
internal sealed record Wants(string? NodeId, ChartRange Range, string? DiskMount, bool Events);

/// <summary>The last frame is on the terminal: the next may be pulled.</summary>
internal sealed record FrameDrawn
{
    public static FrameDrawn Instance { get; } = new();
}

/// <summary>The last frame did not follow from the one before: pull everything.</summary>
internal sealed record FleetUnclear
{
    public static FleetUnclear Instance { get; } = new();
}
