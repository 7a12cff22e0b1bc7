using System.Globalization;
using System.Runtime.InteropServices;

namespace ClusterMonitor.Tui;

/// <summary>
/// The terminal: raw mode and the alternate screen between <see cref="Enter"/> and <see cref="Restore"/>, its size,
/// and bytes in and out. <c>System.Console</c> has no part in it: it would read, buffer and restore on its own terms.
/// </summary>
internal sealed unsafe class Terminal : IDisposable
{
    private const int PollSlice = 50;
    private const int FarewellSlices = 10;

    private readonly int _input;
    private readonly int _output;
    private readonly bool _ownsInput;
    private readonly bool _ownsOutput;
    private readonly int _wakeRead;
    private readonly int _wakeWrite;
    private readonly byte[] _saved = new byte[Libc.TermiosSize];
    private readonly bool _mouse;
    private int _active;
    private volatile bool _abandoned;

    /// <summary>A terminal on these descriptors.</summary>
    public Terminal(int input, int output, bool mouse, bool ownsInput = false)
    {
        _input = input;
        _mouse = mouse;
        _ownsInput = ownsInput;

        // Writes must not block for ever on a frozen link, and a shared description must not be made non-blocking:
        // the shell that comes after us would read EAGAIN. So the same terminal is opened once more.
        var again = Libc.Open(
            string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{output}"),
            Libc.OpenWrite | Libc.OpenNonBlocking | Libc.OpenNoControllingTerminal | Libc.OpenCloseOnExec);
        _ownsOutput = again >= 0;
        _output = again >= 0 ? again : output;

        var wake = stackalloc int[2];
        if (Libc.Pipe(wake, Libc.OpenNonBlocking | Libc.OpenCloseOnExec) != 0)
        {
            throw new IOException("cannot make a pipe: error " + Marshal.GetLastPInvokeError());
        }

        (_wakeRead, _wakeWrite) = (wake[0], wake[1]);
    }

    private ReadOnlySpan<byte> Setup => _mouse
        ? "\e[?1049h\e[?25l\e[?7l\e[?2004h\e[?1000h\e[?1006h\e[0m\e[2J"u8
        : "\e[?1049h\e[?25l\e[?7l\e[?2004h\e[0m\e[2J"u8;

    private static ReadOnlySpan<byte> Farewell => "\e[?2026l\e[0m\e[?1006l\e[?1000l\e[?2004l\e[?7h\e[?25h\e[?1049l"u8;

    /// <summary>Both ends of this process' standard streams are a terminal.</summary>
    public static bool IsPresent => Libc.IsTerminal(0) == 1 && Libc.IsTerminal(1) == 1;

    /// <summary>Opens the terminal of this process, also when standard input is something else.</summary>
    /// <exception cref="IOException">There is none.</exception>
    public static Terminal Open(bool mouse)
    {
        if (Libc.IsTerminal(0) == 1 && Libc.IsTerminal(1) == 1)
        {
            return new Terminal(0, 1, mouse);
        }

        var controlling = Libc.Open("/dev/tty", Libc.OpenReadWrite | Libc.OpenNoControllingTerminal | Libc.OpenCloseOnExec);
        return controlling >= 0 ? new Terminal(controlling, controlling, mouse, ownsInput: true) : throw new IOException("there is no terminal");
    }

    /// <summary>Columns and rows; 80x24 when the terminal does not know (<c>ssh -tt</c> without a local one says 0x0).</summary>
    public (int Width, int Height) Size(Func<string, string?> environment)
    {
        var size = stackalloc ushort[4];
        if (Libc.Control(_output, Libc.GetWindowSize, size) == 0 && size[0] > 0 && size[1] > 0)
        {
            return (size[1], size[0]);
        }

        return (Number("COLUMNS", 80), Number("LINES", 24));

        int Number(string name, int otherwise) =>
            int.TryParse(environment(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is > 0 and < 10_000 ? value : otherwise;
    }

    /// <summary>Raw mode, alternate screen, no cursor, no wrapping, marked pastes. May be said again after <see cref="Restore"/>.</summary>
    public void Enter()
    {
        if (Interlocked.Exchange(ref _active, 1) == 0)
        {
            fixed (byte* saved = _saved)
            {
                if (Libc.GetAttributes(_input, saved) != 0)
                {
                    _active = 0;
                    throw new IOException("the terminal does not tell its attributes: error " + Marshal.GetLastPInvokeError());
                }
            }
        }

        var raw = stackalloc byte[Libc.TermiosSize];
        _saved.AsSpan().CopyTo(new Span<byte>(raw, Libc.TermiosSize));
        Libc.MakeRaw(raw);
        _ = Libc.SetAttributes(_input, Libc.SetNow, raw);
        Write(Setup);
    }

    /// <summary>
    /// Everything as it was before <see cref="Enter"/>. Any number of times, from any thread, also while another one writes.
    /// What the terminal still had to say is dropped, so that no late reply lands in the shell.
    /// </summary>
    public void Restore()
    {
        if (Interlocked.Exchange(ref _active, 0) == 0)
        {
            return;
        }

        WriteWithin(Farewell, FarewellSlices);
        fixed (byte* saved = _saved)
        {
            // Draining waits for a frozen link for ever; after a write that did not get through, only set.
            _ = Libc.SetAttributes(_input, _abandoned ? Libc.SetNow : Libc.SetAfterFlush, saved);
        }
    }

    /// <summary>Lets go of a write that waits for a frozen terminal: the process is ending.</summary>
    public void Abandon() => _abandoned = true;

    /// <summary>Writes all, waiting for a slow terminal. False when it is gone or was abandoned.</summary>
    public bool Write(ReadOnlySpan<byte> bytes) => WriteWithin(bytes, int.MaxValue);

    /// <summary>Reads what has come: the number of bytes, 0 after the time-out or <see cref="Wake"/>, -1 when the terminal is gone.</summary>
    public int Read(Span<byte> buffer, int milliseconds)
    {
        var descriptors = stackalloc Libc.PollDescriptor[2];
        descriptors[0] = new Libc.PollDescriptor { Descriptor = _input, Events = Libc.PollIn };
        descriptors[1] = new Libc.PollDescriptor { Descriptor = _wakeRead, Events = Libc.PollIn };
        var ready = Libc.Poll(descriptors, 2, milliseconds);
        if (ready <= 0)
        {
            return ready == 0 || Marshal.GetLastPInvokeError() == Libc.Interrupted ? 0 : -1;
        }

        if (descriptors[0].Returned == 0)
        {
            return 0;
        }

        fixed (byte* into = buffer)
        {
            var count = Libc.Read(_input, into, buffer.Length);
            if (count > 0)
            {
                return (int)count;
            }

            return count < 0 && Marshal.GetLastPInvokeError() is Libc.Interrupted or Libc.TryAgain ? 0 : -1;
        }
    }

    /// <summary>Ends a <see cref="Read"/> that waits.</summary>
    public void Wake()
    {
        byte one = 1;
        _ = Libc.Write(_wakeWrite, &one, 1);
    }

    /// <summary>The attributes before <see cref="Enter"/>, as <c>stty</c> takes them; empty when they are not known.</summary>
    public string SavedForStty() => _active == 1 ? SttyAttributes.Format(_saved) : "";

    public void Dispose()
    {
        Restore();
        _ = Libc.Close(_wakeRead);
        _ = Libc.Close(_wakeWrite);
        if (_ownsOutput)
        {
            _ = Libc.Close(_output);
        }

        if (_ownsInput)
        {
            _ = Libc.Close(_input);
        }
    }

    private bool WriteWithin(ReadOnlySpan<byte> bytes, int slices)
    {
        fixed (byte* start = bytes)
        {
            var position = start;
            nint left = bytes.Length;
            while (left > 0)
            {
                var written = Libc.Write(_output, position, left);
                if (written >= 0)
                {
                    position += written;
                    left -= written;
                    continue;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case Libc.Interrupted:
                        continue;
                    case Libc.TryAgain when slices-- > 0 && (!_abandoned || slices < FarewellSlices):
                        var descriptor = new Libc.PollDescriptor { Descriptor = _output, Events = Libc.PollOut };
                        _ = Libc.Poll(&descriptor, 1, PollSlice);
                        continue;
                    default:
                        _abandoned = true;
                        return false;
                }
            }
        }

        return true;
    }
}
