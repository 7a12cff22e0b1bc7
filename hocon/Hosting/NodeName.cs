using System.Text.RegularExpressions;

namespace ClusterMonitor.Hosting;

/// <summary>What people call a node. It names a folder, a certificate and an actor, so it is plain.</summary>
public static partial class NodeName
{
    /// <summary>What is allowed, for messages.</summary>
    public const string Hint = "1 to 63 letters a-z, digits, '.', '-' or '_', beginning with a letter or digit";

    /// <summary>Whether the text may name a node.</summary>
    public static bool IsValid(string text) => Allowed().IsMatch(text);

    /// <summary>The name that a machine's host name suggests: other characters become <c>-</c>.</summary>
    public static string FromHostName(string hostName)
    {
        ArgumentNullException.ThrowIfNull(hostName);
        var plain = Other().Replace(hostName, "-").TrimStart('.', '-', '_');
        return plain.Length == 0 ? "node" : plain[..Math.Min(plain.Length, 63)];
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Allowed();

    [GeneratedRegex(@"[^A-Za-z0-9._-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Other();
}
