using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent.Collectors.Linux;

/// <summary>One mounted file system. The path is the kernel's own bytes, ended by a zero, as a system call wants it.</summary>
internal sealed record Mount(byte[] Path, string Mountpoint, string Device, string Type);

/// <summary>Reads /proc/self/mountinfo, see proc_pid_mountinfo(5), and picks what is worth watching.</summary>
internal static class MountTable
{
    // File systems on the network or in a program of somebody: asking them may hang for ever.
    // Those that only live in memory or are images made full on purpose say nothing about space.
    private static readonly HashSet<string> Skipped = new(StringComparer.Ordinal)
    {
        "squashfs", "iso9660", "udf", "erofs", "cramfs", "romfs", "tmpfs", "ramfs", "devtmpfs", "overlay", "aufs", "autofs", "nfs", "nfs4", "cifs", "smb3", "ceph", "glusterfs", "9p", "virtiofs", "afs", "ncpfs", "lustre", "gpfs", "fuse",
    };

    // File systems on disks of their own whose device number says nothing, because it is the file system's own.
    private static readonly HashSet<string> WithoutDevice = new(StringComparer.Ordinal) { "btrfs", "zfs", "bcachefs", "f2fs" };

    /// <summary>
    /// "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw": id, parent, device number, root, mount point, options, any number
    /// of fields, a dash, type, source. Each local file system once, at the mount point that shows most of it.
    /// </summary>
    public static List<Mount> Parse(ReadOnlySpan<byte> text)
    {
        var byDevice = new Dictionary<string, (Mount Mount, int Root)>(StringComparer.Ordinal);
        var lines = new KernelText(text);
        while (lines.NextLine(out var line))
        {
            line.Skip(2);
            var number = KernelText.CleanName(line.NextWord());
            var root = line.NextWord().Length;
            var path = Unescape(line.NextWord());
            var dash = line.Rest.IndexOf(" - "u8);
            if (dash < 0 || path.Length < 2 || path[0] != '/')
            {
                continue;
            }

            var rest = new KernelText(line.Rest[(dash + 3)..]);
            var type = KernelText.CleanName(rest.NextWord(), 40);
            var source = rest.NextWord();
            if (!IsLocal(type, number, path))
            {
                continue;
            }

            var mount = new Mount(path, KernelText.CleanName(path.AsSpan(0, path.Length - 1)), KernelText.CleanName(Unescape(source).AsSpan(..^1)), type);

            // A later mount on the same place hides the earlier one.
            foreach (var hidden in byDevice.Where(m => m.Value.Mount.Path.AsSpan().SequenceEqual(path)).Select(m => m.Key).ToList())
            {
                byDevice.Remove(hidden);
            }

            // Of bind mounts the one with the shortest root shows most, and of those the shortest path is the best known.
            if (!byDevice.TryGetValue(number, out var known) || root < known.Root || (root == known.Root && path.Length < known.Mount.Path.Length))
            {
                byDevice[number] = (mount, root);
            }
        }

        return Distinct(byDevice.Values.Select(v => v.Mount).OrderBy(m => m.Mountpoint, StringComparer.Ordinal));
    }

    private static bool IsLocal(string type, string number, ReadOnlySpan<byte> path)
    {
        // The root of a container is an overlay, and all it has.
        if (path.SequenceEqual("/\0"u8) && type is "overlay" or "tmpfs")
        {
            return true;
        }

        return !Skipped.Contains(type) && !type.StartsWith("fuse.", StringComparison.Ordinal)
            && (!number.StartsWith("0:", StringComparison.Ordinal) || WithoutDevice.Contains(type));
    }

    private static List<Mount> Distinct(IEnumerable<Mount> mounts)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var distinct = new List<Mount>();
        foreach (var mount in mounts)
        {
            var unlike = mount with { Mountpoint = DeviceTable.Unlike(mount.Mountpoint, taken) };
            taken.Add(unlike.Mountpoint);
            distinct.Add(unlike);
        }

        return distinct;
    }

    // Space, tab, newline and backslash are written as \040, \011, \012 and \134.
    private static byte[] Unescape(ReadOnlySpan<byte> text)
    {
        var plain = new byte[text.Length + 1];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && IsOctal(text[i + 1]) && IsOctal(text[i + 2]) && IsOctal(text[i + 3]))
            {
                plain[length++] = (byte)(((text[i + 1] - '0') << 6) | ((text[i + 2] - '0') << 3) | (text[i + 3] - '0'));
                i += 3;
            }
            else
            {
                plain[length++] = text[i];
            }
        }

        return plain[..(length + 1)];
    }

    private static bool IsOctal(byte c) => c is >= (byte)'0' and <= (byte)'7';
}
