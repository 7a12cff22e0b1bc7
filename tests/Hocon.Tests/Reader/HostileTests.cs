using System.Text;

namespace Hocon.Tests.Reader;

/// <summary>Whatever the text, reading it ends soon, with a tree or with a <see cref="HoconException"/>.</summary>
public sealed class HostileTests
{
    private const string Alphabet = "ab.${}[]\"\\=:,+#/?\n\t \r-10e\u0000\u0001\ufeff\ud800é ";

    private static readonly string[] Keys = ["a", "b", "a.b", "b.a", "\"a\"", "a b", "include \"x\"\n a"];

    private static readonly string[] Operators = [" = ", " : ", " += ", " "];

    private static readonly string[] Values =
    [
        "1", "x", "null", "true", "\"q\"", " ", "${a}", "${?a}", "${?b}", "${b.a}", "${?a.b}", "[", "]", "[1]", "{", "}", "{ a = 2 }", "[ ${?a} ]",
        "{ b = ${?b} }", "\"\"\"t\"\"\"", "\"", "\\", ",", "# c",
    ];

    [Fact]
    public void Random_characters_never_do_worse_than_an_error()
    {
        var dice = new Random(4053);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder();
            for (var n = dice.Next(40); n > 0; n--)
            {
                text.Append(Alphabet[dice.Next(Alphabet.Length)]);
            }

            ReadsOrRefuses(text.ToString());
        }
    }

    [Fact]
    public void Random_pieces_never_do_worse_than_an_error_and_what_is_read_survives_a_round_trip()
    {
        var dice = new Random(4054);
        var read = 0;
        for (var i = 0; i < 40_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, dice.Next(5)).Select(_ => Setting(dice)));
            if (ReadsOrRefuses(text) is { } tree)
            {
                read += tree.Fields.Count > 0 ? 1 : 0;
                Assert.Equal(tree.Plain(), Read.Text(tree.ToHocon()).Plain());
            }
        }

        Assert.True(read > 1_500, $"only {read} texts were read: the pieces do not fit together");
    }

    [Theory]
    [InlineData("{", 100_000)]
    [InlineData("[", 100_000)]
    [InlineData("a=[", 100_000)]
    [InlineData("a{", 100_000)]
    [InlineData("${", 100_000)]
    [InlineData("\"", 5)]
    public void Endless_nesting_is_refused(string piece, int times) =>
        Read.Fails("x = " + string.Concat(Enumerable.Repeat(piece, times)));

    [Fact]
    public void An_endless_path_is_refused()
    {
        Read.Fails(string.Concat(Enumerable.Repeat("a.", 100_000)) + "a = 1");
        Read.Fails("x = ${" + string.Concat(Enumerable.Repeat("a.", 100_000)) + "a}");
    }

    [Fact]
    public void A_text_of_many_megabytes_is_refused() => Read.Fails(new string(' ', 5_000_000));

    [Fact]
    public void A_long_chain_of_substitutions_is_refused_not_followed_to_the_end_of_the_stack()
    {
        var text = string.Join('\n', Enumerable.Range(0, 20_000).Select(i => $"a{i} = ${{a{i + 1}}}"));
        Assert.Contains("shorten the chain", Read.Fails(text).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_that_double_each_other_are_refused()
    {
        var text = "a0 = xxxxxxxxxx\n" + string.Join('\n', Enumerable.Range(1, 60).Select(i => $"a{i} = ${{a{i - 1}}}${{a{i - 1}}}"));
        Read.Fails(text);
    }

    [Fact]
    public void Objects_that_double_each_other_are_refused()
    {
        var text = "a0 = { x = 1 }\n" + string.Join('\n', Enumerable.Range(1, 60).Select(i => $"a{i} {{ l = ${{a{i - 1}}}, r = ${{a{i - 1}}} }}"));
        Read.Fails(text);
    }

    [Fact]
    public void Objects_that_nest_each_other_are_refused()
    {
        var text = "a0 = { x = 1 }\n" + string.Join('\n', Enumerable.Range(1, 300).Select(i => $"a{i} {{ x = ${{a{i - 1}}} }}"));
        Read.Fails(text);
    }

    [Fact]
    public void Circles_that_branch_are_refused_in_good_time()
    {
        const int Count = 40;
        var all = string.Concat(Enumerable.Range(0, Count).Select(i => $"${{?a{i}}}"));
        var text = string.Join('\n', Enumerable.Range(0, Count).Select(i => $"a{i} = x{all}"));
        Read.Fails(text);
    }

    [Fact]
    public void A_thousand_plain_settings_are_read()
    {
        var tree = Read.Text(string.Join('\n', Enumerable.Range(0, 1000).Select(i => $"group{i % 10}.key{i} = {i}")));
        Assert.Equal(10, tree.Fields.Count);
        Assert.Equal("999", tree.Find("group9.key999").Plain());
    }

    private static string Setting(Random dice)
    {
        var values = Enumerable.Range(0, dice.Next(1, 4)).Select(_ => Pick(Values));
        return $"{Pick(Keys)}{Pick(Operators)}{string.Concat(values)}\n";

        string Pick(string[] from) => from[dice.Next(from.Length)];
    }

    private static HoconObject? ReadsOrRefuses(string text)
    {
        try
        {
            return HoconReader.Read(text, "fuzz", (_, name) => new HoconSource(name, "a = 1\nb { include \"x\" }"), _ => null);
        }
        catch (HoconException)
        {
            return null;
        }
    }
}
