using System.Collections.Concurrent;
using ClusterMonitor.Hosting;
using ClusterMonitor.Messages;

namespace Hocon.Tests.Hosting;

public sealed class MonitorSystemTests
{
    private static readonly Config Local = ConfigurationFactory.ParseString("akka { loggers = [], stdout-loglevel = OFF, loglevel = DEBUG }");

    [Fact]
    public async Task Registered_messages_go_by_the_registry_and_others_are_refused_by_name()
    {
        var system = MonitorSystem.Start(Local, null);
        try
        {
            var serializer = system.Serialization.FindSerializerFor(new NodeHello());
            Assert.IsType<MonitorSerializer>(serializer);
            var error = Assert.ThrowsAny<Exception>(() => system.Serialization.FindSerializerFor(new UriBuilder()).ToBinary(new UriBuilder()));
            Assert.Contains("System.UriBuilder is not registered in MonitorSerializer", error.Message, StringComparison.Ordinal);
            Assert.All(MonitorSerializer.Types, t => Assert.IsType<MonitorSerializer>(system.Serialization.FindSerializerForType(t)));
        }
        finally
        {
            await system.Terminate();
        }
    }

    [Theory]
    [InlineData("info", 3)]
    [InlineData("warning", 2)]
    [InlineData("error", 1)]
    public async Task What_actors_log_reaches_the_programs_log_from_its_level_on(string level, int lines)
    {
        var lineWriter = new LineWriter();
        var settings = SettingsLoader.Load(new Dictionary<string, string> { ["MONITOR_LOG_LEVEL"] = level }, HoconObject.Empty);
        var context = new ProgramContext("Seed", TextWriter.Null, lineWriter, new FixedTime(DateTimeOffset.UnixEpoch), new Random(1), new Dictionary<string, string>(), Terminals.None);
        using var log = ProgramLog.ToStandardError(context, settings);
        var system = MonitorSystem.Start(Local, log);
        try
        {
            system.Log.Debug("debug");
            system.Log.Info("info {0}", "\u001b[2J");
            system.Log.Warning("warning");
            system.Log.Error(new InvalidOperationException("a\nb"), "error");
            var written = Enumerable.Range(0, lines).Select(_ => lineWriter.Next()).ToList();
            Assert.EndsWith("  error: InvalidOperationException: a\\nb", written[^1], StringComparison.Ordinal);
            Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ERROR ", written[^1]);
            Assert.Equal(lines == 3, written[0].EndsWith("  info \\u001b[2J", StringComparison.Ordinal));
        }
        finally
        {
            await system.Terminate();
        }
    }

    [Theory]
    [InlineData("akka://clustermonitor/user/nodes/abc", "nodes/abc")]
    [InlineData("[akka://clustermonitor/user/nodes#42]", "nodes")]
    [InlineData("akka.ssl.tcp://clustermonitor@10.0.0.5:4053/system/cluster", "system/cluster")]
    [InlineData("CoordinatedShutdown(akka://clustermonitor)", "CoordinatedShutdown")]
    [InlineData("plain", "plain")]
    public void The_source_of_a_line_is_short(string source, string expected) => Assert.Equal(expected, ProgramLogging.ShortSource(source));

    private sealed class LineWriter : StringWriter
    {
        private readonly BlockingCollection<string> _lines = [];

        public override void WriteLine(string? value) => _lines.Add(value ?? "");

        public string Next() => _lines.TryTake(out var line, TimeSpan.FromSeconds(20)) ? line : throw new TimeoutException("no log line came");
    }
}
