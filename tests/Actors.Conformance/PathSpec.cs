namespace EngineTests.Conformance;

public class PathSpec
{
    [Theory]
    [InlineData("akka://sys", "akka", "sys", null, null)]
    [InlineData("akka.tcp://sys@host:4053", "akka.tcp", "sys", "host", 4053)]
    [InlineData("akka.ssl.tcp://my-sys@10.0.0.1:0", "akka.ssl.tcp", "my-sys", "10.0.0.1", 0)]
    public void An_address_is_parsed_and_written(string text, string protocol, string system, string? host, int? port)
    {
        var address = Address.Parse(text);
        Assert.Equal((protocol, system, host, port), (address.Protocol, address.System, string.IsNullOrEmpty(address.Host) ? null : address.Host, address.Port));
        Assert.Equal(text, address.ToString());
        Assert.Equal(new Address(protocol, system, host, port), address);
        Assert.Equal(host is null, address.HasLocalScope);
    }

    [Theory]
    [InlineData("")]
    [InlineData("host:1")]
    [InlineData("http://host:80")]
    [InlineData("akka.tcp://sys@host:port")]
    public void What_is_not_an_address_is_refused(string text)
    {
        Assert.ThrowsAny<Exception>(() => Address.Parse(text));
    }

    [Fact]
    public void HostPort_has_system_host_and_port()
    {
        Assert.Equal("sys@host:1", new Address("akka.tcp", "sys", "host", 1).HostPort());
    }

    [Fact]
    public void A_path_is_parsed_and_written()
    {
        var path = ActorPath.Parse("akka.tcp://sys@host:1/user/a/b#123");
        Assert.Equal(["user", "a", "b"], path.Elements);
        Assert.Equal("b", path.Name);
        Assert.Equal("a", path.Parent.Name);
        Assert.Equal(123, path.Uid);
        Assert.Equal("/user/a/b", path.ToStringWithoutAddress());
        Assert.Equal("akka.tcp://sys@host:1/user/a/b", path.ToString());
        Assert.Equal("akka.tcp://sys@host:1/user/a/b#123", path.ToSerializationFormat());
        Assert.Equal(new Address("akka.tcp", "sys", "host", 1), path.Address);
        Assert.Equal(3, path.Depth);
    }

    [Fact]
    public void A_local_path_gets_the_address_given_and_a_global_one_keeps_its_own()
    {
        var other = new Address("akka.tcp", "sys", "host", 1);
        Assert.Equal("akka.tcp://sys@host:1/user/a", ActorPath.Parse("akka://sys/user/a").ToStringWithAddress(other));
        Assert.Equal("akka.tcp://x@y:2/user/a", ActorPath.Parse("akka.tcp://x@y:2/user/a").ToStringWithAddress(other));
        Assert.Equal("akka.tcp://sys@host:1/user/a#5", ActorPath.Parse("akka://sys/user/a#5").ToSerializationFormatWithAddress(other));
    }

    [Fact]
    public void Paths_are_equal_whatever_the_incarnation()
    {
        Assert.Equal(ActorPath.Parse("akka://sys/user/a#1"), ActorPath.Parse("akka://sys/user/a#2"));
        Assert.NotEqual(ActorPath.Parse("akka://sys/user/a"), ActorPath.Parse("akka://sys/user/b"));
        Assert.NotEqual(ActorPath.Parse("akka://sys/user/a"), ActorPath.Parse("akka://sys2/user/a"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/user/a")]
    [InlineData("not a path")]
    public void What_is_not_a_full_path_is_refused(string text)
    {
        Assert.False(ActorPath.TryParse(text, out _));
    }

    [Fact]
    public void Children_are_made_with_a_slash()
    {
        var root = new RootActorPath(new Address("akka", "sys"));
        Assert.Equal("akka://sys/user/a", (root / "user" / "a").ToString());
        Assert.Equal(root / "user" / "a", root / new[] { "user", "a" });
    }

    [Theory]
    [InlineData("node-1.example_com", true)]
    [InlineData("a%20b", true)]
    [InlineData("a%2", false)]
    [InlineData("$a", false)]
    [InlineData("a/b", false)]
    [InlineData("a#b", false)]
    [InlineData("", false)]
    public void It_is_known_what_a_name_may_be(string name, bool valid)
    {
        Assert.Equal(valid, ActorPath.IsValidPathElement(name));
    }
}
