namespace Hocon.Tests.Reader;

public sealed class SubstitutionTests
{
    [Theory]
    [InlineData("a = 1\nb = ${a}", "{a:1,b:1}")]
    [InlineData("b = ${a}\na = 1", "{b:1,a:1}")]
    [InlineData("a = x\nb = ${a}-${a} y", "{a:x,b:x-x y}")]
    [InlineData("a = { x = 1 }\nb = ${a} { y = 2 }", "{a:{x:1},b:{x:1,y:2}}")]
    [InlineData("a = [1]\nb = ${a} [2]", "{a:[1],b:[1,2]}")]
    [InlineData("a = { x = 1 }\nb = ${a}\nb.x = 2", "{a:{x:1},b:{x:2}}")]
    [InlineData("b.x = 2\nb = ${a}\na = { x = 1, y = 3 }", "{b:{x:1,y:3},a:{x:1,y:3}}")]
    [InlineData("a = ${?nothing}", "{}")]
    [InlineData("a = 1\na = ${?nothing}", "{a:1}")]
    [InlineData("a = [1, ${?nothing}, 2]", "{a:[1,2]}")]
    [InlineData("a = pre${?nothing}post", "{a:prepost}")]
    [InlineData("a = null\nb = x${a}", "{a:null,b:x}")]
    [InlineData("\"a.b\" = 1\nc = ${\"a.b\"}", "{a.b:1,c:1}")]
    public void A_substitution_takes_the_value_of_its_path(string text, string expected) =>
        Assert.Equal(expected, Read.Text(text).Plain());

    [Theory]
    [InlineData("path = \"a\"\npath = ${path}\":b\"", "{path:a:b}")]
    [InlineData("path = [a]\npath = ${path} [b]", "{path:[a,b]}")]
    [InlineData("a = ${?a}foo", "{a:foo}")]
    [InlineData("bar : { foo : 42, baz : ${bar.foo} }", "{bar:{foo:42,baz:42}}")]
    [InlineData("bar : { foo : 42, baz : ${bar.foo} }\nbar : { foo : 43 }", "{bar:{foo:43,baz:43}}")]
    [InlineData("foo : { a : { c : 1 } }\nfoo : ${foo.a}\nfoo : { a : 2 }", "{foo:{a:2,c:1}}")]
    [InlineData("bar : { a : 1, b : ${foo.d} }\nfoo : { c : ${bar.a}, d : 4 }", "{bar:{a:1,b:4},foo:{c:1,d:4}}")]
    [InlineData("a = 1\na = ${a}0\na = ${a}0", "{a:100}")]
    public void A_value_may_build_on_what_it_was_before(string text, string expected) =>
        Assert.Equal(expected, Read.Text(text).Plain());

    [Fact]
    public void A_hidden_substitution_is_not_looked_up() =>
        Assert.Equal("{a:1}", Read.Text("a = ${nothing}\na = 1").Plain());

    [Fact]
    public void What_the_text_does_not_set_comes_from_the_environment()
    {
        var tree = Read.Text("home = ${HOME}\nport = ${?PORT}\nhost = local\nhost = ${?HOST}", name => name == "HOME" ? "/root" : null);
        Assert.Equal("{home:/root,host:local}", tree.Plain());
    }

    [Fact]
    public void What_the_text_sets_wins_over_the_environment() =>
        Assert.Equal("{a:1,b:1}", Read.Text("a = 1\nb = ${a}", _ => "outside").Plain());

    [Theory]
    [InlineData("a = ${b}\nb = ${a}")]
    [InlineData("a = ${a}")]
    [InlineData("a = { b = ${a} }")]
    [InlineData("a = ${b}\nb = ${c}\nc = ${a}")]
    [InlineData("bar : { a : ${foo} }\nfoo : { b : ${bar} }")]
    public void A_circle_is_an_error(string text) => Read.Fails(text);

    [Fact]
    public void A_missing_path_is_an_error_that_names_the_place_and_the_remedy()
    {
        var error = Read.Fails("x = 1\na = 5${no.such}");
        Assert.StartsWith("test.conf:2:6: ${no.such} is set neither here nor in the environment", error.Message, StringComparison.Ordinal);
        Assert.Contains("${?no.such}", error.Message, StringComparison.Ordinal);
    }
}
