namespace ClusterMonitor.Tui;

/// <summary>
/// Draws no faster than the terminal shows: each frame ends with a question (device status report, <c>CSI 5 n</c>), and the next
/// is drawn when the answer is there. Without it, a slow link queues frames and a key press is seen half a minute later.
/// </summary>
/// <remarks>
/// Nothing waits for an answer for ever: after <see cref="Patience"/> the next frame is drawn anyway, and after a few silent
/// frames the question is not asked any more (until an answer comes after all). A terminal that has never answered gets little patience.
/// </remarks>
internal sealed class FlowControl
{
    /// <summary>How long a frame waits for the answer to the one before.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The same while no answer has ever come.</summary>
    public static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(1);

    private const int GiveUpAfter = 3;

    private int _outstanding;
    private int _silent;
    private bool _everAnswered;
    private DateTimeOffset _askedAt;

    /// <summary>The question, to end a frame with.</summary>
    public static ReadOnlySpan<byte> Question => "\e[5n"u8;

    /// <summary>An answer is still on its way; on leaving it is worth a short wait, or it lands in the shell.</summary>
    public bool Waiting => _outstanding > 0;

    /// <summary>Whether the next frame should end with the question.</summary>
    public bool Asks => _silent < GiveUpAfter;

    public static bool IsAnswer(in Key key) => key is { Kind: KeyKind.Reply, Text: "0n" or "3n" };

    /// <summary>Whether the next frame may be drawn now.</summary>
    public bool MayDraw(DateTimeOffset now)
    {
        if (_outstanding == 0)
        {
            return true;
        }

        if (now - _askedAt < (_everAnswered ? Patience : FirstPatience))
        {
            return false;
        }

        _outstanding = 0;
        _silent++;
        return true;
    }

    public void Asked(DateTimeOffset now)
    {
        _outstanding++;
        _askedAt = now;
    }

    public void Answered()
    {
        _outstanding = Math.Max(0, _outstanding - 1);
        _silent = 0;
        _everAnswered = true;
    }

    /// <summary>How long until <see cref="MayDraw"/> says yes without an answer.</summary>
    public TimeSpan Remaining(DateTimeOffset now)
    {
        var left = _askedAt + (_everAnswered ? Patience : FirstPatience) - now;
        return _outstanding == 0 || left < TimeSpan.Zero ? TimeSpan.Zero : left;
    }
}
