using System.Globalization;

namespace Actors.TestKit;

/// <summary>How long tests wait: <c>akka.test.*</c>.</summary>
public class TestKitSettings : IExtension
{
    public TestKitSettings(Config config)
    {
        DefaultTimeout = config.GetTimeSpan("akka.test.default-timeout", TimeSpan.FromSeconds(10));
        SingleExpectDefault = config.GetTimeSpan("akka.test.single-expect-default", TimeSpan.FromSeconds(10));
        ExpectNoMessageDefault = config.GetTimeSpan("akka.test.expect-no-message-default", TimeSpan.FromMilliseconds(300));
        TestTimeFactor = config.GetDouble("akka.test.timefactor", 1);
        if (TestTimeFactor <= 0)
        {
            throw new ConfigurationException(string.Create(CultureInfo.InvariantCulture, $"akka.test.timefactor must be positive, not {TestTimeFactor}"));
        }
    }

    /// <summary>Of AwaitAssert and AwaitCondition outside of Within.</summary>
    public TimeSpan DefaultTimeout { get; }

    /// <summary>Of ExpectMsg outside of Within. Longer than Akka.NET's, since it costs only failing tests, on busy machines.</summary>
    public TimeSpan SingleExpectDefault { get; }

    /// <summary>Of ExpectNoMsg; shorter than Akka.NET's, since it costs passing tests.</summary>
    public TimeSpan ExpectNoMessageDefault { get; }

    /// <summary>Multiplies what is dilated.</summary>
    public double TestTimeFactor { get; }
}

/// <summary>Configurations for tests.</summary>
public static class TestConfigs
{
    /// <summary>Nothing special.</summary>
    public static Config DefaultConfig => ConfigurationFactory.ParseString("akka.loglevel = DEBUG");

    /// <summary>A scheduler whose time the test advances.</summary>
    public static Config TestSchedulerConfig => ConfigurationFactory.ParseString(
        "akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"");
}
