namespace EngineTests.Conformance;

public class SelectionSpec : TestKit
{
    private IActorRef Tree()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Doer(TestActor)), "parent");
        parent.Tell(new Run(c =>
        {
            foreach (var name in new[] { "a1", "a2", "b1" })
            {
                var child = c.ActorOf(Props.Create(() => new Doer(TestActor)), name);
                child.Tell(new Run(cc =>
                {
                    cc.ActorOf(Props.Create(() => new Doer(TestActor)), "leaf");
                    TestActor.Tell("ready");
                }));
            }
        }));
        ReceiveN(3);
        return parent;
    }

    private void Expect(ActorSelection selection, params string[] paths)
    {
        selection.Tell(new Run(c => TestActor.Tell(c.Self.Path.ToStringWithoutAddress())));
        ExpectMsgAllOf(paths);
        ExpectNoMsg(50);
    }

    [Fact]
    public void An_absolute_path_leads_there()
    {
        Tree();
        Expect(Sys.ActorSelection("/user/parent/a1"), "/user/parent/a1");
        Expect(Sys.ActorSelection("akka://test/user/parent/a1/leaf"), "/user/parent/a1/leaf");
    }

    [Fact]
    public void Wildcards_lead_to_all_that_match()
    {
        Tree();
        Expect(Sys.ActorSelection("/user/parent/*"), "/user/parent/a1", "/user/parent/a2", "/user/parent/b1");
        Expect(Sys.ActorSelection("/user/parent/a?"), "/user/parent/a1", "/user/parent/a2");
        Expect(Sys.ActorSelection("/user/parent/*1/leaf"), "/user/parent/a1/leaf", "/user/parent/b1/leaf");
    }

    [Fact]
    public void A_relative_path_starts_at_the_actor()
    {
        var parent = Tree();
        parent.Tell(new Run(c => c.ActorSelection("a1/leaf").Tell("down")));
        ExpectMsg("down");
        parent.Tell(new Run(c => c.ActorSelection("a1/../b1").Tell("up and down")));
        ExpectMsg("up and down");
    }

    [Fact]
    public void The_sender_of_a_selection_is_the_current_actor()
    {
        var parent = Tree();
        parent.Tell(new Run(c => c.ActorSelection("a1").Tell("hi")));
        ExpectMsg("hi");
        Assert.Equal(parent, LastSender);
    }

    [Fact]
    public void Identify_is_answered_by_every_actor()
    {
        var parent = Tree();
        Sys.ActorSelection("/user/parent").Tell(new Identify(7));
        var identity = ExpectMsg<ActorIdentity>();
        Assert.Equal(7, identity.MessageId);
        Assert.Equal(parent, identity.Subject);
    }

    [Fact]
    public void Identify_to_nobody_is_answered_with_no_subject()
    {
        Sys.ActorSelection("/user/nobody/here").Tell(new Identify("id"));
        Assert.Null(ExpectMsg<ActorIdentity>().Subject);
    }

    [Fact]
    public async Task ResolveOne_of_nobody_throws()
    {
        await Assert.ThrowsAsync<ActorNotFoundException>(() => Sys.ActorSelection("/user/nobody").ResolveOne(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void A_message_to_nobody_is_a_dead_letter()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        Sys.ActorSelection("/user/nobody").Tell("lost");
        Assert.Equal("lost", ExpectMsg<DeadLetter>().Message);
    }

    [Fact]
    public void A_path_with_an_incarnation_leads_only_to_it()
    {
        var parent = Tree();
        Sys.ActorSelection(parent.Path).Tell("same");
        ExpectMsg("same");
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        Sys.ActorSelection(parent.Path.WithUid(parent.Path.Uid + 2).ToSerializationFormat()).Tell(new Identify(1));
        Assert.Null(ExpectMsg<ActorIdentity>().Subject);
    }
}
