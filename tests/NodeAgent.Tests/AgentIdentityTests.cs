using ClusterMonitor.Hosting;

namespace ClusterMonitor.NodeAgent.Tests;

public sealed class AgentIdentityTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private DataFolder Data => new(_folder.FullName);

    private string IdFile => Path.Combine(Data.Agent("n1"), AgentIdentity.IdFile);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_id_is_made_once_and_the_incarnation_at_every_start()
    {
        string id;
        ulong incarnation;
        using (var first = AgentIdentity.Open(Data, "n1", new Random(1)))
        {
            (id, incarnation) = (first.NodeId, first.Incarnation);
            Assert.Matches("^[0-9a-f]{32}$", id);
        }

        using var second = AgentIdentity.Open(Data, "n1", new Random(2));
        Assert.Equal(id, second.NodeId);
        Assert.NotEqual(incarnation, second.Incarnation);
        Assert.NotEqual(0UL, second.Incarnation);
    }

    [Fact]
    public void Two_processes_cannot_speak_for_one_node()
    {
        using var first = AgentIdentity.Open(Data, "n1", new Random(1));
        var error = Assert.Throws<UserError>(() => AgentIdentity.Open(Data, "n1", new Random(2)));
        Assert.Contains("--name", error.Message, StringComparison.Ordinal);
        using var other = AgentIdentity.Open(Data, "n2", new Random(2));
        Assert.NotEqual(first.NodeId, other.NodeId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF\n")]
    [InlineData("0123456789abcdef0123456789abcdef0\n")]
    [InlineData("0123456789abcdef0123456789abcd\u001b[\n")]
    public void What_is_no_id_is_refused_with_a_remedy_and_left_alone(string content)
    {
        Directory.CreateDirectory(Data.Agent("n1"));
        File.WriteAllText(IdFile, content);
        var error = Assert.Throws<UserError>(() => AgentIdentity.Open(Data, "n1", new Random(1)));
        Assert.Contains("remove it", error.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(IdFile));
    }

    [Fact]
    public void A_name_cannot_lead_out_of_the_data_folder() =>
        Assert.Throws<UserError>(() => AgentIdentity.Open(Data, "../x", new Random(1)));

    [Fact]
    public void A_machine_says_what_it_is()
    {
        Assert.Equal("Debian GNU/Linux 12 (bookworm)", MachineInfo.ParseOsRelease(["NAME=x", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\""]));
        Assert.Null(MachineInfo.ParseOsRelease(["NAME=x"]));
        Assert.Equal(1_600_000_000_000, MachineInfo.ParseBootTime("cpu 1\nbtime 1600000000\n"u8));
        var machine = MachineInfo.Read();
        Assert.True(machine.Cores > 0 && machine.MemoryBytes > 0 && machine.BootedMs > 0 && machine.Os.Length > 0);
        Assert.Equal(0, MachineInfo.Read(_folder.FullName).MemoryBytes);
    }
}
