using ClusterMonitor.Hosting;
using ClusterMonitor.Seed;

return await SeedCommand.Build(ProgramContext.OfThisProcess("Seed", TimeProvider.System, new Random())).RunAsync(args);
