using EngineTests.Persisting;

// What a crash test starts and kills; the tests themselves are run by `dotnet test`.
return args is ["crash-writer", var database] ? await CrashWriter.Run(database) : 2;
