using ClusterMonitor.Hosting;

namespace Hocon.Tests.Hosting;

public sealed class ArgumentTests
{
    [Theory]
    [InlineData("10.0.0.5:4053", "10.0.0.5", 4053)]
    [InlineData("10.0.0.5", "10.0.0.5", 9)]
    [InlineData("seed.example:1", "seed.example", 1)]
    [InlineData("my_host", "my_host", 9)]
    [InlineData("[::1]:4053", "::1", 4053)]
    [InlineData("[fe80::1]", "fe80::1", 9)]
    public void An_address_is_a_host_and_a_port(string text, string host, int port)
    {
        Assert.True(HostPort.TryParse(text, 9, out var value, out var problem), problem);
        Assert.Equal(new HostPort(host, port), value);
        Assert.True(HostPort.TryParse(value.ToString(), null, out var again, out _));
        Assert.Equal(value, again);
    }

    [Theory]
    [InlineData("", "has no host")]
    [InlineData(":4053", "has no host")]
    [InlineData("host:", "port from 1 to 65535")]
    [InlineData("host:0", "port from 1 to 65535")]
    [InlineData("host:65536", "port from 1 to 65535")]
    [InlineData("host:x", "port from 1 to 65535")]
    [InlineData("host:+1", "port from 1 to 65535")]
    [InlineData("::1", "in brackets: [::1]:9")]
    [InlineData("[::1", "must be HOST:PORT")]
    [InlineData("[::1]x", "must be HOST:PORT")]
    [InlineData("[host]:1", "must be HOST:PORT")]
    [InlineData("a:b:c", "must be HOST:PORT")]
    [InlineData("10.0.0:1", "names no valid host")]
    [InlineData("300.1.1.1:1", "names no valid host")]
    [InlineData("-host:1", "names no valid host")]
    [InlineData("a host:1", "names no valid host")]
    [InlineData("host\u001b[2J:1", "names no valid host")]
    [InlineData("a..b:1", "names no valid host")]
    public void What_is_no_address_is_refused_with_a_reason(string text, string says)
    {
        Assert.False(HostPort.TryParse(text, 9, out _, out var problem));
        Assert.Contains(says, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_default_the_port_must_be_given()
    {
        Assert.False(HostPort.TryParse("host", null, out _, out var problem));
        Assert.Equal("has no port; write host:4053", problem);
    }

    [Theory]
    [InlineData("web-1", true)]
    [InlineData("web.example_2", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("../x", false)]
    [InlineData("a/b", false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    [InlineData("a\u0007", false)]
    [InlineData("-a", false)]
    [InlineData("ünder", false)]
    public void A_node_name_can_name_a_folder(string text, bool valid) => Assert.Equal(valid, NodeName.IsValid(text));

    [Theory]
    [InlineData("web-1", "web-1")]
    [InlineData("Bob's Mac", "Bob-s-Mac")]
    [InlineData("../../etc", "etc")]
    [InlineData("", "node")]
    [InlineData("\u001b[31m", "31m")]
    public void Any_host_name_makes_a_node_name(string host, string expected)
    {
        Assert.Equal(expected, NodeName.FromHostName(host));
        Assert.True(NodeName.IsValid(NodeName.FromHostName(host)));
        Assert.True(NodeName.IsValid(NodeName.FromHostName(host + new string('x', 100))));
    }

    [Theory]
    [InlineData("rack=a", "rack", "a")]
    [InlineData("k=", "k", "")]
    [InlineData("k=a=b", "k", "a=b")]
    [InlineData("k=größe", "k", "größe")]
    public void A_label_is_a_key_and_a_value(string text, string key, string value)
    {
        Assert.True(Labels.TryParse(text, out var label, out _));
        Assert.Equal(new(key, value), label);
    }

    [Theory]
    [InlineData("rack")]
    [InlineData("=a")]
    [InlineData("a b=c")]
    [InlineData("a=\u001b[2J")]
    public void What_is_no_label_is_refused(string text) => Assert.False(Labels.TryParse(text, out _, out _));

    [Theory]
    [InlineData("now", "2026-11-21T20:15:03Z")]
    [InlineData("1h", "2026-11-21T19:15:03Z")]
    [InlineData("90 s", "2026-11-21T20:13:33Z")]
    [InlineData("2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z")]
    [InlineData("2026-11-20T10:00:00.5+02:00", "2026-11-20T08:00:00.5Z")]
    [InlineData("2026-11-20 10:00", "2026-11-20T09:00:00Z")]
    [InlineData("2026-11-20", "2026-11-19T23:00:00Z")]
    [InlineData("21:15", "2026-11-21T20:15:00Z")]
    [InlineData("21:16", "2026-11-20T20:16:00Z")]
    public void A_time_is_read_as_people_write_it(string text, string expected)
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("plus one", TimeSpan.FromHours(1), "plus one", "plus one");
        Assert.True(Moments.TryParse(text, new FixedTime(DateTimeOffset.Parse("2026-11-21T20:15:03Z"), zone), out var value));
        Assert.Equal(DateTimeOffset.Parse(expected), value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2026-13-01")]
    [InlineData("25:00")]
    [InlineData("1234567")]
    public void What_is_no_time_is_refused(string text) =>
        Assert.False(Moments.TryParse(text, new FixedTime(DateTimeOffset.UnixEpoch), out _));

    [Theory]
    [InlineData("plain \\ text", "plain \\ text")]
    [InlineData("größe 漢字 😀", "größe 漢字 😀")]
    [InlineData("a\nb\tc\r", "a\\nb\\tc\\r")]
    [InlineData("\u001b[2J", "\\u001b[2J")]
    [InlineData("\u009b1m\u202e\u2028", "\\u009b1m\\u202e\\u2028")]
    public void Text_from_outside_can_not_command_a_terminal(string text, string expected) =>
        Assert.Equal(expected, Printable.Escape(text));

    [Fact]
    public void Half_a_character_is_escaped() => Assert.Equal("\\ud800x", Printable.Escape("\ud800x"));
}
