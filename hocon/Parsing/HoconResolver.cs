namespace Hocon.Parsing;

/// <summary>
/// Nodes to values: looks substitutions up, joins what stands side by side, lets later settings win.
/// A substitution that leads back to a value being resolved sees only what was set before that value
/// (the specification's self-reference), so every walk ends; what still repeats too often runs into a limit.
/// </summary>
internal sealed class HoconResolver(ObjectNode root, Func<string, string?> environment)
{
    private readonly HashSet<HoconNode> _open = new(ReferenceEqualityComparer.Instance);
    private int _depth;
    private int _steps;
    private int _cuts;

    public HoconObject Resolve() => ResolveObject(root);

    private HoconObject ResolveObject(ObjectNode node)
    {
        var fields = new List<KeyValuePair<string, HoconValue>>(node.Fields.Count);
        foreach (var field in node.Fields)
        {
            if (ResolveField(field) is { } value)
            {
                fields.Add(new(field.Key, value));
            }
            else if (_open.Contains(field.Layers[0]) && field.Layers[0] is not SubstitutionNode { Optional: true })
            {
                throw new HoconException(field.Layers[0].Origin, $"the value of {HoconPath.RenderKey(field.Key)} refers to itself");
            }
        }

        return HoconObject.Checked(new HoconObject(fields, node.Origin));
    }

    private HoconValue? ResolveField(FieldNode field)
    {
        if (field.IsResolved)
        {
            return field.Resolved;
        }

        var cuts = _cuts;
        var value = Fold(field.Layers, field.Layers.Count);
        if (cuts == _cuts)
        {
            field.IsResolved = true;
            field.Resolved = value;
        }

        return value;
    }

    /// <summary>The value of the first <paramref name="count"/> layers: the newest wins, objects merge with what lies under them.</summary>
    private HoconValue? Fold(List<HoconNode> layers, int count)
    {
        HoconObject? top = null;
        for (var i = Visible(layers, count) - 1; i >= 0; i--)
        {
            switch (ResolveLayer(layers, i))
            {
                case null:
                    continue;
                case HoconObject under:
                    top = top is null ? under : top.Over(under);
                    continue;
                case var plain:
                    return (HoconValue?)top ?? plain;
            }
        }

        return top;
    }

    /// <summary>Layers older than one that is being resolved right now.</summary>
    private int Visible(List<HoconNode> layers, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (_open.Contains(layers[i]))
            {
                _cuts++;
                return i;
            }
        }

        return count;
    }

    /// <summary>One layer's own value; null when it is an optional substitution of nothing.</summary>
    private HoconValue? ResolveLayer(List<HoconNode> layers, int index)
    {
        var node = layers[index];
        switch (node)
        {
            case ValueNode value:
                return value.Value;
            case ObjectNode o:
                using (Deeper(node.Origin))
                {
                    return ResolveObject(o);
                }

            default:
                _open.Add(node);
                try
                {
                    return node is AppendNode append ? Append(append, layers, index) : ResolveNode(node);
                }
                finally
                {
                    _open.Remove(node);
                }
        }
    }

    private HoconValue? ResolveNode(HoconNode node)
    {
        using var deeper = Deeper(node.Origin);
        return node switch
        {
            ValueNode value => value.Value,
            ObjectNode o => ResolveObject(o),
            ArrayNode array => HoconObject.Checked(new HoconArray([.. array.Items.Select(ResolveNode).OfType<HoconValue>()], array.Origin)),
            SubstitutionNode substitution => Substitute(substitution),
            ConcatenationNode parts => HoconConcatenation.Join(
                [.. parts.Parts.Select(p => (p, p is BlankNode ? null : ResolveNode(p)))], parts.Origin),
            _ => throw new HoconException(node.Origin, "+= needs a key"),
        };
    }

    private HoconArray Append(AppendNode node, List<HoconNode> layers, int index)
    {
        var before = Fold(layers, index);
        var item = ResolveNode(node.Item);
        IEnumerable<HoconValue> items = before switch
        {
            null or HoconScalar { IsNull: true } => [],
            HoconArray list => list.Items,
            _ => throw new HoconException(node.Origin, $"+= adds to a list, but at {before.Origin} the key was set to {before.Kind}"),
        };
        return HoconObject.Checked(new HoconArray([.. items, .. item is null ? [] : new[] { item }], node.Origin));
    }

    private HoconValue? Substitute(SubstitutionNode node)
    {
        var value = node.Prefix.Count > 0 ? Lookup([.. node.Prefix, .. node.Path], node.Origin) : null;
        value ??= Lookup(node.Path, node.Origin);
        if (value is not null)
        {
            return value;
        }

        var name = string.Join('.', node.Path);
        if (environment(name) is { } text)
        {
            return HoconObject.Checked(new HoconScalar(text, quoted: true, new HoconOrigin($"environment variable {name}", 0, 0)));
        }

        return node.Optional
            ? null
            : throw new HoconException(
                node.Origin,
                $"${{{HoconPath.Render(node.Path)}}} is set neither here nor in the environment, or only by itself; write ${{?{HoconPath.Render(node.Path)}}} if it may be missing");
    }

    /// <summary>Walks a path without resolving more than it passes through, so that siblings may refer to each other.</summary>
    private HoconValue? Lookup(IReadOnlyList<string> path, HoconOrigin origin)
    {
        using var deeper = Deeper(origin);
        List<HoconNode> layers = [root];
        FieldNode? only = null;
        foreach (var key in path)
        {
            (layers, only) = Step(layers, key);
            if (layers.Count == 0)
            {
                return null;
            }
        }

        return only is not null ? ResolveField(only) : Fold(layers, layers.Count);
    }

    /// <summary>The layers of one key in layered objects; the field itself when one object alone has it.</summary>
    private (List<HoconNode> Layers, FieldNode? Only) Step(List<HoconNode> layers, string key)
    {
        var found = new List<List<HoconNode>>();
        FieldNode? only = null;
        for (var i = Visible(layers, layers.Count) - 1; i >= 0; i--)
        {
            if (layers[i] is ObjectNode o)
            {
                if (o.Find(key) is { } field)
                {
                    only = found.Count == 0 ? field : null;
                    found.Add(field.Layers);
                }

                continue;
            }

            var value = ResolveLayer(layers, i);
            if (value is HoconObject resolved)
            {
                if (resolved.TryGet(key, out var child))
                {
                    only = null;
                    found.Add([new ValueNode(child)]);
                }
            }
            else if (value is not null)
            {
                break;
            }
        }

        found.Reverse();
        return found.Count == 1 ? (found[0], only) : ([.. found.SelectMany(l => l)], null);
    }

    private Rise Deeper(HoconOrigin origin)
    {
        if (++_depth > HoconLimits.ResolveDepth)
        {
            throw new HoconException(origin, "substitutions lead through too many others; shorten the chain");
        }

        if (++_steps > HoconLimits.ResolveSteps)
        {
            throw new HoconException(origin, "the substitutions of this configuration multiply without end; simplify them");
        }

        return new Rise(this);
    }

    private readonly struct Rise(HoconResolver resolver) : IDisposable
    {
        public void Dispose() => resolver._depth--;
    }
}
