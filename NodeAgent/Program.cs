using ClusterMonitor.Hosting;
using ClusterMonitor.NodeAgent;

// The composition root: the real clock, dice and console.
var context = ProgramContext.OfThisProcess("NodeAgent", TimeProvider.System, new Random());
return await AgentCommand.Build(context).RunAsync(args).ConfigureAwait(false);
