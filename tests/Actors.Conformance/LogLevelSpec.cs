namespace EngineTests.Conformance;

public class LogLevelSpec : TestKit
{
    public LogLevelSpec()
        : base("akka.loglevel = WARNING")
    {
    }

    [Fact]
    public void Entries_below_the_configured_level_are_not_published()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(LogEvent));
        Assert.False(Sys.Log.IsInfoEnabled);
        Assert.True(Sys.Log.IsWarningEnabled);
        Sys.Log.Info("no");
        Sys.Log.Debug("no");
        Sys.Log.Warning("yes");
        Assert.Equal("yes", ExpectMsg<Warning>().Message.ToString());
    }
}
