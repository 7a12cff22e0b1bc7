using Actors.Configuration;

namespace Actors.Core;

/// <summary>Counts what waits in a mailbox that may not grow without limit; what does not fit goes to dead letters.</summary>
internal sealed class BoundedMailbox(int capacity)
{
    private int _count;

    /// <summary>The limit configured at this path: <c>mailbox-type</c> and <c>mailbox-capacity</c>; null for a mailbox without limit.</summary>
    internal static BoundedMailbox? FromConfig(Config config, string path)
    {
        var section = config.GetConfig(path) ?? throw new ConfigurationException($"mailbox '{path}' is not configured");
        var type = section.GetString("mailbox-type") ?? throw new ConfigurationException($"mailbox '{path}' has no mailbox-type");
        var name = type.Split(',')[0].Trim();
        if (name.EndsWith("UnboundedMailbox", StringComparison.Ordinal) || name.EndsWith("UnboundedDequeBasedMailbox", StringComparison.Ordinal))
        {
            return null;
        }

        if (!name.EndsWith("BoundedMailbox", StringComparison.Ordinal) && !name.EndsWith("BoundedDequeBasedMailbox", StringComparison.Ordinal))
        {
            throw new ConfigurationException($"mailbox '{path}': unknown mailbox-type '{type}'");
        }

        var capacity = section.GetInt("mailbox-capacity", 1000);
        return capacity > 0 ? new BoundedMailbox(capacity) : throw new ConfigurationException($"mailbox '{path}': mailbox-capacity must be positive");
    }

    internal bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= capacity)
        {
            return true;
        }

        Interlocked.Decrement(ref _count);
        return false;
    }

    internal void Leave() => Interlocked.Decrement(ref _count);

    /// <summary>For messages that come back from a stash: they were let in before.</summary>
    internal void Reenter(int messages) => Interlocked.Add(ref _count, messages);
}
