using System.Security.Cryptography;
using System.Text;
using ClusterMonitor.Hosting;
using ClusterMonitor.Seed.Trust;
using ClusterMonitor.Seed.Trust.Enrolment;

namespace ClusterMonitor.Seed.Tests.Trust;

public sealed class EnrolmentTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-11-21T20:00:00Z");
    private static readonly byte[] Fingerprint = SHA256.HashData("the authority"u8);

    private readonly JoinToken _token = JoinToken.Create(Fingerprint);

    [Fact]
    public void A_token_reads_back_with_its_fingerprint_and_secret_whatever_a_terminal_did_to_its_lines()
    {
        var text = _token.Reveal();
        foreach (var pasted in new[] { text, $" {text}\n", text.Insert(40, "\r\n  ") })
        {
            Assert.True(JoinToken.TryParse(pasted, out var read, out _));
            Assert.True(read.Fingerprint.SequenceEqual(Fingerprint));
            Assert.Equal(_token.SecretHash, read.SecretHash);
            Assert.Equal(_token.Id, read.Id);
        }

        Assert.NotEqual(text, JoinToken.Create(Fingerprint).Reveal());
        Assert.DoesNotContain(text[4..], _token.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_cut_short_or_mistyped_anywhere_is_told_so_without_repeating_it()
    {
        var text = _token.Reveal();
        for (var i = 4; i < text.Length; i++)
        {
            Fails(text[..i], "copy the whole line again");
            var wrong = new StringBuilder(text) { [i] = text[i] == 'A' ? 'Q' : 'A' }.ToString();
            Fails(wrong, "copy the whole line again");
        }

        Fails(text + "AAAA", "copy the whole line again");
        Fails("cm1." + new string('A', 100_000), "copy the whole line again");
        Fails("cm1.größe", "copy the whole line again");
        Fails("cm2." + text[4..], "begins with cm1.");
        Fails("", "begins with cm1.");

        static void Fails(string text, string says)
        {
            Assert.False(JoinToken.TryParse(text, out _, out var problem), text);
            Assert.Contains(says, problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_token_lets_in_as_often_as_it_may_and_no_more()
    {
        var book = Book(uses: 2);
        (book, var first) = book.Redeem(_token.SecretHash, "web-1", Now);
        (book, var second) = book.Redeem(_token.SecretHash, "web-2", Now);
        (_, var third) = book.Redeem(_token.SecretHash, "web-3", Now);
        Assert.Null(first.Refusal);
        Assert.Equal(PeerRoles.Agent, second.Token!.Role);
        Assert.Equal(Refusal.UsedUpToken, third.Refusal);
    }

    [Fact]
    public void A_token_ends_at_its_time_and_when_it_is_revoked()
    {
        var book = Book();
        Assert.Null(book.Redeem(_token.SecretHash, "a", Now.AddHours(1).AddTicks(-1)).Result.Refusal);
        Assert.Equal(Refusal.ExpiredToken, book.Redeem(_token.SecretHash, "a", Now.AddHours(1)).Result.Refusal);
        var (revoked, found) = book.RevokeToken(_token.Id, Now);
        Assert.True(found);
        Assert.Equal(Refusal.RevokedToken, revoked.Redeem(_token.SecretHash, "a", Now).Result.Refusal);
        Assert.False(book.RevokeToken("nothing", Now).Found);
    }

    [Fact]
    public void A_secret_that_only_shares_the_id_is_unknown()
    {
        var near = _token.SecretHash;
        near[^1] ^= 1;
        Assert.Equal(Refusal.UnknownToken, Book().Redeem(near, "a", Now).Result.Refusal);
        Assert.Equal(Refusal.UnknownToken, EnrolmentBook.Empty.Redeem(_token.SecretHash, "a", Now).Result.Refusal);
    }

    [Fact]
    public void A_refused_use_costs_nothing()
    {
        var book = Book(pattern: "web-*");
        var (after, refused) = book.Redeem(_token.SecretHash, "db-1", Now);
        Assert.Equal(Refusal.BadName, refused.Refusal);
        Assert.Same(book, after);
        Assert.Equal(Refusal.BadName, book.Redeem(_token.SecretHash, "web-\u001b[2J", Now).Result.Refusal);
        Assert.Null(after.Redeem(_token.SecretHash, "web-1", Now).Result.Refusal);
    }

    [Theory]
    [InlineData("*", "anything", true)]
    [InlineData("*", "", true)]
    [InlineData("web-*", "web-1", true)]
    [InlineData("web-*", "web", false)]
    [InlineData("web-?", "web-1", true)]
    [InlineData("web-?", "web-12", false)]
    [InlineData("*-eu-*", "web-eu-1", true)]
    [InlineData("*-eu", "a-eu-eu", true)]
    [InlineData("web", "web", true)]
    [InlineData("web", "Web", false)]
    [InlineData("", "a", false)]
    public void Patterns_know_star_and_question_mark(string pattern, string name, bool matches) =>
        Assert.Equal(matches, NamePattern.Matches(pattern, name));

    [Fact]
    public void A_hostile_pattern_costs_no_more_than_its_length_times_the_names() =>
        Assert.False(NamePattern.Matches(string.Concat(Enumerable.Repeat("*a", 5_000)) + "b", new string('a', 5_000)));

    [Fact]
    public void Certificates_are_shut_out_by_serial_number_or_by_name()
    {
        var book = EnrolmentBook.Empty
            .Record(Certificate("01", "web-1"))
            .Record(Certificate("02", "web-1"))
            .Record(Certificate("03", "web-2"));
        var (byName, hit) = book.RevokeCertificates("web-1", Now);
        Assert.Equal(["01", "02"], hit.Select(c => c.Serial));
        Assert.True(byName.IsRevoked("01") && byName.IsRevoked("02"));
        Assert.False(byName.IsRevoked("03") || byName.IsRevoked("04"));
        Assert.Empty(byName.RevokeCertificates("web-1", Now).Revoked);
        Assert.True(book.RevokeCertificates("03", Now).Book.IsRevoked("03"));
    }

    [Fact]
    public void What_expired_long_ago_is_forgotten()
    {
        var book = Book().Record(Certificate("01", "a"));
        Assert.Empty(book.Prune(Now.AddDays(400), TimeSpan.FromDays(30)).Certificates);
        Assert.Empty(book.Prune(Now.AddDays(31), TimeSpan.FromDays(30)).Tokens);
        Assert.Single(book.Prune(Now.AddDays(31), TimeSpan.FromDays(30)).Certificates);
        Assert.Single(book.Prune(Now.AddDays(2), TimeSpan.FromDays(30)).Tokens);
    }

    [Fact]
    public void The_book_reads_back_from_its_file_and_holds_no_secret()
    {
        var book = Book(pattern: "web-*").Record(Certificate("01", "web-1")).RevokeCertificates("01", Now).Book;
        var bytes = EnrolmentFile.Write(book);
        var read = EnrolmentFile.Read(bytes);
        Assert.Equal(book.Tokens, read.Tokens);
        Assert.Equal(book.Certificates, read.Certificates);
        Assert.DoesNotContain(_token.Reveal()[50..60], Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"version":2,"tokens":[],"certificates":[]}""")]
    [InlineData("""{"version":1,"tokens":null,"certificates":[]}""")]
    [InlineData("""{"version":1,"tokens":[{"id":null}],"certificates":[]}""")]
    public void A_damaged_or_foreign_file_is_refused(string text) =>
        Assert.Throws<FormatException>(() => EnrolmentFile.Read(Encoding.UTF8.GetBytes(text)));

    private static CertificateEntry Certificate(string serial, string name) =>
        new(serial, name, PeerRoles.Agent, "", Now, Now.AddDays(365), null);

    private EnrolmentBook Book(int uses = 1, string pattern = "*") =>
        EnrolmentBook.Empty.Add(_token, PeerRoles.Agent, pattern, uses, TimeSpan.FromHours(1), Now);
}
