namespace Actors.Core;

/// <summary>Placeholder.</summary>
public abstract class ActorSystem;

/// <summary>Placeholder.</summary>
public abstract class ExtendedActorSystem : ActorSystem;
