using System.Buffers.Binary;
using System.Buffers.Text;

namespace ClusterMonitor.NodeAgent.Collectors.Linux;

/// <summary>
/// Looks at every process of the machine once a tick, for a fraction of a millisecond per hundred, without allocating:
/// <list type="bullet">
/// <item>the list of processes is read again only when a new one was started (the last process id of /proc/loadavg has moved);</item>
/// <item>files stay open, up to a limit;</item>
/// <item>a process of one thread whose time on a CPU (/proc/PID/schedstat) has not moved cannot have done anything, so its longer stat file is not read.</item>
/// </list>
/// </summary>
internal sealed class ProcessScan(string proc, int maxOpenFiles = 2048) : IDisposable
{
    private readonly KernelFile _loadavg = new($"{proc}/loadavg");
    private readonly byte[] _folderPath = System.Text.Encoding.UTF8.GetBytes(proc + "\0");
    private readonly byte[] _entries = new byte[32 * 1024];
    private readonly byte[] _text = new byte[1024];
    private readonly byte[] _path = new byte[32];
    private ProcessSlot[] _now = new ProcessSlot[256];
    private ProcessSlot[] _before = new ProcessSlot[256];
    private int _beforeCount;
    private int _folder = -1;
    private int _openFiles;
    private long _lastPid = -1;
    private long _latestStart = long.MaxValue;
    private long _latestStartNow;

    /// <summary>Number of processes found.</summary>
    public int Count { get; private set; }

    /// <summary>The processes, by ascending id.</summary>
    public Span<ProcessSlot> Processes => _now.AsSpan(0, Count);

    /// <summary>Files held open between scans.</summary>
    public int OpenFiles => _openFiles;

    /// <summary>Looks at all processes.</summary>
    /// <exception cref="IOException">The processes cannot be listed.</exception>
    public void Run()
    {
        var lastPid = LoadavgCollector.Parse(_loadavg.Read()).LastPid;
        _latestStartNow = 0;
        if (lastPid == _lastPid && Count > 0)
        {
            RunKnown();
        }
        else
        {
            RunListed();
        }

        _lastPid = lastPid;
        _latestStart = Math.Max(_latestStart == long.MaxValue ? 0 : _latestStart, _latestStartNow);
    }

    /// <summary>Closes everything; the next scan starts from nothing.</summary>
    public void Dispose()
    {
        foreach (ref var slot in Processes)
        {
            CloseFiles(ref slot);
        }

        if (_folder >= 0)
        {
            Native.Close(_folder);
        }

        _folder = -1;
        Count = 0;
        _lastPid = -1;
        _latestStart = long.MaxValue;
        _loadavg.Dispose();
    }

    // No process is new: look at those that are known, and drop those that have ended.
    private void RunKnown()
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (Look(ref _now[i]))
            {
                if (kept != i)
                {
                    _now[kept] = _now[i];
                }

                kept++;
            }
            else
            {
                CloseFiles(ref _now[i]);
            }
        }

        Count = kept;
    }

    // The kernel lists processes by ascending id, as they are kept here, so one pass over both finds the same ones.
    private void RunListed()
    {
        OpenFolder();
        Native.Rewind(_folder);
        (_now, _before) = (_before, _now);
        _beforeCount = Count;
        Count = 0;
        var old = 0;
        int length;
        while ((length = Native.ReadFolder(_folder, _entries)) > 0)
        {
            for (var at = 0; at < length; at += BinaryPrimitives.ReadUInt16LittleEndian(_entries.AsSpan(at + 16)))
            {
                // struct linux_dirent64: inode (8), offset (8), record length (2), type (1), name.
                var name = _entries.AsSpan(at + 19, length - at - 19);
                if (Utf8Parser.TryParse(name, out int pid, out var digits) && name[digits] == 0)
                {
                    Take(pid, ref old);
                }
            }
        }

        CloseBefore(ref old, int.MaxValue);
        if (length < 0)
        {
            Dispose();
            throw new IOException($"the processes in {proc} cannot be listed");
        }
    }

    private void Take(int pid, ref int old)
    {
        CloseBefore(ref old, pid);
        if (Count == _now.Length)
        {
            Array.Resize(ref _now, 2 * Count);
        }

        ref var slot = ref _now[Count];
        if (old < _beforeCount && _before[old].Pid == pid)
        {
            slot = _before[old++];
            if (Look(ref slot))
            {
                Count++;
                return;
            }

            // Ended, and its id given to another: that one's files must be opened anew.
            CloseFiles(ref slot);
        }

        slot = new ProcessSlot { Pid = pid, StatFile = -1, RunFile = -1 };
        if (Look(ref slot))
        {
            Count++;
        }
        else
        {
            CloseFiles(ref slot);
        }
    }

    private void CloseBefore(ref int old, int pid)
    {
        while (old < _beforeCount && _before[old].Pid < pid)
        {
            CloseFiles(ref _before[old++]);
        }
    }

    // False when the process is gone.
    private bool Look(ref ProcessSlot slot)
    {
        if (slot.Known && slot.Threads == 1)
        {
            var length = ReadFile(slot.Pid, ref slot.RunFile, "schedstat"u8);
            var runTime = length > 0 ? ProcessStat.ParseRunTime(_text.AsSpan(0, length)) : 0;
            if (length > 0 && runTime > 0 && runTime == slot.RunTime)
            {
                slot.CpuDelta = 0;
                return true;
            }

            // A kernel without this file is one without this short cut.
            slot.RunTime = runTime;
        }

        var read = ReadFile(slot.Pid, ref slot.StatFile, "stat"u8);
        if (read <= 0 || !ProcessStat.TryParse(_text.AsSpan(0, read), out var stat))
        {
            return false;
        }

        Learn(ref slot, stat);
        if (slot.Threads == 1 && slot.CpuDelta == 0)
        {
            // From now on the other file is watched instead.
            CloseFile(ref slot.StatFile);
        }

        return true;
    }

    private void Learn(ref ProcessSlot slot, in ProcessStat stat)
    {
        if (slot.Known && slot.StartTicks == stat.StartTicks)
        {
            slot.CpuDelta = Math.Max(0, stat.CpuTicks - slot.CpuTicks);
        }
        else
        {
            // All that a process has used counts if it was started since the last scan.
            slot.CpuDelta = stat.StartTicks >= _latestStart ? stat.CpuTicks : 0;
            slot.RunTime = 0;
        }

        if (slot.Name != stat.Name)
        {
            slot.Name = stat.Name;
            slot.Text = null;
        }

        slot.Known = true;
        slot.CpuTicks = stat.CpuTicks;
        slot.StartTicks = stat.StartTicks;
        slot.Threads = stat.Threads;
        slot.ResidentPages = stat.ResidentPages;
        _latestStartNow = Math.Max(_latestStartNow, stat.StartTicks);
    }

    private int ReadFile(int pid, ref int file, ReadOnlySpan<byte> name)
    {
        if (file >= 0)
        {
            return Native.Read(file, _text);
        }

        OpenFolder();
        Utf8Formatter.TryFormat(pid, _path, out var length);
        _path[length++] = (byte)'/';
        name.CopyTo(_path.AsSpan(length));
        _path[length + name.Length] = 0;
        var opened = Native.OpenAt(_folder, _path);
        if (opened < 0)
        {
            return -1;
        }

        var read = Native.Read(opened, _text);
        if (_openFiles < maxOpenFiles)
        {
            file = opened;
            _openFiles++;
        }
        else
        {
            Native.Close(opened);
        }

        return read;
    }

    private void OpenFolder()
    {
        _folder = _folder >= 0 ? _folder : Native.Open(_folderPath);
        if (_folder < 0)
        {
            throw new IOException($"{proc} cannot be opened");
        }
    }

    private void CloseFiles(ref ProcessSlot slot)
    {
        CloseFile(ref slot.StatFile);
        CloseFile(ref slot.RunFile);
    }

    private void CloseFile(ref int file)
    {
        if (file >= 0)
        {
            Native.Close(file);
            file = -1;
            _openFiles--;
        }
    }
}

/// <summary>What is kept of a process from tick to tick.</summary>
internal struct ProcessSlot
{
    public int Pid;
    public int StatFile;
    public int RunFile;
    public bool Known;
    public int Threads;
    public long RunTime;
    public long StartTicks;
    public long CpuTicks;
    public long CpuDelta;
    public long ResidentPages;
    public ProcessName Name;
    public string? Text;
}
