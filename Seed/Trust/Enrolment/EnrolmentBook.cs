using System.Collections.Immutable;
using ClusterMonitor.Hosting;

namespace ClusterMonitor.Seed.Trust.Enrolment;

/// <summary>
/// Who may be let in, and who was: tokens, and the certificates issued for them. Immutable and pure: every change is a new book.
/// The secrets of tokens are not in it, only their hashes.
/// </summary>
/// <param name="Tokens">By id.</param>
/// <param name="Certificates">By serial number.</param>
internal sealed record EnrolmentBook(
    ImmutableSortedDictionary<string, TokenEntry> Tokens,
    ImmutableSortedDictionary<string, CertificateEntry> Certificates)
{
    /// <summary>Nobody.</summary>
    public static EnrolmentBook Empty { get; } = new(
        ImmutableSortedDictionary.Create<string, TokenEntry>(StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, CertificateEntry>(StringComparer.Ordinal));

    /// <summary>Takes a token up.</summary>
    /// <param name="token">Just made.</param>
    /// <param name="role">Of the certificates it gives.</param>
    /// <param name="pattern">Which names it may give: <c>*</c> any letters, <c>?</c> one.</param>
    /// <param name="uses">How often; at least 1.</param>
    /// <param name="ttl">How long.</param>
    /// <param name="now">By the seed's clock.</param>
    public EnrolmentBook Add(JoinToken token, string role, string pattern, int uses, TimeSpan ttl, DateTimeOffset now)
    {
        PeerRoles.Check(role);
        ArgumentOutOfRangeException.ThrowIfLessThan(uses, 1);
        var entry = new TokenEntry(token.Id, Convert.ToHexStringLower(token.SecretHash), role, pattern, now, now + ttl, uses, 0, null);
        return this with { Tokens = Tokens.Add(entry.Id, entry) };
    }

    /// <summary>Uses a token once, for a name.</summary>
    /// <param name="secretHash">SHA-256 of what the newcomer showed.</param>
    /// <param name="name">What it wants to be called.</param>
    /// <param name="now">By the seed's clock.</param>
    /// <param name="nodeId">Of an agent.</param>
    public (EnrolmentBook Book, Redemption Result) Redeem(ReadOnlySpan<byte> secretHash, string name, DateTimeOffset now, string nodeId = "")
    {
        var hash = Convert.ToHexStringLower(secretHash);
        if (!Tokens.TryGetValue(JoinToken.IdOf(secretHash), out var entry) || entry.SecretHash != hash)
        {
            return Refused(null, Refusal.UnknownToken, "this seed does not know the token; make one here with Seed token create");
        }

        if (entry.Revoked is not null)
        {
            return Refused(entry, Refusal.RevokedToken, $"token {entry.Id} was revoked; make a new one with Seed token create");
        }

        if (now >= entry.Expires)
        {
            return Refused(entry, Refusal.ExpiredToken, $"token {entry.Id} expired at {entry.Expires.UtcDateTime:u}; make a new one with Seed token create");
        }

        if (entry.Used >= entry.Uses)
        {
            return Refused(entry, Refusal.UsedUpToken, $"token {entry.Id} has been used as often as it may be ({entry.Uses}); make a new one with Seed token create");
        }

        if (!NodeName.IsValid(name))
        {
            return Refused(entry, Refusal.BadName, $"the name must be {NodeName.Hint}; choose one with --name");
        }

        if (!NamePattern.Matches(entry.Pattern, name))
        {
            return Refused(entry, Refusal.BadName, $"token {entry.Id} lets in names like {entry.Pattern}, not {name}; choose one with --name");
        }

        if (entry.Role == PeerRoles.Agent && HolderOf(name, nodeId, now) is { } holder)
        {
            var what = holder.Name == name ? $"the name {name} has" : $"this node id has, as {holder.Name},";
            return Refused(entry, Refusal.Taken, $"{what} a certificate already: choose another name with --name, or, if that machine is to join anew, first Seed cert revoke {holder.Name}");
        }

        var used = entry with { Used = entry.Used + 1 };
        return (this with { Tokens = Tokens.SetItem(used.Id, used) }, new Redemption(used, null, null));

        (EnrolmentBook, Redemption) Refused(TokenEntry? by, Refusal why, string text) => (this, new Redemption(by, why, text));
    }

    /// <summary>The agent that may speak under this name or for this node now; null: nobody.</summary>
    private CertificateEntry? HolderOf(string name, string nodeId, DateTimeOffset now) => Certificates.Values.FirstOrDefault(c =>
        c.Role == PeerRoles.Agent && c.NodeId.Length > 0 && c.Revoked is null && c.Expires > now && (c.Name == name || c.NodeId == nodeId));

    /// <summary>Notes a certificate that was issued.</summary>
    public EnrolmentBook Record(CertificateEntry certificate) =>
        this with { Certificates = Certificates.SetItem(certificate.Serial, certificate) };

    /// <summary>Lets a token let in nobody any more. False: there is none of this id.</summary>
    public (EnrolmentBook Book, bool Found) RevokeToken(string id, DateTimeOffset now) => Tokens.TryGetValue(id, out var entry)
        ? (this with { Tokens = Tokens.SetItem(id, entry with { Revoked = entry.Revoked ?? now }) }, true)
        : (this, false);

    /// <summary>Shuts out the certificate of a serial number, or all of a name.</summary>
    /// <returns>The certificates newly shut out.</returns>
    public (EnrolmentBook Book, IReadOnlyList<CertificateEntry> Revoked) RevokeCertificates(string serialOrName, DateTimeOffset now)
    {
        var hit = Certificates.Values
            .Where(c => c.Revoked is null && (c.Serial == serialOrName || c.Name == serialOrName))
            .Select(c => c with { Revoked = now })
            .ToList();
        return (this with { Certificates = Certificates.SetItems(hit.Select(c => KeyValuePair.Create(c.Serial, c))) }, hit);
    }

    /// <summary>Whether a certificate was shut out. One that was never noted was not: the authority's signature decides about those.</summary>
    public bool IsRevoked(string serial) => Certificates.TryGetValue(serial, out var entry) && entry.Revoked is not null;

    /// <summary>Forgets what can't matter any more: tokens and certificates that expired longer ago than this.</summary>
    public EnrolmentBook Prune(DateTimeOffset now, TimeSpan keep) => new(
        Tokens.RemoveRange(Tokens.Values.Where(t => t.Expires < now - keep).Select(t => t.Id)),
        Certificates.RemoveRange(Certificates.Values.Where(c => c.Expires < now - keep).Select(c => c.Serial)));
}

/// <summary>A token as the seed keeps it.</summary>
/// <param name="Id">What lists call it.</param>
/// <param name="SecretHash">SHA-256, hexadecimal.</param>
/// <param name="Role">Of the certificates it gives.</param>
/// <param name="Pattern">Which names it may give.</param>
/// <param name="Created">By the seed's clock.</param>
/// <param name="Expires">By the seed's clock.</param>
/// <param name="Uses">How often it may be used.</param>
/// <param name="Used">How often it was.</param>
/// <param name="Revoked">When it was withdrawn; null = it was not.</param>
internal sealed record TokenEntry(
    string Id,
    string SecretHash,
    string Role,
    string Pattern,
    DateTimeOffset Created,
    DateTimeOffset Expires,
    int Uses,
    int Used,
    DateTimeOffset? Revoked);

/// <summary>A certificate that was issued.</summary>
/// <param name="Serial">Hexadecimal, as X509Certificate2.SerialNumber writes it.</param>
/// <param name="Name">Common name.</param>
/// <param name="Role">One of <see cref="PeerRoles"/>.</param>
/// <param name="Token">Id of the token that let it in; empty = the seed's own machine.</param>
/// <param name="Issued">By the seed's clock.</param>
/// <param name="Expires">By the seed's clock.</param>
/// <param name="Revoked">When it was shut out; null = it was not.</param>
/// <param name="NodeId">The only node it speaks for; empty = not bound to one.</param>
internal sealed record CertificateEntry(
    string Serial,
    string Name,
    string Role,
    string Token,
    DateTimeOffset Issued,
    DateTimeOffset Expires,
    DateTimeOffset? Revoked,
    string NodeId = "");

/// <summary>Why a newcomer is not let in.</summary>
internal enum Refusal
{
    /// <summary>No such token here: mistyped, of another cluster, or guessed.</summary>
    UnknownToken,

    /// <summary>Too late.</summary>
    ExpiredToken,

    /// <summary>Too often.</summary>
    UsedUpToken,

    /// <summary>An operator withdrew it.</summary>
    RevokedToken,

    /// <summary>Not a name, or not one of the token's.</summary>
    BadName,

    /// <summary>Another one has a certificate for this name or node.</summary>
    Taken,
}

/// <summary>What came of using a token.</summary>
/// <param name="Token">After this use; null when it is unknown.</param>
/// <param name="Refusal">Null: let in.</param>
/// <param name="Text">One line for the newcomer; null: let in.</param>
internal sealed record Redemption(TokenEntry? Token, Refusal? Refusal, string? Text);
