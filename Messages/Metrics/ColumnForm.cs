using System.Runtime.InteropServices;

namespace ClusterMonitor.Messages.Metrics;

/// <summary>How the residuals of a column were made.</summary>
[StructLayout(LayoutKind.Auto)]
internal record struct ColumnForm(int Model, bool Signed, bool Golomb, int Width, long Scale, long First, long FirstDelta, long Least)
{
    public const int Level = 0;
    public const int Delta = 1;
    public const int DeltaOfDelta = 2;

    public static ColumnForm SignedForm(int model, long scale, ReadOnlySpan<long> values) =>
        new(model, true, false, 0, scale, FirstOf(model, values), FirstDeltaOf(model, values), 0);

    public static ColumnForm FromLeast(int model, long scale, ReadOnlySpan<long> values, ReadOnlySpan<long> residuals)
    {
        var least = long.MaxValue;
        foreach (var residual in residuals)
        {
            least = Math.Min(least, residual);
        }

        return new ColumnForm(model, false, false, 0, scale, FirstOf(model, values), FirstDeltaOf(model, values), least);
    }

    public static ColumnForm Read(ref BitReader from, int count)
    {
        var model = (int)from.Read(2);
        if (model > DeltaOfDelta || model >= count)
        {
            throw new InvalidDataException($"a column of {count} values uses model {model}");
        }

        var signed = from.Read(1) == 1;
        var golomb = from.Read(1) == 1;
        var scaled = from.Read(1) == 1;
        var width = (int)from.Read(6);
        var scale = scaled ? from.ReadNumber() : 1;
        var first = model >= Delta ? from.ReadNumber() : 0;
        var firstDelta = model == DeltaOfDelta ? from.ReadNumber() : 0;
        var least = signed ? 0 : from.ReadNumber();
        return new ColumnForm(model, signed, golomb, width, scale, first, firstDelta, least);
    }

    public readonly int Residuals(int count) => count - Model;

    public readonly ulong Residual(long value) => Signed ? ZigZag.Encode(value) : unchecked((ulong)(value - Least));

    public readonly void Write(BitWriter to)
    {
        to.Write((ulong)Model, 2);
        to.Write(Signed ? 1UL : 0, 1);
        to.Write(Golomb ? 1UL : 0, 1);
        to.Write(Scale != 1 ? 1UL : 0, 1);
        to.Write((ulong)Width, 6);
        if (Scale != 1)
        {
            to.WriteNumber(Scale);
        }

        if (Model >= Delta)
        {
            to.WriteNumber(First);
        }

        if (Model == DeltaOfDelta)
        {
            to.WriteNumber(FirstDelta);
        }

        if (!Signed)
        {
            to.WriteNumber(Least);
        }
    }

    /// <summary>What the numbers of this form cost; what all forms have in common is left out.</summary>
    public readonly long HeaderBits() =>
        (Model >= Delta ? NumberBits(First) : 0) + (Model == DeltaOfDelta ? NumberBits(FirstDelta) : 0) + (Signed ? 0 : NumberBits(Least));

    /// <summary>Turns residuals, which stand at the end, into values.</summary>
    public readonly void Integrate(Span<long> values)
    {
        unchecked
        {
            if (Model == Delta)
            {
                values[0] = First;
                for (var i = 1; i < values.Length; i++)
                {
                    values[i] += values[i - 1];
                }
            }
            else if (Model == DeltaOfDelta)
            {
                var delta = FirstDelta;
                values[0] = First;
                values[1] = First + delta;
                for (var i = 2; i < values.Length; i++)
                {
                    delta += values[i];
                    values[i] = values[i - 1] + delta;
                }
            }
        }
    }

    private static long NumberBits(long value) => 6 + BitWidth.FromCode(BitWidth.ToCode(BitWidth.Of(ZigZag.Encode(value))));

    private static long FirstOf(int model, ReadOnlySpan<long> values) => model >= Delta ? values[0] : 0;

    private static long FirstDeltaOf(int model, ReadOnlySpan<long> values) =>
        model == DeltaOfDelta ? unchecked(values[1] - values[0]) : 0;
}
