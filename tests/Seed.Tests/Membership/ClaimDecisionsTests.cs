using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Membership;

namespace ClusterMonitor.Seed.Tests.Membership;

public sealed class ClaimDecisionsTests
{
    private static NodeHello Hello(string id = "id-b", string name = "b", ulong incarnation = 2, long started = 2_000) =>
        new() { NodeId = id, Name = name, Incarnation = incarnation, StartedMs = started };

    private static Claimant Known(string id = "id-b", ulong incarnation = 1, long started = 1_000, bool holds = true, params ulong[] replaced) =>
        new(id, "akka.ssl.tcp://clustermonitor@10.0.0.5:4711", incarnation, started, holds, replaced);

    [Fact]
    public void A_new_node_is_admitted() => Assert.Null(ClaimDecisions.Refusal(Hello(), null, null));

    [Fact]
    public void The_same_process_may_say_hello_as_often_as_it_likes() =>
        Assert.Null(ClaimDecisions.Refusal(Hello(incarnation: 1, started: 1_000), Known(), Known()));

    [Fact]
    public void A_newer_incarnation_replaces_the_old_one_even_while_its_link_is_alive() =>
        Assert.Null(ClaimDecisions.Refusal(Hello(), Known(), Known()));

    [Fact]
    public void A_replaced_incarnation_is_refused()
    {
        var refusal = ClaimDecisions.Refusal(Hello(incarnation: 1, started: 9_000), Known(incarnation: 2, holds: false, replaced: 1), null);
        Assert.Equal(HelloRefusal.StaleIncarnation, refusal?.Reason);
        Assert.Contains("copy of the other's data folder", refusal!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_older_process_is_refused_while_the_newer_one_speaks() =>
        Assert.Equal(HelloRefusal.StaleIncarnation, ClaimDecisions.Refusal(Hello(started: 500), Known(), null)?.Reason);

    [Fact]
    public void A_restart_after_the_clock_was_set_back_is_admitted() =>
        Assert.Null(ClaimDecisions.Refusal(Hello(started: 500), Known(holds: false), null));

    [Fact]
    public void Another_node_does_not_get_a_name_whose_owner_is_connected()
    {
        var refusal = ClaimDecisions.Refusal(Hello(id: "id-c"), null, Known());
        Assert.Equal(HelloRefusal.NameTaken, refusal?.Reason);
        Assert.Contains("10.0.0.5:4711", refusal!.Text, StringComparison.Ordinal);
        Assert.Contains("--name", refusal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_node_gets_a_name_whose_owner_is_gone() =>
        Assert.Null(ClaimDecisions.Refusal(Hello(id: "id-c"), null, Known(holds: false)));

    [Fact]
    public void A_renamed_host_is_admitted_under_its_id() =>
        Assert.Null(ClaimDecisions.Refusal(Hello(name: "new-name"), Known(), null));

    [Theory]
    [InlineData("", "b")]
    [InlineData("id-b", "")]
    [InlineData("id-b", " b")]
    [InlineData("id-b", "b\u001b[2J")]
    [InlineData("id\n", "b")]
    public void Names_and_ids_that_nobody_could_type_are_refused(string id, string name) =>
        Assert.Equal(HelloRefusal.Invalid, ClaimDecisions.Refusal(Hello(id, name), null, null)?.Reason);

    [Fact]
    public void Names_and_labels_have_a_limit()
    {
        Assert.Equal(HelloRefusal.Invalid, ClaimDecisions.Refusal(Hello(name: new string('b', 129)), null, null)?.Reason);
        var labelled = Hello();
        labelled.Labels.Add("rack", new string('a', 129));
        Assert.Equal(HelloRefusal.Invalid, ClaimDecisions.Refusal(labelled, null, null)?.Reason);
    }

    [Fact]
    public void A_hello_without_an_incarnation_is_refused() =>
        Assert.Equal(HelloRefusal.Invalid, ClaimDecisions.Refusal(Hello(incarnation: 0), null, null)?.Reason);
}
