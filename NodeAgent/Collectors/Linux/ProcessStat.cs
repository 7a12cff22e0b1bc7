using System.Runtime.InteropServices;

namespace ClusterMonitor.NodeAgent.Collectors.Linux;

/// <summary>A process name as the kernel keeps it: at most 15 bytes, any bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct ProcessName(long Low, long High)
{
    public static ProcessName Of(ReadOnlySpan<byte> name)
    {
        Span<byte> padded = stackalloc byte[16];
        padded.Clear();
        name[..Math.Min(name.Length, padded.Length)].CopyTo(padded);
        var words = MemoryMarshal.Cast<byte, long>(padded);
        return new ProcessName(words[0], words[1]);
    }

    public override string ToString()
    {
        ReadOnlySpan<long> words = [Low, High];
        var bytes = MemoryMarshal.AsBytes(words);
        var end = bytes.IndexOf((byte)0);
        return KernelText.CleanName(end < 0 ? bytes : bytes[..end]);
    }
}

/// <summary>What matters of /proc/PID/stat, see proc_pid_stat(5): times in clock ticks, memory in pages.</summary>
internal readonly record struct ProcessStat(ProcessName Name, long CpuTicks, int Threads, long StartTicks, long ResidentPages)
{
    /// <summary>"8508 (name) S 1 …": the name may hold anything, blanks and brackets too, so it ends at the last bracket. False when malformed.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ProcessStat stat)
    {
        var open = text.IndexOf((byte)'(');
        var close = text.LastIndexOf((byte)')');
        if (open < 0 || close < open)
        {
            stat = default;
            return false;
        }

        // Fields are numbered from 1; behind the name comes field 3.
        var fields = new KernelText(text[(close + 1)..]);
        fields.Skip(14 - 3);
        var cpu = fields.NextNumber() + fields.NextNumber();
        fields.Skip(20 - 16);
        var threads = fields.NextNumber();
        fields.Skip(1);
        var start = fields.NextNumber();
        fields.Skip(1);
        var resident = fields.NextNumber();
        stat = new ProcessStat(ProcessName.Of(text[(open + 1)..close]), cpu, (int)Math.Min(threads, int.MaxValue), start, Math.Min(resident, 1L << 42));
        return threads > 0 || resident == 0;
    }

    /// <summary>The first number of /proc/PID/schedstat: nanoseconds on a CPU; 0 where the kernel does not count them.</summary>
    public static long ParseRunTime(ReadOnlySpan<byte> text) => new KernelText(text).NextNumber();
}
