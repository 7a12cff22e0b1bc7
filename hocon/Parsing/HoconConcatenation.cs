using System.Text;

namespace Hocon.Parsing;

/// <summary>What values side by side make: lists a longer list, objects a merged object, everything else text.</summary>
internal static class HoconConcatenation
{
    /// <summary>Joins parts; one without a value is a blank, or a substitution of nothing.</summary>
    /// <returns>Null when no part has a value.</returns>
    public static HoconValue? Join(IReadOnlyList<(HoconNode Part, HoconValue? Value)> parts, HoconOrigin origin)
    {
        var values = parts.Select(p => p.Value).OfType<HoconValue>().ToList();
        var first = values.FirstOrDefault();
        foreach (var other in values.Where(v => v.GetType() != first!.GetType()))
        {
            throw new HoconException(origin, $"{first!.Kind} and {other.Kind} can't stand side by side; separate them by a comma or a new line");
        }

        return first switch
        {
            null => null,
            HoconObject => values.Cast<HoconObject>().Aggregate((under, top) => top.Over(under)),
            HoconArray => HoconObject.Checked(new HoconArray([.. values.Cast<HoconArray>().SelectMany(a => a.Items)], origin)),
            _ => Text(parts, origin),
        };
    }

    private static HoconScalar Text(IReadOnlyList<(HoconNode Part, HoconValue? Value)> parts, HoconOrigin origin)
    {
        var text = new StringBuilder();
        foreach (var (part, value) in parts)
        {
            // A null that comes by substitution is nothing; one that is written here is the word.
            var isNothing = part is SubstitutionNode && value is HoconScalar { IsNull: true };
            text.Append(part is BlankNode blank ? blank.Text : isNothing ? "" : (value as HoconScalar)?.Text);
            if (text.Length > HoconLimits.Weight)
            {
                throw new HoconException(origin, "the text grows without end; are substitutions doubling it?");
            }
        }

        return HoconObject.Checked(new HoconScalar(text.ToString(), quoted: true, origin));
    }
}
