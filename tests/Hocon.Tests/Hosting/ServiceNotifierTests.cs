using System.Net.Sockets;
using System.Text;
using ClusterMonitor.Hosting;

namespace Hocon.Tests.Hosting;

public sealed class ServiceNotifierTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("notify-").FullName;
    private readonly Socket _supervisor = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public void Dispose()
    {
        _supervisor.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_supervisor_hears_that_the_service_serves_is_alive_and_stops(bool @abstract)
    {
        var path = @abstract ? $"@{_folder}" : Path.Combine(_folder, "notify");
        _supervisor.Bind(new UnixDomainSocketEndPoint(@abstract ? "\0" + path[1..] : path));
        var environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path, ["WATCHDOG_USEC"] = "40000" };
        using var service = new ServiceNotifier(environment, TimeProvider.System);
        service.Ready("listens on 127.0.0.1:4053\nREADY=0");
        Assert.Contains("READY=1\nSTATUS=listens on 127.0.0.1:4053\\nREADY=0", await HearAsync(), StringComparison.Ordinal);
        Assert.Equal("WATCHDOG=1", await HearAsync());
        Assert.Equal("WATCHDOG=1", await HearAsync());
        service.Stopping();
        while (await HearAsync() != "STOPPING=1")
        {
        }
    }

    [Fact]
    public void Without_a_supervisor_nothing_happens()
    {
        using var service = new ServiceNotifier(new Dictionary<string, string>(), TimeProvider.System);
        service.Ready("");
        service.Stopping();
    }

    [Fact]
    public void A_supervisor_that_is_gone_stops_nobody()
    {
        using var service = new ServiceNotifier(new Dictionary<string, string> { ["NOTIFY_SOCKET"] = Path.Combine(_folder, "gone") }, TimeProvider.System);
        service.Ready("");
        service.Stopping();
    }

    private async Task<string> HearAsync()
    {
        var buffer = new byte[256];
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return Encoding.UTF8.GetString(buffer, 0, await _supervisor.ReceiveAsync(buffer, late.Token));
    }
}
