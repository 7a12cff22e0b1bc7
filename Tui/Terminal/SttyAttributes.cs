using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ClusterMonitor.Tui;

/// <summary>A struct termios as <c>stty -g</c> prints it and <c>stty</c> takes it: hexadecimal flags and characters.</summary>
internal static class SttyAttributes
{
    // glibc and musl on Linux: four 32-bit flags, the line discipline, then 32 control characters.
    private const int LineDiscipline = 16;
    private const int Characters = 32;

    public static string Format(ReadOnlySpan<byte> termios)
    {
        var text = new StringBuilder();
        for (var i = 0; i < 4; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{BinaryPrimitives.ReadUInt32LittleEndian(termios[(4 * i)..]):x}:");
        }

        for (var i = 0; i < Characters; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{termios[LineDiscipline + 1 + i]:x}{(i + 1 < Characters ? ":" : "")}");
        }

        return text.ToString();
    }
}
