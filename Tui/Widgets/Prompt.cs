using System.Globalization;

namespace ClusterMonitor.Tui;

/// <summary>A line that is being typed.</summary>
internal sealed class Prompt(string label, string hint)
{
    private const int MaxLength = 200;

    public string Label { get; } = label;

    /// <summary>Shown while nothing has been typed.</summary>
    public string Hint { get; } = hint;

    public string Text { get; private set; } = "";

    public bool Active { get; private set; }

    public void Begin() => Active = true;

    public void Clear() => (Text, Active) = ("", false);

    /// <summary>Takes a key while it is active. True if the text may have changed.</summary>
    public bool OnKey(in Key key)
    {
        switch (key.Kind)
        {
            case KeyKind.Enter:
                Active = false;
                return true;
            case KeyKind.Escape:
                Clear();
                return true;
            case KeyKind.Backspace when Text.Length == 0:
                Active = false;
                return true;
            case KeyKind.Backspace:
                Text = WithoutLast(Text);
                return true;
            case KeyKind.Character when key.IsControl('u'):
                Text = "";
                return true;
            case KeyKind.Character when key.IsControl('w'):
                Text = Text.TrimEnd().LastIndexOf(' ') is >= 0 and var space ? Text[..(space + 1)] : "";
                return true;
            case KeyKind.Character when (key.Modifiers & (KeyModifiers.Control | KeyModifiers.Alt)) == 0:
                Add(key.Rune.ToString());
                return true;
            case KeyKind.Paste:
                Add(key.Text ?? "");
                return true;
            default:
                return false;
        }
    }

    private void Add(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Width.Of(rune) >= 0 && Text.Length + rune.Utf16SequenceLength <= MaxLength)
            {
                Text += rune.ToString();
            }
        }
    }

    private static string WithoutLast(string text)
    {
        var elements = StringInfo.ParseCombiningCharacters(text);
        return text[..elements[^1]];
    }
}
