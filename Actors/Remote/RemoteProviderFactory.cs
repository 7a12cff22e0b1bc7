namespace Actors.Core;

/// <summary>The remoting's part of the seam.</summary>
internal static partial class ActorRefProviderFactory
{
    static partial void CreateRemote(ActorSystemImpl system, ref IActorRefProvider? provider) =>
        provider = new Remoting.RemoteActorRefProvider(system);
}
