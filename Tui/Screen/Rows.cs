using System.Runtime.InteropServices;

namespace ClusterMonitor.Tui;

/// <summary>Rows of cells compared.</summary>
internal static class Rows
{
    /// <summary>How many cells from one on are the same, by the runtime's vectorised comparison of bytes.</summary>
    public static int EqualRun(ReadOnlySpan<Cell> a, ReadOnlySpan<Cell> b, int from) =>
        MemoryMarshal.AsBytes(a[from..]).CommonPrefixLength(MemoryMarshal.AsBytes(b[from..])) / 16;

    /// <summary>Where the blanks at the end begin.</summary>
    public static int BlankTail(ReadOnlySpan<Cell> row)
    {
        var from = row.Length;
        while (from > 0 && row[from - 1].IsBlank)
        {
            from--;
        }

        return from;
    }

    /// <summary>How many cells show something.</summary>
    public static int InkIn(ReadOnlySpan<Cell> cells)
    {
        var count = 0;
        foreach (ref readonly var cell in cells)
        {
            count += cell.IsBlank ? 0 : 1;
        }

        return count;
    }
}
