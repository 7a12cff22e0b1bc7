using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace ClusterMonitor.Messages.Metrics;

/// <summary>
/// The busiest processes of the samples of a block. The same few come again and again, so each is named once:
/// <code>
/// processes = column: entries per sample
///             number: names, column: bytes per name, padding to a byte, the names (UTF-8)
///             number: processes, column: pid of each, column: name of each
///             column: process of each entry, in the order of samples
///             column: CPU, column: resident bytes, column: threads of each entry, in the order of processes, then samples
/// </code>
/// </summary>
internal static class ProcessTable
{
    /// <summary>The most entries of one sample.</summary>
    public const int MaxPerSample = 8;

    /// <summary>The longest name, bytes of UTF-8.</summary>
    public const int MaxNameBytes = 255;

    public static void Write(BitWriter to, IntegerColumn column, IReadOnlyList<Sample> samples)
    {
        var counts = samples.Select(s => s.Processes.IsDefault ? 0L : s.Processes.Length).ToArray();
        if (counts.Any(c => c > MaxPerSample))
        {
            throw new ArgumentException($"a sample has at most {MaxPerSample} processes, not {counts.Max()}", nameof(samples));
        }

        column.Write(to, counts);
        var entries = samples.Where(s => !s.Processes.IsDefault).SelectMany(s => s.Processes).ToArray();
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        var processes = new Dictionary<(int Pid, int Name), int>();
        var ids = new long[entries.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            ref var name = ref CollectionsMarshal.GetValueRefOrAddDefault(names, entries[i].Name, out var known);
            name = known ? name : names.Count - 1;
            var key = (entries[i].Pid, name);
            ref var process = ref CollectionsMarshal.GetValueRefOrAddDefault(processes, key, out known);
            process = known ? process : processes.Count - 1;
            ids[i] = process;
        }

        WriteNames(to, column, names.Keys);
        to.WriteNumber(processes.Count);
        WriteColumn(to, column, processes.Keys.Select(p => (long)p.Pid));
        WriteColumn(to, column, processes.Keys.Select(p => (long)p.Name));
        WriteColumn(to, column, ids);

        var byProcess = Order(ids, processes.Count);
        WriteColumn(to, column, byProcess.Select(i => (long)entries[i].CpuPermyriad));
        WriteColumn(to, column, byProcess.Select(i => entries[i].ResidentBytes));
        WriteColumn(to, column, byProcess.Select(i => (long)entries[i].Threads));
    }

    public static ImmutableArray<ImmutableArray<ProcessSample>> Read(ref BitReader from, int samples)
    {
        var counts = new long[samples];
        IntegerColumn.Read(ref from, counts);
        var total = 0;
        foreach (var count in counts)
        {
            total += count is >= 0 and <= MaxPerSample
                ? (int)count
                : throw new InvalidDataException($"a sample of a block has {count} processes; at most {MaxPerSample} can be");
        }

        var names = ReadNames(ref from, total);
        var processes = ReadCount(ref from, total, "processes");
        var pids = ReadColumn(ref from, processes, int.MinValue, int.MaxValue);
        var nameOf = ReadColumn(ref from, processes, 0, names.Length - 1);
        var ids = ReadColumn(ref from, total, 0, processes - 1);
        var cpu = ReadColumn(ref from, total, int.MinValue, int.MaxValue);
        var resident = ReadColumn(ref from, total, long.MinValue, long.MaxValue);
        var threads = ReadColumn(ref from, total, int.MinValue, int.MaxValue);

        var entries = new ProcessSample[total];
        var byProcess = Order(ids, processes);
        for (var k = 0; k < byProcess.Length; k++)
        {
            var i = byProcess[k];
            entries[i] = new ProcessSample((int)pids[ids[i]], names[nameOf[ids[i]]], (int)cpu[k], resident[k], (int)threads[k]);
        }

        var result = ImmutableArray.CreateBuilder<ImmutableArray<ProcessSample>>(samples);
        var next = 0;
        foreach (var count in counts)
        {
            result.Add(ImmutableArray.Create(entries, next, (int)count));
            next += (int)count;
        }

        return result.MoveToImmutable();
    }

    // A stable counting sort: the entries of process 0, of process 1, …
    private static int[] Order(long[] ids, int processes)
    {
        var next = new int[processes + 1];
        foreach (var id in ids)
        {
            next[id + 1]++;
        }

        for (var p = 1; p <= processes; p++)
        {
            next[p] += next[p - 1];
        }

        var order = new int[ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            order[next[ids[i]]++] = i;
        }

        return order;
    }

    private static void WriteNames(BitWriter to, IntegerColumn column, IReadOnlyCollection<string> names)
    {
        var bytes = names.Select(Encoding.UTF8.GetBytes).ToArray();
        if (Array.Find(bytes, b => b.Length > MaxNameBytes) is { } tooLong)
        {
            throw new ArgumentException($"a process name has at most {MaxNameBytes} bytes, not {tooLong.Length}");
        }

        to.WriteNumber(bytes.Length);
        WriteColumn(to, column, bytes.Select(b => (long)b.Length));
        foreach (var name in bytes)
        {
            to.WriteBytes(name);
        }
    }

    private static string[] ReadNames(ref BitReader from, int atMost)
    {
        var names = new string[ReadCount(ref from, atMost, "names")];
        var lengths = ReadColumn(ref from, names.Length, 0, MaxNameBytes);
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = Encoding.UTF8.GetString(from.ReadBytes((int)lengths[i]));
        }

        return names;
    }

    private static void WriteColumn(BitWriter to, IntegerColumn column, IEnumerable<long> values) => column.Write(to, values.ToArray());

    private static long[] ReadColumn(ref BitReader from, int count, long least, long most)
    {
        var values = new long[count];
        IntegerColumn.Read(ref from, values);
        foreach (var value in values)
        {
            if (value < least || value > most)
            {
                throw new InvalidDataException($"the process table of a sample block has {value} where {least} to {most} can be");
            }
        }

        return values;
    }

    private static int ReadCount(ref BitReader from, int most, string what)
    {
        var count = from.ReadNumber();
        return count >= 0 && count <= most
            ? (int)count
            : throw new InvalidDataException($"the process table of a sample block claims {count} {what} for {most} entries");
    }
}
