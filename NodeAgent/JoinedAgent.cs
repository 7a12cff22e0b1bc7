using System.Collections.Immutable;
using System.Text;
using ClusterMonitor.Hosting;

namespace ClusterMonitor.NodeAgent;

/// <summary>What an agent remembers of its joining, in the file <c>joined</c> of its folder, so that plain <c>NodeAgent</c> is enough from then on.</summary>
/// <param name="Seeds">Whom it reports to.</param>
/// <param name="Labels">As given when it joined.</param>
internal sealed record JoinedAgent(IReadOnlyList<HostPort> Seeds, ImmutableSortedDictionary<string, string> Labels)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "joined";

    /// <summary>Writes it.</summary>
    public void Write(DataFolder data, string name)
    {
        var text = new StringBuilder("# Written by NodeAgent join; --seed, --label and a configuration file go over it.\n");
        foreach (var seed in Seeds)
        {
            text.Append("seed ").Append(seed).Append('\n');
        }

        foreach (var (key, value) in Labels)
        {
            text.Append("label ").Append(key).Append('=').Append(value).Append('\n');
        }

        FileModes.WriteAtomically(Path.Combine(data.Agent(name), FileName), Encoding.UTF8.GetBytes(text.ToString()), FileModes.OwnerFile);
    }

    /// <summary>Reads it; null when the agent of this name has not joined.</summary>
    /// <exception cref="UserError">It is damaged.</exception>
    public static JoinedAgent? Read(DataFolder data, string name)
    {
        var path = Path.Combine(data.Agent(name), FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return Parse(path, File.ReadAllLines(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataFolder.Unusable(path, "read", e);
        }
    }

    /// <summary>The one agent that joined with this data folder; null when there is none, or more than one.</summary>
    public static string? OnlyName(DataFolder data)
    {
        var joined = Directory.Exists(data.Agents)
            ? Directory.GetDirectories(data.Agents).Where(d => File.Exists(Path.Combine(d, FileName))).Select(Path.GetFileName).ToList()
            : [];
        return joined is [{ } only] && NodeName.IsValid(only) ? only : null;
    }

    private static JoinedAgent Parse(string path, string[] lines)
    {
        var seeds = new List<HostPort>();
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var line in lines.Where(l => l.Length > 0 && l[0] != '#'))
        {
            var (word, rest) = line.IndexOf(' ', StringComparison.Ordinal) is var i and > 0 ? (line[..i], line[(i + 1)..]) : (line, "");
            if (word == "seed" && HostPort.TryParse(rest, AgentOptions.DefaultSeedPort, out var seed, out _))
            {
                seeds.Add(seed);
            }
            else if (word == "label" && Hosting.Labels.TryParse(rest, out var label, out _))
            {
                labels[label.Key] = label.Value;
            }
            else
            {
                throw new UserError($"{path} has a line that is neither seed HOST:PORT nor label KEY=VALUE; remove it, or give --seed");
            }
        }

        return new JoinedAgent(seeds, labels.ToImmutable());
    }
}
