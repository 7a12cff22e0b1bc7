namespace EngineTests.Conformance;

public class ExtensionSpec : TestKit
{
    [Fact]
    public void An_extension_is_made_once_per_system()
    {
        Assert.False(Sys.HasExtension<Counting>());
        var first = new CountingProvider().Get(Sys);
        Assert.Same(first, new CountingProvider().Apply(Sys));
        Assert.True(Sys.HasExtension<Counting>());
        Assert.Same(first, Sys.GetExtension<Counting>());
        using var other = ActorSystem.Create("other");
        Assert.NotSame(first, new CountingProvider().Get(other));
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_all_get_the_same()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => new CountingProvider().Get(Sys))));
        Assert.Single(all.Distinct());
    }

    private sealed class Counting : IExtension;

    private sealed class CountingProvider : ExtensionIdProvider<Counting>
    {
        public override Counting CreateExtension(ExtendedActorSystem system) => new();
    }
}
