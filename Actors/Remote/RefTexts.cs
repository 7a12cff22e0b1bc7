using Actors.Core;

namespace Actors.Remoting;

/// <summary>How references are written for a given peer and read from it.</summary>
internal static class RefTexts
{
    /// <summary>The text of a reference on a link of that association.</summary>
    public static RefText For(Association peer, IActorRef reference) => reference switch
    {
        RemoteActorRef remote when remote.Association.Main == peer => new RefText(RefOwner.Reader, WithoutAddress(remote.Path)),
        RemoteActorRef remote => new RefText(RefOwner.Third, remote.Path.ToSerializationFormat()),
        _ => new RefText(RefOwner.Writer, WithoutAddress(reference.Path)),
    };

    /// <summary>Path and incarnation, as they are called inside their own system.</summary>
    public static string WithoutAddress(ActorPath path) =>
        path.Uid == ActorPath.UndefinedUid ? path.ToStringWithoutAddress() : $"{path.ToStringWithoutAddress()}#{path.Uid}";
}
