using System.Runtime.CompilerServices;
using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui.Tests;

/// <summary>
/// Every view at every size and glyph tier against a text file. <c>UPDATE_GOLDEN=1 dotnet test tests/Tui.Tests</c> writes them anew;
/// <c>SCREENSHOTS=DIR</c> also writes each with its colours, as lines of SGR text that bench/screen-to-png.py understands.
/// </summary>
public sealed class GoldenTests
{
    private static readonly (string Name, Action<AppState> Set)[] Scenes =
    [
        ("nodes", _ => { }),
        ("nodes-filtered", s => s.Nodes.FilterText = "gpu !state:up"),
        ("nodes-connecting", _ => { }),
        ("nodes-empty", _ => { }),
        ("nodes-stale", s =>
        {
            Update.Apply(s, new ConnectionLost("connection refused"));
        }),
        ("node", s => SampleFleet.OpenNode(s, 2)),
        ("node-down", s => SampleFleet.OpenNode(s, 5)),
        ("node-evidence", s =>
        {
            SampleFleet.OpenNode(s, 7);
            Update.Apply(s, new KeyPressed(Key.Of('e')));
        }),
        ("events", s =>
        {
            s.ShowView<EventsView>();
            Update.Apply(s, new EventsArrived(SampleFleet.Events()));
        }),
        ("help", s => s.ShowView<HelpView>()),
        ("quit", s => s.QuitQuestion = "Quitting stops this seed.\n3 agents and 1 other viewer (ann@desk) are connected."),
    ];

    public static TheoryData<string, int, int, string> Cases()
    {
        var cases = new TheoryData<string, int, int, string>();
        foreach (var (name, _) in Scenes)
        {
            foreach (var (width, height) in new[] { (120, 40), (80, 24), (40, 10) })
            {
                foreach (var tier in Enum.GetNames<GlyphTier>())
                {
                    cases.Add(name, width, height, tier);
                }
            }

            cases.Add(name, 200, 60, nameof(GlyphTier.Full));
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_view_looks_as_it_did(string scene, int width, int height, string tier)
    {
        var screen = Draw(scene, width, height, new Theme(ColourDepth.None, Enum.Parse<GlyphTier>(tier)));
        var text = screen.Dump(trimRight: true);
        if (tier == nameof(GlyphTier.Ascii))
        {
            AssertAsciiExceptNames(text);
        }

        var path = Path.Combine(GoldenFolder(), $"{scene}.{width}x{height}.{tier.ToLowerInvariant()}.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") is { Length: > 0 })
        {
            File.WriteAllText(path, text);
        }

        Screenshot(scene, width, height, tier);
        Assert.True(File.Exists(path), $"{path} is missing; UPDATE_GOLDEN=1 writes it");
        Assert.Equal(File.ReadAllText(path), text);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(10, 5)]
    [InlineData(20, 6)]
    [InlineData(33, 7)]
    [InlineData(500, 4)]
    [InlineData(21, 200)]
    public void No_size_is_too_odd_for_any_view(int width, int height)
    {
        foreach (var (scene, _) in Scenes)
        {
            foreach (var tier in Enum.GetValues<GlyphTier>())
            {
                var screen = Draw(scene, width, height, new Theme(ColourDepth.TrueColour, tier));
                Assert.Equal(height, screen.Dump().Split('\n').Length - 1);
            }
        }
    }

    private static Screen Draw(string scene, int width, int height, Theme theme)
    {
        var time = new ManualTime(SampleFleet.Now);
        var state = scene switch
        {
            "nodes-connecting" => new AppState(new Clock(time), "10.0.0.5:4053", theme),
            "nodes-empty" => SampleFleet.State(theme, time, nodes: 0),
            _ => SampleFleet.State(theme, time),
        };
        Scenes.Single(s => s.Name == scene).Set(state);
        state.Nodes.Refresh(state.Fleet);
        time.Now += scene == "nodes-stale" ? TimeSpan.FromSeconds(95) : TimeSpan.Zero;
        var screen = new Screen(width, height);
        Page.Draw(screen, state, theme);
        return screen;
    }

    /// <summary>Names are as they are; everything that is ours is ASCII.</summary>
    private static void AssertAsciiExceptNames(string text)
    {
        foreach (var own in "╭─│━●▲▼↑→…·■")
        {
            Assert.DoesNotContain(own, text);
        }
    }

    private static void Screenshot(string scene, int width, int height, string tier)
    {
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is not { Length: > 0 } folder || tier != nameof(GlyphTier.Full))
        {
            return;
        }

        Directory.CreateDirectory(folder);
        foreach (var depth in new[] { ColourDepth.TrueColour, ColourDepth.Xterm256, ColourDepth.Ansi16 })
        {
            var screen = Draw(scene, width, height, new Theme(depth, GlyphTier.Full));
            File.WriteAllText(Path.Combine(folder, $"{scene}.{width}x{height}.{depth}.ansi".ToLowerInvariant()), SgrText.Of(screen, depth));
        }
    }

    private static string GoldenFolder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Golden");
}
