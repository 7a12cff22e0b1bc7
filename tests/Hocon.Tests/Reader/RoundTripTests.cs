using FsCheck;
using FsCheck.Fluent;

namespace Hocon.Tests.Reader;

public sealed class RoundTripTests
{
    private static readonly HoconOrigin Nowhere = new("generated", 0, 0);

    private static Gen<string> Texts => Gen.OneOf(
        ArbMap.Default.GeneratorFor<string>().Select(s => s ?? ""),
        Gen.Elements("", " ", "null", "true", "1", "-", "a.b", "${x}", "\"", "\\", "\"\"\"", "#", "//", "\n", "\u2028", "\ud83d\ude00", "include"));

    [Fact]
    public void What_is_rendered_reads_back_as_the_same_tree() =>
        Prop.ForAll(Objects(4).ToArbitrary(), tree =>
            Read.Text(tree.ToHocon()).Plain() == tree.Plain()).QuickCheckThrowOnFailure();

    [Fact]
    public void A_rendered_path_parses_back() =>
        Prop.ForAll(Texts.NonEmptyListOf().ToArbitrary(), keys =>
            keys.Count > 100 || HoconPath.Parse(HoconPath.Render(keys)).SequenceEqual(keys)).QuickCheckThrowOnFailure();

    [Fact]
    public void Merging_keeps_every_plain_value_of_the_upper_object_and_adds_the_keys_of_the_lower() =>
        Prop.ForAll(Objects(3).Two().ToArbitrary(), two =>
        {
            var (upper, lower) = two;
            var merged = upper.Over(lower);
            return Leaves(upper, []).All(l => merged.Find(l.Path).Plain() == l.Value.Plain())
                && lower.Fields.All(f => merged.TryGet(f.Key, out _))
                && upper.Over(HoconObject.Empty).Plain() == upper.Plain()
                && HoconObject.Empty.Over(upper).Plain() == upper.Plain();
        }).QuickCheckThrowOnFailure();

    private static IEnumerable<(string[] Path, HoconValue Value)> Leaves(HoconValue value, string[] path) => value is HoconObject o
        ? o.Fields.SelectMany(f => Leaves(f.Value, [.. path, f.Key]))
        : [(path, value)];

    private static Gen<HoconValue> Values(int depth)
    {
        var scalars = Gen.OneOf(
            Texts.Select(t => (HoconValue)new HoconScalar(t, true, Nowhere)),
            Gen.Elements("null", "true", "12", "x").Select(t => (HoconValue)new HoconScalar(t, false, Nowhere)));
        return depth == 0
            ? scalars
            : Gen.OneOf(
                scalars,
                Values(depth - 1).ListOf().Select(i => (HoconValue)new HoconArray([.. i], Nowhere)),
                Objects(depth - 1).Select(o => (HoconValue)o));
    }

    private static Gen<HoconObject> Objects(int depth) =>
        from keys in Gen.OneOf(Texts, Gen.Elements("a", "b", "c")).ListOf()
        let distinct = keys.Distinct(StringComparer.Ordinal).Take(5).ToList()
        from values in Values(Math.Max(0, depth - 1)).ListOf(distinct.Count)
        select new HoconObject([.. distinct.Zip(values, (k, v) => new KeyValuePair<string, HoconValue>(k, v))], Nowhere);
}
