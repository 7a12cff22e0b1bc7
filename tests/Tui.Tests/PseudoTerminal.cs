using System.Runtime.InteropServices;

namespace ClusterMonitor.Tui.Tests;

/// <summary>Both ends of a pty: <see cref="Slave"/> is what a program has, <see cref="Master"/> what a terminal emulator has.</summary>
internal sealed partial class PseudoTerminal : IDisposable
{
    public PseudoTerminal(int width, int height)
    {
        Span<ushort> size = [(ushort)height, (ushort)width, 0, 0];
        if (OpenPty(out var master, out var slave, 0, 0, ref MemoryMarshal.GetReference(size)) != 0)
        {
            throw new IOException("openpty failed: " + Marshal.GetLastPInvokeError());
        }

        (Master, Slave) = (master, slave);
    }

    public int Master { get; private set; }

    public int Slave { get; }

    /// <summary>The attributes as stty -g would print them.</summary>
    public unsafe string Attributes()
    {
        var termios = stackalloc byte[Libc.TermiosSize];
        Assert.Equal(0, Libc.GetAttributes(Slave, termios));
        return SttyAttributes.Format(new ReadOnlySpan<byte>(termios, Libc.TermiosSize));
    }

    public unsafe void Type(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            Assert.Equal(bytes.Length, (int)Libc.Write(Master, start, bytes.Length));
        }
    }

    /// <summary>What the program has written, as soon as there is something; empty after the time-out.</summary>
    public unsafe byte[] Receive(int milliseconds)
    {
        var poll = new Libc.PollDescriptor { Descriptor = Master, Events = Libc.PollIn };
        if (Libc.Poll(&poll, 1, milliseconds) <= 0)
        {
            return [];
        }

        var buffer = new byte[65536];
        fixed (byte* start = buffer)
        {
            var count = (int)Libc.Read(Master, start, buffer.Length);
            return count > 0 ? buffer[..count] : [];
        }
    }

    public void HangUp()
    {
        if (Master >= 0)
        {
            _ = Libc.Close(Master);
            Master = -1;
        }
    }

    public void Dispose()
    {
        HangUp();
        _ = Libc.Close(Slave);
    }

    [LibraryImport("libc", EntryPoint = "openpty", SetLastError = true)]
    private static partial int OpenPty(out int master, out int slave, nint name, nint termios, ref ushort size);
}
