namespace ClusterMonitor.Messages.Metrics;

/// <summary>
/// The coding of one column of integers, lossless for every value of a <see cref="long"/>; an empty column takes nothing. The writer tries each form and keeps the shortest:
/// <code>
/// column   = 00                                      every value is zero
///          | 10 number                               every value is this one
///          | 11 bitmap(count) column                 some are missing (bit 0); the rest as a column without missing ones; nothing when all are missing
///          | 01 model(2) signed(1) golomb(1) scaled(1) width(6) [number: scale] numbers… residual*
/// model    = 0 level:  residual = value - least
///            1 delta:  first value; residual = delta - least delta
///            2 delta of delta: first value, first delta; residual = change of delta - least change
/// signed   = 1: nothing is subtracted, the residual is zigzag coded, and the "least" number is absent
/// scaled   = 1: every value was divided by the scale, their greatest common divisor (kB as bytes, sectors as bytes)
/// residual = golomb 0: `width` bits (63 says 64); golomb 1: exponential Golomb code of order `width`
/// </code>
/// Bits are written lowest first; the two bits of the first line above are in the order in which they are written.
/// Exponential Golomb codes keep rare spikes from widening the whole column (Teuhola 1978); differences of differences are
/// what Gorilla does for time stamps (Pelkonen et al., VLDB 2015).
/// </summary>
internal sealed class IntegerColumn
{
    // An order-k code of a residual below 2^62 has a prefix of at most 62 zeros.
    private const int MaxGolombPrefix = 62;

    private long[] _present = [];
    private long[] _work = [];

    /// <summary>Writes a column; <see cref="MetricValue.Missing"/> marks what is not there.</summary>
    public void Write(BitWriter to, ReadOnlySpan<long> values)
    {
        if (values.IsEmpty)
        {
            return;
        }

        if (!values.Contains(MetricValue.Missing))
        {
            WritePresent(to, values);
            return;
        }

        to.Write(0b11, 2);
        foreach (var value in values)
        {
            to.Write(value == MetricValue.Missing ? 0UL : 1UL, 1);
        }

        Grow(ref _present, values.Length);
        var count = 0;
        foreach (var value in values)
        {
            if (value != MetricValue.Missing)
            {
                _present[count++] = value;
            }
        }

        if (count > 0)
        {
            WritePresent(to, _present.AsSpan(0, count));
        }
    }

    /// <summary>Reads a column of <c>into.Length</c> values.</summary>
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    public static void Read(ref BitReader from, Span<long> into)
    {
        if (into.IsEmpty)
        {
            return;
        }

        var head = from.Read(2);
        if (head != 0b11)
        {
            ReadPresent(ref from, (int)head, into);
            return;
        }

        var bitmap = from.Position;
        var count = 0;
        for (var i = 0; i < into.Length; i++)
        {
            count += (int)from.Read(1);
        }

        if (count == 0)
        {
            into.Fill(MetricValue.Missing);
            return;
        }

        head = from.Read(2);
        if (head == 0b11)
        {
            throw new InvalidDataException("a column says twice which values are missing");
        }

        // The present values go to the end, and are then moved forward to their places.
        ReadPresent(ref from, (int)head, into[^count..]);
        Spread(ref from, bitmap, into, count);
    }

    /// <summary>Passes a column of <paramref name="count"/> values without decoding it.</summary>
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    public static void Skip(ref BitReader from, int count)
    {
        if (count == 0)
        {
            return;
        }

        var head = from.Read(2);
        if (head == 0b11)
        {
            var present = 0;
            for (var i = 0; i < count; i++)
            {
                present += (int)from.Read(1);
            }

            if (present == 0)
            {
                return;
            }

            count = present;
            head = from.Read(2);
        }

        if (head == 0b00)
        {
            return;
        }

        if (head == 0b01)
        {
            from.ReadNumber();
            return;
        }

        var form = ColumnForm.Read(ref from, count);
        if (!form.Golomb)
        {
            from.Skip((long)form.Residuals(count) * BitWidth.FromCode(form.Width));
            return;
        }

        for (var i = form.Residuals(count); i > 0; i--)
        {
            from.Skip(from.ReadUnary(MaxGolombPrefix) + form.Width);
        }
    }

    private static void Spread(ref BitReader from, long bitmap, Span<long> into, int count)
    {
        var end = from.Position;
        from.Seek(bitmap);
        var next = into.Length - count;
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = from.Read(1) == 1 ? into[next++] : MetricValue.Missing;
        }

        from.Seek(end);
    }

    private static void ReadPresent(ref BitReader from, int head, Span<long> into)
    {
        switch (head)
        {
            case 0b00:
                into.Clear();
                return;
            case 0b01:
                into.Fill(from.ReadNumber());
                return;
        }

        var form = ColumnForm.Read(ref from, into.Length);
        var residuals = into[^form.Residuals(into.Length)..];
        for (var i = 0; i < residuals.Length; i++)
        {
            var residual = form.Golomb ? ReadGolomb(ref from, form.Width) : from.Read(BitWidth.FromCode(form.Width));
            residuals[i] = form.Signed ? ZigZag.Decode(residual) : unchecked(form.Least + (long)residual);
        }

        form.Integrate(into);
        if (form.Scale != 1)
        {
            for (var i = 0; i < into.Length; i++)
            {
                into[i] = unchecked(into[i] * form.Scale);
            }
        }
    }

    private static ulong ReadGolomb(ref BitReader from, int order)
    {
        var prefix = from.ReadUnary(MaxGolombPrefix);
        var quotient = ((1UL << prefix) | from.Read(prefix)) - 1;
        return (quotient << order) | from.Read(order);
    }

    private static void WriteGolomb(BitWriter to, ulong residual, int order)
    {
        var quotient = (residual >> order) + 1;
        var prefix = BitWidth.Of(quotient) - 1;
        to.Write(0, prefix);
        to.Write(1, 1);
        to.Write(quotient, prefix);
        to.Write(residual, order);
    }

    private void WritePresent(BitWriter to, ReadOnlySpan<long> values)
    {
        if (!values.ContainsAnyExcept(values[0]))
        {
            if (values[0] == 0)
            {
                to.Write(0b00, 2);
            }
            else
            {
                to.Write(0b01, 2);
                to.WriteNumber(values[0]);
            }

            return;
        }

        to.Write(0b10, 2);
        Grow(ref _work, 2 * values.Length);
        var scaled = _work.AsSpan(0, values.Length);
        var scale = CommonDivisor(values);
        for (var i = 0; i < scaled.Length; i++)
        {
            scaled[i] = scale == 1 ? values[i] : values[i] / scale;
        }

        var best = default(ColumnForm);
        var bestBits = long.MaxValue;
        for (var model = ColumnForm.Level; model <= ColumnForm.DeltaOfDelta && model < values.Length; model++)
        {
            var residuals = _work.AsSpan(values.Length, values.Length - model);
            Differentiate(scaled, residuals, model);
            Consider(ColumnForm.SignedForm(model, scale, scaled), residuals, ref best, ref bestBits);
            Consider(ColumnForm.FromLeast(model, scale, scaled, residuals), residuals, ref best, ref bestBits);
        }

        best.Write(to);
        var chosen = _work.AsSpan(values.Length, values.Length - best.Model);
        Differentiate(scaled, chosen, best.Model);
        foreach (var value in chosen)
        {
            if (best.Golomb)
            {
                WriteGolomb(to, best.Residual(value), best.Width);
            }
            else
            {
                to.Write(best.Residual(value), BitWidth.FromCode(best.Width));
            }
        }
    }

    // Fixed width, and Golomb codes of the orders around the typical size of a residual.
    private static void Consider(ColumnForm form, ReadOnlySpan<long> residuals, ref ColumnForm best, ref long bestBits)
    {
        ulong all = 0;
        double sum = 0;
        foreach (var value in residuals)
        {
            var residual = form.Residual(value);
            all |= residual;
            sum += residual;
        }

        var header = form.HeaderBits();
        var width = BitWidth.ToCode(BitWidth.Of(all));
        Keep(form with { Width = width }, header + ((long)BitWidth.FromCode(width) * residuals.Length), ref best, ref bestBits);
        if (width >= MaxGolombPrefix)
        {
            return;
        }

        var typical = BitWidth.Of((ulong)(sum / residuals.Length));
        for (var order = Math.Max(0, typical - 3); order <= Math.Min(typical + 1, width); order++)
        {
            var bits = header;
            foreach (var value in residuals)
            {
                bits += (2 * BitWidth.Of((form.Residual(value) >> order) + 1)) - 1 + order;
            }

            Keep(form with { Width = order, Golomb = true }, bits, ref best, ref bestBits);
        }
    }

    private static void Keep(ColumnForm form, long bits, ref ColumnForm best, ref long bestBits)
    {
        if (bits < bestBits)
        {
            best = form;
            bestBits = bits;
        }
    }

    private static void Differentiate(ReadOnlySpan<long> values, Span<long> residuals, int model)
    {
        unchecked
        {
            for (var i = 0; i < residuals.Length; i++)
            {
                residuals[i] = model switch
                {
                    ColumnForm.Level => values[i],
                    ColumnForm.Delta => values[i + 1] - values[i],
                    _ => values[i + 2] - (2 * values[i + 1]) + values[i],
                };
            }
        }
    }

    private static long CommonDivisor(ReadOnlySpan<long> values)
    {
        ulong divisor = 0;
        foreach (var value in values)
        {
            var rest = (ulong)Math.Abs(value);
            while (rest != 0)
            {
                (divisor, rest) = (rest, divisor % rest);
            }

            if (divisor == 1)
            {
                return 1;
            }
        }

        return divisor is 0 ? 1 : (long)divisor;
    }

    private static void Grow(ref long[] array, int length)
    {
        if (array.Length < length)
        {
            array = new long[Math.Max(length, 2 * array.Length)];
        }
    }
}
