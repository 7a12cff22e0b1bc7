namespace Hocon.Tests.Reader;

public sealed class IncludeTests
{
    [Theory]
    [InlineData("include \"b\"")]
    [InlineData("include file(\"b\")")]
    [InlineData("include required(\"b\")")]
    [InlineData("include required( file(\"b\") )")]
    public void An_include_puts_the_other_text_in_its_place(string include) =>
        Assert.Equal("{x:2,y:1,z:3}", Read.Files($"x = 1\ny = 1\n{include}\nz = 3", ("b", "x = 2")).Plain());

    [Fact]
    public void An_include_under_a_key_goes_under_that_key_and_its_substitutions_with_it() =>
        Assert.Equal(
            "{a:{x:1,y:1},top:t,b:{x:9}}",
            Read.Files("a { include \"b\" }\ntop = t\nb.x = 9", ("b", "x = 1\ny = ${x}")).Plain());

    [Fact]
    public void An_included_text_sees_the_root_where_its_own_has_nothing() =>
        Assert.Equal("{top:t,a:{y:t}}", Read.Files("top = t\na { include \"b\" }", ("b", "y = ${top}")).Plain());

    [Fact]
    public void A_missing_include_is_nothing_unless_required()
    {
        Assert.Equal("{x:1}", Read.Files("include \"gone\"\nx = 1").Plain());
        var error = Assert.Throws<HoconException>(() => Read.Files("x = 1\ninclude required(\"gone\")"));
        Assert.Equal("main.conf:2:1: the required include \"gone\" does not exist", error.Message);
    }

    [Fact]
    public void A_circle_of_includes_is_an_error_that_shows_it()
    {
        var error = Assert.Throws<HoconException>(() => Read.Files("include \"b\"", ("b", "include \"c\""), ("c", "include \"b\"")));
        Assert.Equal("c:1:1: include goes in a circle: main.conf -> b -> c -> b", error.Message);
    }

    [Fact]
    public void A_flood_of_includes_is_an_error()
    {
        var files = Enumerable.Range(0, 50).Select(i => ($"f{i}", $"include \"f{i + 1}\"\ninclude \"f{i + 1}\"")).ToArray();
        var error = Assert.Throws<HoconException>(() => Read.Files("include \"f0\"", files));
        Assert.Contains("too many includes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_in_an_included_text_is_placed_there()
    {
        var error = Assert.Throws<HoconException>(() => Read.Files("include \"b\"", ("b", "x = 1\ny = [")));
        Assert.Equal(new HoconOrigin("b", 2, 5), error.Origin);
    }

    [Fact]
    public void Includes_without_a_resolver_are_refused() => Read.Fails("include \"b\"");

    [Fact]
    public void Files_are_found_beside_the_file_that_includes_them()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("sub"));
        File.WriteAllText(folder.File("main.conf"), "include \"sub/one\"");
        File.WriteAllText(folder.File("sub/one.conf"), "a = 1\ninclude \"two.conf\"");
        File.WriteAllText(folder.File("sub/two.conf"), "b = 2");
        Assert.Equal("{a:1,b:2}", HoconFile.Read(folder.File("main.conf"), _ => null).Plain());
    }

    [Fact]
    public void A_file_that_includes_itself_by_another_spelling_is_a_circle()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("main.conf"), "include \"./../" + Path.GetFileName(folder.Path) + "/main.conf\"");
        Assert.Throws<HoconException>(() => HoconFile.Read(folder.File("main.conf"), _ => null));
    }
}
