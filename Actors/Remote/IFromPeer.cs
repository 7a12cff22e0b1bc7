using Actors.Core;

namespace Actors.Remoting;

/// <summary>A message that wants to know over whose link it came: by what name its sender goes it could have been told by anyone.</summary>
internal interface IFromPeer
{
    /// <summary>Called before it is delivered.</summary>
    void Arrived(Address peer, long uid, PeerIdentity identity);
}
