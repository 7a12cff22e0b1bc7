using System.Globalization;
using System.Text;

namespace Hocon;

/// <summary>Writes resolved values as the plainest HOCON: one field a line, every text in quotes unless it can't be mistaken.</summary>
internal static class HoconRenderer
{
    public static string Render(HoconValue value)
    {
        var to = new StringBuilder();
        if (value is HoconObject root)
        {
            Fields(to, root, 0);
        }
        else
        {
            Value(to, value, 0);
        }

        return to.ToString();
    }

    public static string Quote(string text)
    {
        var to = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => to.Append("\\\""),
                '\\' => to.Append("\\\\"),
                '\n' => to.Append("\\n"),
                '\r' => to.Append("\\r"),
                '\t' => to.Append("\\t"),
                _ when char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' or '\ufeff' =>
                    to.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => to.Append(c),
            };
        }

        return to.Append('"').ToString();
    }

    private static void Fields(StringBuilder to, HoconObject of, int indent)
    {
        foreach (var (key, value) in of.Fields)
        {
            to.Append(' ', indent).Append(HoconPath.RenderKey(key)).Append(value is HoconObject ? " " : " = ");
            Value(to, value, indent);
            to.Append('\n');
        }
    }

    private static void Value(StringBuilder to, HoconValue value, int indent)
    {
        switch (value)
        {
            case HoconScalar scalar:
                to.Append(scalar.IsNull || IsUnmistakable(scalar.Text) ? scalar.Text : Quote(scalar.Text));
                break;
            case HoconArray array:
                to.Append('[');
                for (var i = 0; i < array.Items.Count; i++)
                {
                    to.Append(i == 0 ? "" : ", ");
                    Value(to, array.Items[i], indent + 2);
                }

                to.Append(']');
                break;
            case HoconObject o:
                to.Append("{\n");
                Fields(to, o, indent + 2);
                to.Append(' ', indent).Append('}');
                break;
        }
    }

    private static bool IsUnmistakable(string text) =>
        text is "true" or "false" || (text.Length is > 0 and < 19 && text.All(char.IsAsciiDigit));
}
