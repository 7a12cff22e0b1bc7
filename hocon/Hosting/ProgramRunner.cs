using System.CommandLine;
using System.CommandLine.Invocation;

namespace ClusterMonitor.Hosting;

/// <summary>
/// A program's command line from arguments to exit code. Errors are one line on stderr that says what to do:
/// a wrong command line exits with 2, anything else that fails with 1.
/// </summary>
public sealed class ProgramRunner
{
    private readonly ProgramContext _context;
    private readonly RootCommand _root;

    /// <summary>A program with the options that all have: <c>--config</c>, <c>--data</c>, <c>--log-level</c>, <c>--help</c>, <c>--version</c>.</summary>
    /// <param name="context">Its surroundings.</param>
    /// <param name="description">What it does, one line.</param>
    public ProgramRunner(ProgramContext context, string description)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _root = new RootCommand(description);
        _root.Directives.Clear();
        foreach (var version in _root.Options.OfType<VersionOption>())
        {
            version.Action = new PrintVersion($"{context.Name} {ProgramContext.Version}");
        }

        Root = new ProgramCommand(_root, context, []);
        Root.Option("--config", SettingsLoader.ConfigKey, "FILE", "Settings in HOCON, over the defaults", OptionChecks.Any, recursive: true);
        Root.Option("--data", "monitor.data", "DIR", "Folder of certificates, history and logs [default: ./data]", OptionChecks.Any, recursive: true);
        Root.Option(
            "--log-level",
            ProgramLogging.LevelKey,
            "LEVEL",
            "debug, info, warning or error [default: info]",
            OptionChecks.OneOf(ProgramLogging.Levels.ToArray()),
            recursive: true);
    }

    /// <summary>The program without a verb.</summary>
    public ProgramCommand Root { get; }

    /// <summary>Runs. Never throws.</summary>
    /// <returns>The exit code, one of <see cref="ExitCodes"/> or what the program's own run gave.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var parsed = _root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            return Usage(Explain(parsed));
        }

        try
        {
            // Signals are the program's own business (ProgramSignals), and so are exceptions.
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = _context.Out,
                Error = _context.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            }).ConfigureAwait(false);
        }
        catch (UsageError e)
        {
            return Usage(e.Message);
        }
        catch (Exception e) when (e is UserError or ConfigurationException)
        {
            _context.Complain(e.Message);
            Details(parsed, e);
            return ExitCodes.Failed;
        }
#pragma warning disable CA1031 // The last line of defence: whatever it is becomes one line and an exit code.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var cause = e is AggregateException { InnerException: { } inner } ? inner : e;
            _context.Complain($"unexpected {cause.GetType().Name}: {cause.Message} (run with --log-level debug for the details)");
            Details(parsed, e);
            return ExitCodes.Failed;
        }
    }

    private int Usage(string problem)
    {
        _context.Complain($"{problem.TrimEnd('.')}; see {_context.Name} --help");
        return ExitCodes.Usage;
    }

    private string Explain(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens.Count == 0)
        {
            return parsed.Errors[0].Message;
        }

        var unknown = parsed.UnmatchedTokens[0];
        var command = parsed.CommandResult.Command;
        var options = command.Options.Concat(_root.Options.Where(o => o.Recursive)).Select(o => o.Name);
        return unknown.StartsWith('-')
            ? $"there is no option {unknown}{Nearest.Hint(unknown.Split('=')[0], options)}"
            : $"\"{unknown}\" is not expected here{Nearest.Hint(unknown, command.Subcommands.Select(c => c.Name))}";
    }

    private void Details(ParseResult parsed, Exception e)
    {
        var level = parsed.GetResult("--log-level") is { Tokens: [var token, ..] }
            ? token.Value
            : _context.Environment.GetValueOrDefault(SettingsLoader.VariableOf(ProgramLogging.LevelKey));
        if (level == "debug")
        {
            _context.Error.WriteLine(e);
        }
    }

    private sealed class PrintVersion(string line) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(line);
            return ExitCodes.Done;
        }
    }
}
