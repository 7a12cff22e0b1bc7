using System.Runtime.InteropServices;
using System.Text;

namespace ClusterMonitor.Hosting;

/// <summary>
/// What root makes in a folder of a service's user belongs to that user: <c>sudo Seed token create</c> must not leave files that the
/// running seed can't read. Other users' files are theirs anyway.
/// </summary>
internal static class FileOwners
{
    private const int WorkingDirectory = -100;
    private const uint UserAndGroup = 0x18;
    private const int StructureSize = 256;
    private const int UserOffset = 20;
    private const int GroupOffset = 24;

    /// <summary>Gives a file or folder the owner of the folder it is in. Nothing happens unless root asks for it on Linux.</summary>
    public static void InheritFromFolder(string path)
    {
        if (!OperatingSystem.IsLinux() || EffectiveUser() != 0)
        {
            return;
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        var status = new byte[StructureSize];

        // statx(2): its layout is the same on every architecture, and user and group stand at 20 and 24.
        if (folder is null || Statx(WorkingDirectory, Zeroed(folder), 0, UserAndGroup, status) != 0)
        {
            return;
        }

        var (user, group) = (BitConverter.ToUInt32(status, UserOffset), BitConverter.ToUInt32(status, GroupOffset));
        if (user != 0 && Chown(Zeroed(path), user, group) != 0)
        {
            throw new IOException($"can't give {path} to the owner of its folder (error {Marshal.GetLastPInvokeError()})");
        }
    }

    private static byte[] Zeroed(string path) => [.. Encoding.UTF8.GetBytes(path), 0];

    // Blittable throughout: bytes and numbers.
#pragma warning disable SYSLIB1054
    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern uint EffectiveUser();

    [DllImport("libc", EntryPoint = "chown", SetLastError = true)]
    private static extern int Chown(byte[] path, uint user, uint group);

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static extern int Statx(int directory, byte[] path, int flags, uint mask, byte[] status);
#pragma warning restore SYSLIB1054
}
