using Actors.Core;

namespace Actors.Remoting;

/// <summary>What follows from a failed dial, a life that is over, and a peer that is given up.</summary>
internal sealed partial class RemoteTransport
{
    private void DialFailed(Association association, string problem)
    {
        if (association.Held is { } held)
        {
            association.Held = null;
            Admit(association, held.Link, held.Hello);
            return;
        }

        association.GatedUntil = _time.GetTimestamp() + Ticks(_settings.RetryGate);
        SayOnce(association, LogLevel.WarningLevel, problem);
        _events.Enqueue(new AssociationErrorEvent(new RemoteTransportException(problem), Local, association.Remote, false, LogLevel.WarningLevel));
        while (association.Waiting.TryDequeue(out var message))
        {
            _host.DeadLetter(message);
        }
    }

    /// <summary>Quarantine: this life of the peer will not be spoken with again.</summary>
    private void GiveUp(Association main, string why)
    {
        var uid = main.Uid;
        var link = main.Link;
        main.Quarantined = true;
        EndLife(main, why);
        while (main.Waiting.TryDequeue(out var message))
        {
            _host.DeadLetter(message);
        }

        link?.Close(DisassociateCode.Quarantined, why);
        if (uid is { } known)
        {
            _events.Enqueue(new QuarantinedEvent(main.Remote, (int)known));
        }
    }

    private void EndLife(Association main, string why)
    {
        main.EndLife(why);
        _host.AddressTerminated(main.Remote, why);
        foreach (var alias in main.Aliases)
        {
            _host.AddressTerminated(alias.Remote, why);
        }
    }

    /// <summary>A peer that is not there stays so for long: the same is said once, until something changes.</summary>
    private void SayOnce(Association? association, LogLevel level, string text)
    {
        if (association is null || association.Said != text)
        {
            _host.Log(level, text);
        }

        if (association is not null)
        {
            association.Said = text;
        }
    }

    private bool IsGated(Association association) => _time.GetTimestamp() < association.GatedUntil;

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);
}
