namespace ClusterMonitor.Tui;

/// <summary>A page of the dashboard: its keys, and how it is drawn.</summary>
internal interface IView
{
    /// <summary>On its tab, and for <c>Tui frame --view</c>.</summary>
    string Name { get; }

    /// <summary>Key and meaning, for the footer; the most useful first.</summary>
    IReadOnlyList<(string Key, string Meaning)> Keys(Theme theme);

    /// <summary>It shows the open node, so its details are wanted.</summary>
    bool ShowsNode => false;

    /// <summary>It shows events, so they are wanted.</summary>
    bool ShowsEvents => false;

    /// <summary>A line that is being typed, shown in the footer instead of the keys; null when none is.</summary>
    Prompt? Prompt => null;

    /// <summary>Whether what it shows has come from the seed.</summary>
    bool IsReady(AppState state);

    /// <summary>True if the key meant something here.</summary>
    bool OnKey(AppState state, in Key key);

    void Draw(Screen screen, Rect area, AppState state, Theme theme);
}

/// <summary>The only list of views.</summary>
internal static class ViewCatalog
{
    public static IReadOnlyList<IView> Create() => [new NodesView(), new NodeView(), new EventsView(), new HelpView()];
}
