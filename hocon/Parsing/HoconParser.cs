namespace Hocon.Parsing;

/// <summary>Text to nodes. Recursive descent; its depth is bounded by <see cref="HoconLimits.Depth"/>.</summary>
internal sealed class HoconParser
{
    private readonly HoconScanner _scanner;
    private readonly IncludeScope _includes;
    private readonly IReadOnlyList<string> _prefix;

    private HoconParser(HoconSource source, IReadOnlyList<string> prefix, IncludeScope includes)
    {
        _scanner = new HoconScanner(source.Text, source.Name);
        _prefix = prefix;
        _includes = includes;
    }

    /// <summary>Reads a whole text into an object, which may hold settings already.</summary>
    /// <param name="into">Takes the settings.</param>
    /// <param name="source">The text.</param>
    /// <param name="prefix">Path of <paramref name="into"/> from the root.</param>
    /// <param name="includes">Where included texts come from.</param>
    public static void ParseInto(ObjectNode into, HoconSource source, IReadOnlyList<string> prefix, IncludeScope includes)
    {
        using (includes.Enter(source.Name))
        {
            new HoconParser(source, prefix, includes).ParseRoot(into);
        }
    }

    private void ParseRoot(ObjectNode into)
    {
        _scanner.SkipToNext();
        if (_scanner.Peek() == '[')
        {
            throw new HoconException(_scanner.Origin, "a configuration is made of `key = value` lines, not of a list");
        }

        var braced = _scanner.Peek() == '{' && !_scanner.AtEnd;
        if (braced)
        {
            ParseBraced(into, _prefix, _prefix.Count + 1);
        }
        else
        {
            ParseFields(into, _prefix, _prefix.Count + 1);
        }

        _scanner.SkipToNext();
        if (!_scanner.AtEnd)
        {
            throw new HoconException(_scanner.Origin, _scanner.Peek() == '}'
                ? "this } closes nothing; remove it, or add the missing {"
                : $"{HoconScanner.Show(_scanner.Peek())} stands behind the closing }} of the whole text");
        }
    }

    private void ParseBraced(ObjectNode into, IReadOnlyList<string>? path, int depth)
    {
        var open = _scanner.Origin;
        CheckDepth(depth, open);
        _scanner.Skip();
        ParseFields(into, path, depth);
        if (!_scanner.TryTake('}'))
        {
            throw new HoconException(open, "this { is never closed; add the missing }");
        }
    }

    /// <summary>Fields up to a closing brace or the end. A null path: inside a list, where no path leads.</summary>
    private void ParseFields(ObjectNode into, IReadOnlyList<string>? path, int depth)
    {
        _scanner.SkipToNext();
        while (!_scanner.AtEnd && _scanner.Peek() != '}')
        {
            ParseField(into, path, depth);
            ParseSeparator('}', "key = value");
        }
    }

    /// <summary>A comma, a new line, or the closing character ahead.</summary>
    private void ParseSeparator(char closing, string what)
    {
        var newLine = _scanner.SkipToNext();
        if (_scanner.TryTake(','))
        {
            _scanner.SkipToNext();
            if (_scanner.Peek() == ',')
            {
                throw new HoconException(_scanner.Origin, "two commas in a row; remove one");
            }
        }
        else if (!newLine && !_scanner.AtEnd && _scanner.Peek() != closing)
        {
            throw new HoconException(
                _scanner.Origin,
                $"{HoconScanner.Show(_scanner.Peek())} is not expected here; put a text with special characters in quotes, and each {what} on its own line");
        }
    }

    private void ParseField(ObjectNode into, IReadOnlyList<string>? path, int depth)
    {
        if (IsInclude())
        {
            ParseInclude(into, path);
            return;
        }

        var origin = _scanner.Origin;
        var keys = HoconPathParser.Parse(_scanner);
        CheckDepth(depth + keys.Count, origin);
        _scanner.SkipToNext();
        var appends = _scanner.Peek() == '+' && _scanner.Peek(1) == '=';
        if (appends)
        {
            _scanner.Skip(2);
        }
        else if (!_scanner.TryTake('=') && !_scanner.TryTake(':') && _scanner.Peek() != '{')
        {
            throw new HoconException(origin, $"the key {HoconPath.Render(keys)} has no value; write {HoconPath.Render(keys)} = …");
        }

        _scanner.SkipToNext();
        for (var i = 0; i < keys.Count - 1; i++)
        {
            into = into.Child(keys[i], origin);
        }

        IReadOnlyList<string>? childPath = path is null ? null : [.. path, .. keys];
        var value = ParseValue(childPath, depth + keys.Count, origin);
        into.Set(keys[^1], appends ? new AppendNode(value, origin) : value);
    }

    private HoconNode ParseValue(IReadOnlyList<string>? path, int depth, HoconOrigin owner)
    {
        var parts = new List<HoconNode>();
        var blanks = new BlankNode(_scanner.TakeBlanks(), _scanner.Origin);
        while (!_scanner.AtEnd && !_scanner.AtComment && _scanner.Peek() is not ('\n' or ',' or '}' or ']'))
        {
            if (parts.Count > 0 && blanks.Text.Length > 0)
            {
                parts.Add(blanks);
            }

            parts.Add(ParsePart(path, depth));
            blanks = new BlankNode(_scanner.TakeBlanks(), _scanner.Origin);
        }

        return parts.Count switch
        {
            0 => throw new HoconException(owner, "a value is missing here; write \"\" for an empty text, null for none"),
            1 => parts[0],
            _ => new ConcatenationNode(parts, parts[0].Origin),
        };
    }

    private HoconNode ParsePart(IReadOnlyList<string>? path, int depth)
    {
        var origin = _scanner.Origin;
        switch (_scanner.Peek())
        {
            case '{':
                var o = new ObjectNode(origin);
                ParseBraced(o, path, depth + 1);
                return o;
            case '[':
                return ParseArray(depth + 1);
            case '"':
                return new ValueNode(new HoconScalar(_scanner.TakeQuoted(), quoted: true, origin));
            case '$' when _scanner.Peek(1) == '{':
                return ParseSubstitution();
        }

        var word = _scanner.TakeWord();
        return word.Length > 0
            ? new ValueNode(new HoconScalar(word, quoted: false, origin))
            : throw new HoconException(origin, $"{HoconScanner.Show(_scanner.Peek())} is not allowed in a bare value; put the value in quotes, or end the line before it");
    }

    private ArrayNode ParseArray(int depth)
    {
        var open = _scanner.Origin;
        CheckDepth(depth, open);
        _scanner.Skip();
        _scanner.SkipToNext();
        var items = new List<HoconNode>();
        while (!_scanner.AtEnd && _scanner.Peek() != ']')
        {
            items.Add(ParseValue(null, depth, _scanner.Origin));
            ParseSeparator(']', "item");
        }

        return _scanner.TryTake(']')
            ? new ArrayNode(items, open)
            : throw new HoconException(open, "this [ is never closed; add the missing ]");
    }

    private SubstitutionNode ParseSubstitution()
    {
        var open = _scanner.Origin;
        _scanner.Skip(2);
        var optional = _scanner.TryTake('?');
        var path = HoconPathParser.Parse(_scanner);
        return _scanner.TryTake('}')
            ? new SubstitutionNode(path, _prefix, optional, open)
            : throw new HoconException(open, "this ${ is not closed; write ${path} or ${?path}");
    }

    private bool IsInclude()
    {
        const string Word = "include";
        if (!_scanner.Follows(Word))
        {
            return false;
        }

        var ahead = Word.Length;
        while (HoconScanner.IsBlank(_scanner.Peek(ahead)))
        {
            ahead++;
        }

        return _scanner.Peek(ahead) == '"' || (ahead > Word.Length && char.IsAsciiLetter(_scanner.Peek(ahead)));
    }

    private void ParseInclude(ObjectNode into, IReadOnlyList<string>? path)
    {
        var origin = _scanner.Origin;
        _scanner.Skip("include".Length);
        _scanner.TakeBlanks();
        var required = TakeOpening("required(");
        var file = TakeOpening("file(");
        if (_scanner.Peek() != '"')
        {
            throw new HoconException(origin, "write include \"file\", include file(\"file\") or include required(\"file\"); a key named include stands in quotes");
        }

        var requested = _scanner.TakeQuoted();
        for (var open = (required ? 1 : 0) + (file ? 1 : 0); open > 0; open--)
        {
            _scanner.TakeBlanks();
            if (!_scanner.TryTake(')'))
            {
                throw new HoconException(origin, "the ( of this include is not closed; add the missing )");
            }
        }

        if (_includes.Find(requested, required, origin) is { } found)
        {
            ParseInto(into, found, path ?? [], _includes);
        }
    }

    private bool TakeOpening(string word)
    {
        if (!_scanner.Follows(word))
        {
            return false;
        }

        _scanner.Skip(word.Length);
        _scanner.TakeBlanks();
        return true;
    }

    private static void CheckDepth(int depth, HoconOrigin origin)
    {
        if (depth > HoconLimits.Depth)
        {
            throw new HoconException(origin, $"nested more than {HoconLimits.Depth} deep");
        }
    }
}
