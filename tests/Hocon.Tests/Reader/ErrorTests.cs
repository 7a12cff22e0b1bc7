namespace Hocon.Tests.Reader;

public sealed class ErrorTests
{
    [Theory]
    [InlineData("a = {", 1, 5, "never closed")]
    [InlineData("x = 1\na = [1, 2", 2, 5, "never closed")]
    [InlineData("a = 1\n}", 2, 1, "closes nothing")]
    [InlineData("{ a = 1 } b", 1, 11, "behind the closing }")]
    [InlineData("[1]", 1, 1, "not of a list")]
    [InlineData("a = \"open\nb = 1", 1, 5, "the quote is not closed")]
    [InlineData("a = \"\"\"open", 1, 5, "never closed")]
    [InlineData("a = \"\\q\"", 1, 6, "unknown escape")]
    [InlineData("a = \"\\u12\"", 1, 6, "four hexadecimal digits")]
    [InlineData("a = \"\u0001\"", 1, 6, "U+0001")]
    [InlineData("a", 1, 1, "has no value")]
    [InlineData("a =", 1, 1, "a value is missing")]
    [InlineData("a =\nb = 2", 2, 3, "'=' is not allowed in a bare value")]
    [InlineData("a = x*y", 1, 6, "'*' is not allowed in a bare value")]
    [InlineData("a..b = 1", 1, 3, "a key is missing before '.'")]
    [InlineData(".a = 1", 1, 1, "a key is missing")]
    [InlineData("a. = 1", 1, 4, "a key is missing before '='")]
    [InlineData("a = 1,,b = 2", 1, 7, "two commas")]
    [InlineData(", a = 1", 1, 1, "a key is missing before ','")]
    [InlineData("a = [,1]", 1, 6, "a value is missing")]
    [InlineData("a = ${b", 1, 5, "not closed")]
    [InlineData("a = ${}", 1, 7, "a key is missing before '}'")]
    [InlineData("a = { x = 1 } 5", 1, 5, "can't stand side by side")]
    [InlineData("a = 1\na += 2", 2, 1, "at test.conf:1:5 the key was set to a plain value")]
    [InlineData("include url(\"x\")", 1, 1, "write include")]
    public void A_mistake_is_named_with_line_column_and_remedy(string text, int line, int column, string says)
    {
        var error = Read.Fails(text);
        Assert.Equal((line, column), (error.Origin.Line, error.Origin.Column));
        Assert.StartsWith($"test.conf:{line}:{column}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
