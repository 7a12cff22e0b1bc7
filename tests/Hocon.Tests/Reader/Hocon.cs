namespace Hocon.Tests.Reader;

/// <summary>Short words for what these tests do all the time.</summary>
internal static class Read
{
    public static HoconObject Text(string text, Func<string, string?>? environment = null) =>
        HoconReader.Read(text, "test.conf", environment: environment);

    public static HoconObject Files(string main, params (string Name, string Text)[] files) =>
        HoconReader.Read(main, "main.conf", (_, requested) => files
            .Where(f => f.Name == requested)
            .Select(f => new HoconSource(f.Name, f.Text))
            .FirstOrDefault());

    /// <summary>A value as compact JSON-like text: what tests compare.</summary>
    public static string Plain(this HoconValue? value) => value switch
    {
        null => "absent",
        HoconScalar { IsNull: true } => "null",
        HoconScalar s => s.Text,
        HoconArray a => $"[{string.Join(',', a.Items.Select(Plain))}]",
        HoconObject o => $"{{{string.Join(',', o.Fields.Select(f => $"{f.Key}:{f.Value.Plain()}"))}}}",
        _ => throw new ArgumentException("unknown kind"),
    };

    public static HoconException Fails(string text) => Assert.Throws<HoconException>(() => Text(text));
}
