namespace ClusterMonitor.Tui;

/// <summary>
/// Grapheme clusters of more than one code point, interned so that a cell can name them with a number.
/// </summary>
/// <remarks>Text comes from strangers, so both the length of a cluster and their number are bounded; what goes beyond is drawn as U+FFFD.</remarks>
internal sealed class Clusters
{
    /// <summary>The first number that is no code point.</summary>
    public const uint First = 0x11_0000;

    private const int MaxLength = 24;
    private const int MaxCount = 4096;
    private const uint Replacement = 0xFFFD;

    private readonly Dictionary<string, uint> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, uint>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<string> _texts = [];

    public Clusters() => _lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The number of this cluster, or of U+FFFD when it is too long or there are too many.</summary>
    public uint Intern(ReadOnlySpan<char> cluster)
    {
        if (_lookup.TryGetValue(cluster, out var id))
        {
            return id;
        }

        if (cluster.Length > MaxLength || _texts.Count >= MaxCount)
        {
            return Replacement;
        }

        var text = cluster.ToString();
        id = First + (uint)_texts.Count;
        _texts.Add(text);
        _ids.Add(text, id);
        return id;
    }

    public string TextOf(uint glyph) => _texts[(int)(glyph - First)];
}
