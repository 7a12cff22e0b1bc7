namespace Hocon.Tests.Reader;

public sealed class SyntaxTests
{
    [Theory]
    [InlineData("", "{}")]
    [InlineData("# nothing\n// at all", "{}")]
    [InlineData("a = 1", "{a:1}")]
    [InlineData("\ufeffa = 1", "{a:1}")]
    [InlineData("{ \"a\" : 1, \"b\" : [true, null, \"x\"] }", "{a:1,b:[true,null,x]}")]
    [InlineData("a : 1, b = 2\nc { d = 3 }", "{a:1,b:2,c:{d:3}}")]
    [InlineData("a\n{\n b\n =\n 1\n}", "{a:{b:1}}")]
    [InlineData("a = 1 # one\nb = 2 // two", "{a:1,b:2}")]
    [InlineData("a = \"# not a comment // either\"", "{a:# not a comment // either}")]
    [InlineData("a.b.c = 1\na.b.d = 2", "{a:{b:{c:1,d:2}}}")]
    [InlineData("a.\"b.c\".d = 1", "{a:{b.c:{d:1}}}")]
    [InlineData("\"\" = 1", "{:1}")]
    [InlineData("a b c = 1", "{a b c:1}")]
    [InlineData("3.14 = pi", "{3:{14:pi}}")]
    [InlineData("a = [1, 2,\n3\n4,]", "{a:[1,2,3,4]}")]
    [InlineData("a = [\n]", "{a:[]}")]
    [InlineData("a = [[1],[2]]", "{a:[[1],[2]]}")]
    [InlineData("a = 1,", "{a:1}")]
    [InlineData("a = 1\r\nb = 2\r\n", "{a:1,b:2}")]
    [InlineData("a =   two  words   # c", "{a:two  words}")]
    [InlineData("a = 10 s", "{a:10 s}")]
    [InlineData("a = \"x\" y \"z\"", "{a:x y z}")]
    [InlineData("a = -1.5e+3", "{a:-1.5e+3}")]
    [InlineData("a = [1, 2] [3]", "{a:[1,2,3]}")]
    [InlineData("a = { b : 1 } { c : 2 }", "{a:{b:1,c:2}}")]
    [InlineData("a = \"tab\\tquote\\\"slash\\\\\\u0041\"", "{a:tab\tquote\"slash\\A}")]
    [InlineData("a = \"\"\"one\n\"two\" \\n\"\"\"", "{a:one\n\"two\" \\n}")]
    [InlineData("a = \"\"\"x\"\"\"\"", "{a:x\"}")]
    [InlineData("a = /proc/net/dev", "{a:/proc/net/dev}")]
    [InlineData("a = 10.0.0.5", "{a:10.0.0.5}")]
    [InlineData("include = 1", "{include:1}")]
    [InlineData("included = 1\nincludes { x = 1 }", "{included:1,includes:{x:1}}")]
    public void Text_is_read_as_the_specification_says(string text, string expected) =>
        Assert.Equal(expected, Read.Text(text).Plain());

    [Theory]
    [InlineData("a = 1\na = 2", "{a:2}")]
    [InlineData("a { x = 1 }\na { y = 2 }", "{a:{x:1,y:2}}")]
    [InlineData("a { x = 1 }\na = 5\na { y = 2 }", "{a:{y:2}}")]
    [InlineData("a { x = 1 }\na = null\na { y = 2 }", "{a:{y:2}}")]
    [InlineData("a { x { p = 1 } }\na.x.q = 2", "{a:{x:{p:1,q:2}}}")]
    [InlineData("a = [1]\na = [2]", "{a:[2]}")]
    public void Later_settings_win_and_objects_merge(string text, string expected) =>
        Assert.Equal(expected, Read.Text(text).Plain());

    [Theory]
    [InlineData("a += 1", "{a:[1]}")]
    [InlineData("a = [1]\na += 2\na += 3", "{a:[1,2,3]}")]
    [InlineData("a = null\na += 2", "{a:[2]}")]
    [InlineData("b { a = [x] }\nb.a += y", "{b:{a:[x,y]}}")]
    public void Plus_equals_adds_to_a_list(string text, string expected) =>
        Assert.Equal(expected, Read.Text(text).Plain());

    [Fact]
    public void A_value_knows_where_it_was_written()
    {
        var tree = Read.Text("a = 1\n  b { c = \"x\" }");
        Assert.Equal(new HoconOrigin("test.conf", 2, 11), tree.Find("b.c")!.Origin);
    }

    [Fact]
    public void A_quoted_null_is_text_and_a_bare_one_is_none()
    {
        var tree = Read.Text("a = null\nb = \"null\"");
        Assert.True(((HoconScalar)tree.Find("a")!).IsNull);
        Assert.False(((HoconScalar)tree.Find("b")!).IsNull);
    }
}
