namespace EngineTests.Conformance.Persisting;

public sealed record Say(string Text);

public sealed record SayAll(string[] Texts);

public sealed record Forget(long To);

/// <summary>Persists what it is told to say, and answers what it has seen.</summary>
public sealed class SpeakerActor : ReceivePersistentActor
{
    private readonly List<string> _said = [];
    private readonly List<string> _log = [];
    private IActorRef _asker = ActorRefs.Nobody;

    public SpeakerActor(string id, Recovery recovery)
    {
        PersistenceId = id;
        Recovery = recovery;
        Recover<SnapshotOffer>(offer =>
        {
            _said.AddRange(((AllSaid)offer.Snapshot).Texts);
            _log.Add($"offer {offer.Metadata.SequenceNr}: {string.Join(",", _said)}");
        });
        Recover<Said>(Apply);
        Recover<RecoveryCompleted>(_ => _log.Add($"completed {LastSequenceNr}"));
        Command<Say>(say => Persist(new Said(say.Text), said =>
        {
            Apply(said);
            Sender.Tell($"said {said.Text} {LastSequenceNr}", Self);
            if (said.Text == "nest")
            {
                Persist(new Said("nested"), Apply);
            }
        }));
        Command<SayAll>(all => PersistAll(all.Texts.Select(t => new Said(t)), said =>
        {
            Apply(said);
            Sender.Tell($"said {said.Text} {LastSequenceNr}", Self);
        }));
        Command<Forget>(forget =>
        {
            _asker = Sender;
            DeleteMessages(forget.To);
        });
        Command<string>(Handle);
        Command<SaveSnapshotSuccess>(saved => _asker.Tell($"saved {saved.Metadata.SequenceNr}", Self));
        Command<DeleteMessagesSuccess>(deleted => _asker.Tell($"deleted {deleted.ToSequenceNr}", Self));
        Command<DeleteMessagesFailure>(failed => _asker.Tell($"not deleted {failed.ToSequenceNr}", Self));
        Command<DeleteSnapshotsSuccess>(_ => _asker.Tell("snapshots deleted", Self));
    }

    public override string PersistenceId { get; }

    public override Recovery Recovery { get; }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Sender.Tell("rejected: " + cause.Message, Self);

    private void Handle(string message)
    {
        switch (message)
        {
            case "all":
                Sender.Tell(new AllSaid([.. _said]), Self);
                break;
            case "log":
                Sender.Tell(new AllSaid([.. _log]), Self);
                break;
            case "snapshot":
                _asker = Sender;
                SaveSnapshot(new AllSaid([.. _said]));
                break;
            case "forget snapshots":
                _asker = Sender;
                DeleteSnapshots(SnapshotSelectionCriteria.Latest);
                break;
            case "unspeakable":
                Persist(new Unspeakable(), _ => Sender.Tell("spoken", Self));
                break;
            case "persist and throw":
                Persist(new Said("last words"), Apply);
                throw new InvalidOperationException("on purpose");
        }
    }

    private void Apply(Said said)
    {
        _said.Add(said.Text);
        _log.Add(said.Text);
    }
}

/// <summary>Notices commands that come between a persist and its handler.</summary>
public sealed class Counting : ReceivePersistentActor
{
    private int _started;
    private int _handled;
    private int _early;

    public Counting()
    {
        RecoverAny(_ => { });
        Command<string>(m => m == "add", _ =>
        {
            _early += _started != _handled ? 1 : 0;
            _started++;
            Persist(new Said("x"), _ => _handled++);
        });
        Command<string>(_ => Sender.Tell($"{_handled} handled, {_early} too early", Self));
    }

    public override string PersistenceId => "counting";
}

public sealed class AsyncSpeaker : ReceivePersistentActor
{
    private readonly List<string> _log = [];

    public AsyncSpeaker()
    {
        RecoverAny(_ => { });
        Command<Say>(say =>
        {
            _log.Add("command " + say.Text);
            PersistAsync(new Said(say.Text), said => _log.Add("event " + said.Text));
        });
        Command<string>(_ => DeferAsync("", _ => Sender.Tell(new AllSaid([.. _log]), Self)));
    }

    public override string PersistenceId => "async";
}

public sealed class StashingSpeaker : ReceivePersistentActor
{
    private readonly List<string> _said = [];
    private bool _open;

    public StashingSpeaker()
    {
        RecoverAny(_ => { });
        Command<Say>(say => !_open, _ => Stash.Stash());
        Command<Say>(say => Persist(new Said(say.Text), said => _said.Add(said.Text)));
        Command<string>(m => m == "open", _ => Persist(new Said("open"), said =>
        {
            _said.Add(said.Text);
            _open = true;
            Stash.UnstashAll();
        }));
        Command<string>(_ => Sender.Tell(new AllSaid([.. _said]), Self));
    }

    public override string PersistenceId => "stashing";
}

public sealed class AwaitingSpeaker : ReceivePersistentActor
{
    private readonly List<string> _said = [];

    public AwaitingSpeaker()
    {
        RecoverAny(_ => { });
        CommandAsync<Say>(async say =>
        {
            await Task.Yield();
            Persist(new Said(say.Text), said => _said.Add(said.Text));
            await Task.Yield();
        });
        Command<string>(_ => Sender.Tell(new AllSaid([.. _said]), Self));
    }

    public override string PersistenceId => "awaiting";
}

public sealed class PlainSpeaker : UntypedPersistentActor
{
    private readonly List<string> _said = [];

    public override string PersistenceId => "plain";

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case Said said:
                _said.Add(said.Text);
                break;
            case RecoveryCompleted:
                _said.Add("done");
                break;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case Say say:
                Persist(new Said(say.Text), said =>
                {
                    _said.Add(said.Text);
                    Sender.Tell(LastSequenceNr.ToString(System.Globalization.CultureInfo.InvariantCulture), Self);
                });
                break;
            case "all":
                Sender.Tell(new AllSaid([.. _said]), Self);
                break;
        }
    }
}
