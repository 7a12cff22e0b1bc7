using Actors.Clustering;
using Actors.Remoting;

namespace Actors.Clustering
{
    /// <summary>The provider of a system that may be a member of a cluster. <c>akka.actor.provider = cluster</c>.</summary>
    internal sealed class ClusterActorRefProvider(Core.ActorSystemImpl system) : RemoteActorRefProvider(system)
    {
        public override void Init(Core.ActorSystemImpl system)
        {
            base.Init(system);
            system.Serialization.Register(new ClusterMailSerializer(system), typeof(ClusterMail));

            // Starts the cluster's actor, so that seed nodes of the configuration are joined without anybody asking.
            Cluster.Get(system);
        }
    }
}

namespace Actors.Core
{
    /// <summary>The cluster's part of the seam.</summary>
    internal static partial class ActorRefProviderFactory
    {
        static partial void CreateCluster(ActorSystemImpl system, ref IActorRefProvider? provider) =>
            provider = new ClusterActorRefProvider(system);
    }
}
