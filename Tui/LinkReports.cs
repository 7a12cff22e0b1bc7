namespace ClusterMonitor.Tui;

/// <summary>Remembers why the link to the seed failed, as far as remoting knows, and tells it to whoever asks or listens.</summary>
internal sealed class LinkReports : ReceiveActor
{
    private string _last = "";

    /// <summary>Tells each new problem to <paramref name="listener"/>, which may be nobody.</summary>
    public LinkReports(IActorRef listener)
    {
        Receive<AssociationErrorEvent>(e =>
        {
            _last = Diagnosis(e.Cause);
            listener.Tell(new LinkProblem(_last));
        });
        Receive<LinkQuestion>(_ => Sender.Tell(new LinkProblem(_last)));
    }

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(AssociationErrorEvent));

    private static string Diagnosis(Exception cause) => cause.Message.ReplaceLineEndings(" ").TrimEnd('.');
}

/// <summary>What was the last problem? Answered with <see cref="LinkProblem"/>, empty if there was none.</summary>
internal sealed record LinkQuestion
{
    public static LinkQuestion Instance { get; } = new();
}
