using System.CommandLine;
using System.CommandLine.Parsing;
using Hocon;

namespace ClusterMonitor.Hosting;

/// <summary>One run of a program or of one of its verbs.</summary>
/// <param name="Context">Its surroundings.</param>
/// <param name="Settings">All layers, options included.</param>
/// <param name="Arguments">For options and arguments that are no settings.</param>
public sealed record ProgramRun(ProgramContext Context, MonitorSettings Settings, ParseResult Arguments);

/// <summary>
/// A command whose options are settings: each option names the key that it sets, above file and environment.
/// Options that are no settings (<c>--json</c>) and arguments are added to <see cref="Command"/> as they are.
/// </summary>
public sealed class ProgramCommand
{
    private readonly ProgramContext _context;
    private readonly List<(Option Option, string Key, string? Fixed)> _bound;

    internal ProgramCommand(Command command, ProgramContext context, IEnumerable<(Option Option, string Key, string? Fixed)> inherited)
    {
        Command = command;
        _context = context;
        _bound = [.. inherited];
    }

    /// <summary>The command of System.CommandLine.</summary>
    public Command Command { get; }

    /// <summary>An option with one value.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="key">The setting.</param>
    /// <param name="valueName">For the help: <c>PORT</c>.</param>
    /// <param name="description">One line.</param>
    /// <param name="check">From <see cref="OptionChecks"/>.</param>
    /// <param name="recursive">Verbs have it too.</param>
    public void Option(string name, string key, string valueName, string description, Func<string, string?> check, bool recursive = false)
    {
        var option = new Option<string>(name) { HelpName = valueName, Description = description, Recursive = recursive };
        Bind(option, key, null, check);
    }

    /// <summary>An option that may be repeated, for a list or a group.</summary>
    public void List(string name, string key, string valueName, string description, Func<string, string?> check)
    {
        var option = new Option<string[]>(name) { HelpName = valueName, Description = $"{description} (may be repeated)", Arity = ArgumentArity.OneOrMore };
        Bind(option, key, null, check);
    }

    /// <summary>An option without a value.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="key">The setting.</param>
    /// <param name="value">What it sets: <c>--no-agent</c> sets <c>false</c>.</param>
    /// <param name="description">One line.</param>
    public void Flag(string name, string key, bool value, string description)
    {
        var option = new Option<bool>(name) { Description = description, Arity = ArgumentArity.Zero };
        Bind(option, key, value ? "on" : "off", OptionChecks.Any);
    }

    /// <summary>A verb: it has the recursive options of this command.</summary>
    public ProgramCommand Verb(string name, string description)
    {
        var verb = new Command(name, description);
        Command.Add(verb);
        return new ProgramCommand(verb, _context, _bound.Where(b => b.Option.Recursive));
    }

    /// <summary>What the command does; it gives the exit code.</summary>
    public void OnRun(Func<ProgramRun, Task<int>> run) => Command.SetAction(arguments =>
    {
        var settings = SettingsLoader.Load(_context.Environment, Layer(arguments));
        foreach (var warning in settings.Warnings)
        {
            _context.Complain(warning);
        }

        return run(new ProgramRun(_context, settings, arguments));
    });

    private void Bind(Option option, string key, string? @fixed, Func<string, string?> check)
    {
        if (SettingsLoader.Reference.Find(key) is null)
        {
            throw new ArgumentException($"{option.Name} sets {key}, which is in no reference.conf", nameof(key));
        }

        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(t => t.Type == TokenType.Argument))
            {
                if (check(token.Value) is { } problem)
                {
                    result.AddError($"{option.Name} is \"{token.Value}\"; it {problem}");
                }
            }
        });
        Command.Add(option);
        _bound.Add((option, key, @fixed));
    }

    /// <summary>The settings that the given options make.</summary>
    private HoconObject Layer(ParseResult arguments)
    {
        var layer = HoconObject.Empty;
        foreach (var (option, key, @fixed) in _bound)
        {
            if (arguments.GetResult(option) is { Implicit: false } result)
            {
                var texts = @fixed is null ? result.Tokens.Select(t => t.Value) : [@fixed];
                var value = SettingsLoader.FromTexts(key, texts, new HoconOrigin($"option {option.Name}", 0, 0));
                layer = SettingsLoader.At(key, value).Over(layer);
            }
        }

        return layer;
    }
}
