using System.Text;
using ClusterMonitor.Hosting;

namespace ClusterMonitor.NodeAgent;

/// <summary>
/// Who an agent is: the id in its folder stays the same for ever; the incarnation is new at every start of the process.
/// While it lives, the folder is locked, so that no second process speaks for the same node.
/// </summary>
internal sealed class AgentIdentity : IDisposable
{
    /// <summary>The id's file in the agent's folder.</summary>
    public const string IdFile = "node-id";

    private const string LockFile = "lock";
    private const int IdDigits = 32;

    private readonly FileStream _lock;

    private AgentIdentity(string nodeId, string name, ulong incarnation, FileStream @lock)
    {
        NodeId = nodeId;
        Name = name;
        Incarnation = incarnation;
        _lock = @lock;
    }

    /// <summary>32 hexadecimal digits.</summary>
    public string NodeId { get; }

    /// <summary>What people call it.</summary>
    public string Name { get; }

    /// <summary>Of this process; never 0.</summary>
    public ulong Incarnation { get; }

    /// <summary>Locks the agent's folder and reads the node's id, or makes one.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="name">A valid node name.</param>
    /// <param name="dice">Where a new id and the incarnation come from.</param>
    /// <exception cref="UserError">The folder can't be used, another process uses it, or what stands for an id is none.</exception>
    public static AgentIdentity Open(DataFolder data, string name, Random dice)
    {
        var folder = data.Agent(name);
        data.Create(data.Agents);
        data.Create(folder);
        var @lock = Lock(Path.Combine(folder, LockFile), name);
        try
        {
            return new AgentIdentity(ReadOrMake(Path.Combine(folder, IdFile), dice), name, NewIncarnation(dice), @lock);
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    /// <summary>A 64-bit number that is not 0.</summary>
    public static ulong NewIncarnation(Random dice)
    {
        Span<byte> bytes = stackalloc byte[8];
        dice.NextBytes(bytes);
        return Math.Max(1, BitConverter.ToUInt64(bytes));
    }

    /// <summary>A new node id.</summary>
    public static string NewNodeId(Random dice)
    {
        Span<byte> bytes = stackalloc byte[IdDigits / 2];
        dice.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path, string name)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new UserError($"an agent named {name} already runs with this data folder; give this one another --name or another --data", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataFolder.Unusable(path, "write to", e);
        }
    }

    private static string ReadOrMake(string path, Random dice)
    {
        try
        {
            if (!File.Exists(path))
            {
                var made = NewNodeId(dice);
                FileModes.WriteAtomically(path, Encoding.ASCII.GetBytes(made + "\n"), FileModes.OwnerFile);
                return made;
            }

            using var file = File.OpenRead(path);
            Span<byte> content = stackalloc byte[IdDigits + 2];
            var id = Encoding.Latin1.GetString(content[..file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)]).TrimEnd('\n');
            return id.Length == IdDigits && id.All(char.IsAsciiHexDigitLower)
                ? id
                : throw new UserError($"{path} holds no node id ({IdDigits} digits 0-9, a-f); restore it, or remove it to make this a new node");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataFolder.Unusable(path, "use", e);
        }
    }
}
