namespace Hocon.Tests;

/// <summary>The engine's Config: the same answers from both engines.</summary>
public sealed class ConfigTests
{
    private static readonly Config Sample = ConfigurationFactory.ParseString("""
        text = hello
        n = 42
        big = 5000000000
        ratio = 0.25
        yes = on
        pause = 500ms
        for-ever = infinite
        frame = 128KiB
        names = [a, "b c"]
        group { inner = 1 }
        """);

    [Fact]
    public void Settings_are_read_by_path_and_type()
    {
        Assert.Equal("hello", Sample.GetString("text"));
        Assert.Equal(42, Sample.GetInt("n"));
        Assert.Equal(5_000_000_000, Sample.GetLong("big"));
        Assert.Equal(0.25, Sample.GetDouble("ratio"));
        Assert.True(Sample.GetBoolean("yes"));
        Assert.Equal(TimeSpan.FromMilliseconds(500), Sample.GetTimeSpan("pause"));
        Assert.Equal(Timeout.InfiniteTimeSpan, Sample.GetTimeSpan("for-ever"));
        Assert.Equal(128 * 1024, Sample.GetByteSize("frame"));
        Assert.Equal(["a", "b c"], Sample.GetStringList("names"));
        Assert.Equal(1, Sample.GetConfig("group")!.GetInt("inner"));
        Assert.Equal(1, Sample.GetInt("group.inner"));
    }

    [Fact]
    public void What_is_not_set_gives_the_default()
    {
        Assert.Null(Sample.GetString("no.such"));
        Assert.Equal("x", Sample.GetString("no.such", "x"));
        Assert.Equal(7, Sample.GetInt("no", 7));
        Assert.Equal(TimeSpan.Zero, Sample.GetTimeSpan("no"));
        Assert.Equal(TimeSpan.FromSeconds(1), Sample.GetTimeSpan("no", TimeSpan.FromSeconds(1)));
        Assert.Null(Sample.GetByteSize("no"));
        Assert.Empty(Sample.GetStringList("no"));
        Assert.Null(Sample.GetConfig("no"));
        Assert.False(Sample.HasPath("no"));
        Assert.True(Sample.HasPath("group.inner"));
    }

    [Fact]
    public void A_fallback_fills_what_is_missing_and_changes_nothing_else()
    {
        var config = Sample.WithFallback(ConfigurationFactory.ParseString("text = other\nmore = 1\ngroup { inner = 2, outer = 3 }"));
        Assert.Equal("hello", config.GetString("text"));
        Assert.Equal(1, config.GetInt("more"));
        Assert.Equal(1, config.GetInt("group.inner"));
        Assert.Equal(3, config.GetInt("group.outer"));
        Assert.False(Sample.HasPath("more"));
    }

    [Fact]
    public void The_empty_one_is_empty()
    {
        Assert.True(ConfigurationFactory.Empty.IsEmpty);
        Assert.False(Sample.IsEmpty);
        Assert.Equal("hello", ConfigurationFactory.Empty.WithFallback(Sample).GetString("text"));
        Assert.Throws<ArgumentException>(() => Sample.WithFallback(Sample));
    }

    [Fact]
    public void What_it_prints_reads_back() =>
        Assert.Equal(Sample.ToString(), ConfigurationFactory.ParseString(Sample.ToString()).ToString());
}
