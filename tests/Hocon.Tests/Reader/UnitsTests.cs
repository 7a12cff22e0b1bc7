namespace Hocon.Tests.Reader;

public sealed class UnitsTests
{
    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("500", 0.5)]
    [InlineData("10 s", 10)]
    [InlineData("1.5s", 1.5)]
    [InlineData("5 minutes", 300)]
    [InlineData("2h", 7200)]
    [InlineData("1d", 86400)]
    [InlineData("100us", 0.0001)]
    [InlineData("1000 ns", 0.000001)]
    public void Durations_are_a_number_and_a_unit(string text, double seconds)
    {
        Assert.True(HoconUnits.TryDuration(text, out var value));
        Assert.Equal(seconds, value.TotalSeconds, 7);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1 fortnight")]
    [InlineData("1S")]
    [InlineData("1.2.3s")]
    [InlineData("99999999999999999d")]
    [InlineData("999999999999999999999999999999999999d")]
    [InlineData("ten seconds")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(HoconUnits.TryDuration(text, out _));

    [Fact]
    public void Infinite_is_a_duration()
    {
        Assert.True(HoconUnits.TryDuration("infinite", out var value));
        Assert.Equal(Timeout.InfiniteTimeSpan, value);
    }

    [Theory]
    [InlineData("512", 512)]
    [InlineData("512B", 512)]
    [InlineData("128k", 128 * 1024)]
    [InlineData("128 KiB", 128 * 1024)]
    [InlineData("1kB", 1000)]
    [InlineData("16 MiB", 16 << 20)]
    [InlineData("1.5M", 3 << 19)]
    [InlineData("2GB", 2_000_000_000)]
    [InlineData("1 TiB", 1L << 40)]
    public void Sizes_are_a_number_and_a_unit(string text, long bytes)
    {
        Assert.True(HoconUnits.TrySize(text, out var value));
        Assert.Equal(bytes, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("big")]
    [InlineData("-1k")]
    [InlineData("10 EiB")]
    [InlineData("1kb")]
    public void What_is_no_size_is_refused(string text) => Assert.False(HoconUnits.TrySize(text, out _));

    [Theory]
    [InlineData("on", true)]
    [InlineData("yes", true)]
    [InlineData("true", true)]
    [InlineData("off", false)]
    [InlineData("no", false)]
    [InlineData("false", false)]
    public void Truth_has_three_pairs_of_words(string text, bool expected)
    {
        Assert.True(HoconUnits.TryBoolean(text, out var value));
        Assert.Equal(expected, value);
        Assert.False(HoconUnits.TryBoolean(text.ToUpperInvariant(), out _));
    }
}
