using System.Net;
using Actors.Core;
using Actors.Remoting;

namespace EngineTests.Remote.Links;

public sealed class AdmissionTests
{
    private static readonly Address Seed = new("akka.ssl.tcp", "s", "10.0.0.1", 4053);
    private static readonly Address Node = new("akka.ssl.tcp", "s", "10.0.0.2", 4100);
    private static readonly PeerIdentity Here = new("web-1", "agent", "aa", IPAddress.Parse("10.0.0.2"));

    [Fact]
    public void A_copied_key_does_not_take_the_place_of_a_link_that_is_alive()
    {
        var decision = Decide(Here with { RemoteAddress = IPAddress.Parse("10.0.0.3") }, silence: TimeSpan.FromSeconds(0.4));
        Assert.Equal(AdmissionKind.Refuse, decision.Kind);
        Assert.Contains("two machines can't have one certificate and one address", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_that_comes_back_from_another_address_takes_the_place_of_a_link_that_fell_silent() =>
        Assert.Equal(AdmissionKind.Accept, Decide(Here with { RemoteAddress = IPAddress.Parse("10.0.0.3") }, silence: TimeSpan.FromSeconds(3)).Kind);

    [Fact]
    public void A_restarted_peer_of_the_same_machine_takes_the_place_of_its_old_link_at_once() =>
        Assert.Equal(AdmissionKind.Accept, Decide(Here, silence: TimeSpan.Zero).Kind);

    [Fact]
    public void Another_certificate_never_takes_the_place_of_an_open_link() =>
        Assert.Equal(AdmissionKind.Refuse, Decide(Here with { CommonName = "web-2" }, silence: TimeSpan.FromSeconds(3)).Kind);

    private static AdmissionDecision Decide(PeerIdentity knocking, TimeSpan silence) =>
        new Admission(Seed, Node, Seed, 2, knocking).Association(null, (Here, 1, false, TimeSpan.FromMinutes(1), silence), helloSent: false);
}
