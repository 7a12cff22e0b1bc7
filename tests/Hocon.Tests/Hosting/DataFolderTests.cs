using System.Runtime.InteropServices;
using ClusterMonitor.Hosting;

namespace Hocon.Tests.Hosting;

public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folders_are_made_with_the_rights_that_the_layout_says()
    {
        var data = new DataFolder(_folder.File("a/b/data"));
        foreach (var (folder, mode) in new[] { (data.Ca, 0x1C0), (data.Seed, 0x1C0), (data.Agents, 0x1C0), (data.Dashboard, 0x5E8), (data.Path, 0x1E8) })
        {
            data.Create(folder);
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(folder) == (UnixFileMode)mode, folder);
            Assert.Empty(Directory.GetFiles(folder));
        }
    }

    [Fact]
    public void A_folder_that_exists_keeps_its_rights_and_content()
    {
        var data = new DataFolder(_folder.Path);
        Directory.CreateDirectory(data.Dashboard);
        File.WriteAllText(Path.Combine(data.Dashboard, "x"), "x");
        data.Create(data.Dashboard);
        Assert.True(File.Exists(Path.Combine(data.Dashboard, "x")));
    }

    [Fact]
    public void A_file_in_the_way_is_an_error_with_a_remedy()
    {
        File.WriteAllText(_folder.File("data"), "");
        var data = new DataFolder(_folder.File("data"));
        var error = Assert.Throws<UserError>(() => data.Create(data.Seed));
        Assert.Contains(data.Seed, error.Message, StringComparison.Ordinal);
        Assert.Contains("give --data", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_folder_that_can_not_be_written_is_an_error_with_a_remedy()
    {
        // /proc refuses new files to everyone, root too.
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Linux))
        {
            return;
        }

        var data = new DataFolder("/proc/monitor");
        Assert.Contains("give --data", Assert.Throws<UserError>(() => data.Create(data.Seed)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../seed")]
    [InlineData("/etc")]
    [InlineData("a\0b")]
    public void A_node_name_can_not_lead_out(string name) =>
        Assert.Throws<UserError>(() => new DataFolder(_folder.Path).Agent(name));

    [Fact]
    public void An_agent_prefers_its_own_certificate()
    {
        var data = new DataFolder(_folder.Path);
        Assert.Equal(data.LocalAgentCertificate, data.AgentCertificate("a"));
        Directory.CreateDirectory(data.Agent("a"));
        File.WriteAllText(Path.Combine(data.Agent("a"), "agent.pfx"), "");
        Assert.Equal(Path.Combine(data.Agent("a"), "agent.pfx"), data.AgentCertificate("a").Certificate);
    }

    [Fact]
    public void A_missing_file_is_an_error_with_the_remedy_of_its_reader()
    {
        var data = new DataFolder(_folder.Path);
        var error = Assert.Throws<UserError>(() => data.CheckReadable(data.DashboardCertificate.Certificate, "start the seed first"));
        Assert.EndsWith("dashboard.pfx does not exist; start the seed first", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_written_whole_with_its_rights_or_not_at_all()
    {
        var path = _folder.File("key");
        FileModes.WriteAtomically(path, [1, 2, 3], FileModes.OwnerFile);
        FileModes.WriteAtomically(path, [4], FileModes.GroupFile);
        Assert.Equal([4], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == FileModes.GroupFile);
        Assert.True(OperatingSystem.IsWindows() || FileModes.IsWiderThan(path, FileModes.OwnerFile));
    }
}
