namespace ClusterMonitor.Hosting;

/// <summary>
/// The layout of <c>--data</c>: <c>ca/</c> and <c>seed/</c> are the seed's alone, <c>agents/NAME/</c> holds one agent each,
/// <c>dashboard/</c> is readable by its group, so that people of a group can watch over SSH.
/// Making an object of this touches nothing; the methods that create say so.
/// </summary>
public sealed class DataFolder
{
    /// <summary>A data folder, which need not exist.</summary>
    /// <param name="path">As given; relative to the working directory.</param>
    public DataFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = System.IO.Path.GetFullPath(path);
    }

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <summary>The certificate authority: <c>ca.key</c>, <c>ca.crt</c>. 0700.</summary>
    public string Ca => In("ca");

    /// <summary>The seed's certificate and database. 0700.</summary>
    public string Seed => In("seed");

    /// <summary>Agents of this machine. 0700.</summary>
    public string Agents => In("agents");

    /// <summary>The dashboards' certificate. 2750, its files 0640: <c>chgrp -R GROUP</c> lets a group watch.</summary>
    public string Dashboard => In("dashboard");

    /// <summary>The seed's journal and snapshots.</summary>
    public string SeedDatabase => System.IO.Path.Combine(Seed, "journal.db");

    /// <summary>The seed's log while it draws.</summary>
    public string SeedLog => In("seed.log");

    /// <summary>The seed's certificate with key, and the certificate it trusts.</summary>
    public CertificateFiles SeedCertificate => CertificateFiles.In(Seed, "seed");

    /// <summary>The certificate by which the seed's own verbs speak to it as an operator.</summary>
    public CertificateFiles OperatorCertificate => CertificateFiles.In(Seed, "operator");

    /// <summary>The dashboards' certificate with key, and the certificate they trust.</summary>
    public CertificateFiles DashboardCertificate => CertificateFiles.In(Dashboard, "dashboard");

    /// <summary>The certificate shared by agents that run on the seed's machine with the seed's data folder.</summary>
    public CertificateFiles LocalAgentCertificate => CertificateFiles.In(Agents, "local");

    /// <summary>One agent's own folder.</summary>
    /// <param name="nodeName">A valid <see cref="NodeName"/>: it can't lead out of the data folder.</param>
    public string Agent(string nodeName) => NodeName.IsValid(nodeName)
        ? System.IO.Path.Combine(Agents, nodeName)
        : throw new UserError($"\"{nodeName}\" can't name a node: a name is {NodeName.Hint}");

    /// <summary>The certificate an agent got for itself, or else the local one.</summary>
    public CertificateFiles AgentCertificate(string nodeName)
    {
        var own = JoinedAgentCertificate(nodeName);
        return File.Exists(own.Certificate) ? own : LocalAgentCertificate;
    }

    /// <summary>Where an agent that joined keeps its own.</summary>
    public CertificateFiles JoinedAgentCertificate(string nodeName) => CertificateFiles.In(Agent(nodeName), "agent");

    /// <summary>Makes a folder of the layout, if need be, and sees that files can be written to it.</summary>
    /// <exception cref="UserError">It can't be made or written; the message says what to do.</exception>
    public void Create(string folder)
    {
        try
        {
            // The data folder itself lets the group through to dashboard/, and nobody else.
            FileModes.CreateFolder(Path, FileModes.GroupFolder);
            FileModes.CreateFolder(folder, folder == Dashboard ? FileModes.SharedFolder : FileModes.OwnerFolder);
            CheckWritable(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Unusable(folder, "write to", e);
        }
    }

    /// <summary>Sees that a file of the layout can be read.</summary>
    /// <param name="file">The file.</param>
    /// <param name="remedyIfMissing">What to do when it does not exist.</param>
    /// <exception cref="UserError">It is missing or unreadable.</exception>
    public void CheckReadable(string file, string remedyIfMissing)
    {
        try
        {
            using var probe = File.OpenRead(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserError($"{file} does not exist; {remedyIfMissing}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(file, "read", e);
        }
    }

    /// <summary>One line for an I/O error under the data folder.</summary>
    public static UserError Unusable(string path, string doing, Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        var why = cause switch
        {
            UnauthorizedAccessException => $"permission denied; run as the owner of {path}, or give --data another folder",
            IOException when cause.HResult == NoSpaceLeft => "the disk is full; make room",
            IOException when cause.HResult == ReadOnlyFileSystem => "the file system is read-only; give --data a folder that can be written",
            _ => $"{cause.Message.TrimEnd('.')}; give --data a folder that can be used",
        };
        return new UserError($"can't {doing} {path}: {why}", cause);
    }

    // errno values of Linux, which .NET keeps as the HResult.
    private const int NoSpaceLeft = 28;
    private const int ReadOnlyFileSystem = 30;

    private static void CheckWritable(string folder)
    {
        var probe = System.IO.Path.Combine(folder, $".probe-{System.IO.Path.GetRandomFileName()}");
        FileModes.WriteAtomically(probe, [], FileModes.OwnerFile);
        File.Delete(probe);
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}

/// <summary>The files by which a program shows who it is and knows whom to trust.</summary>
/// <param name="Certificate">PKCS #12 with the key, without a password: the file's mode protects it.</param>
/// <param name="Authority">The CA's certificate, PEM.</param>
public sealed record CertificateFiles(string Certificate, string Authority)
{
    internal static CertificateFiles In(string folder, string name) =>
        new(Path.Combine(folder, $"{name}.pfx"), Path.Combine(folder, "ca.crt"));
}
