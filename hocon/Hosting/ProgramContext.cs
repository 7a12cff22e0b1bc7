using System.Collections;
using System.Reflection;

namespace ClusterMonitor.Hosting;

/// <summary>What a program takes from its surroundings; Program.cs hands in the real ones, tests their own.</summary>
/// <param name="Name">The program's: <c>Seed</c>, <c>NodeAgent</c>, <c>Tui</c>.</param>
/// <param name="Out">Results.</param>
/// <param name="Error">Logs and error lines.</param>
/// <param name="Time">The clock.</param>
/// <param name="Dice">For ids and jitter.</param>
/// <param name="Environment">Environment variables.</param>
/// <param name="Terminals">Who sits at the other end.</param>
public sealed record ProgramContext(
    string Name,
    TextWriter Out,
    TextWriter Error,
    TimeProvider Time,
    Random Dice,
    IReadOnlyDictionary<string, string> Environment,
    Terminals Terminals)
{
    /// <summary>The version of the program, as <c>--version</c> prints it.</summary>
    public static string Version { get; } =
        typeof(ProgramContext).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    /// <summary>This process's console, environment and terminals.</summary>
    /// <param name="name">The program's name.</param>
    /// <param name="time">Program.cs passes the system's.</param>
    /// <param name="dice">Program.cs passes a fresh one.</param>
    public static ProgramContext OfThisProcess(string name, TimeProvider time, Random dice)
    {
        var environment = System.Environment.GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
        return new ProgramContext(name, Console.Out, Console.Error, time, dice, environment, Terminals.Detect());
    }

    /// <summary>One line on stderr: the program's name and a text made harmless.</summary>
    public void Complain(string text) => Error.WriteLine($"{Name}: {Printable.Escape(text)}");
}
