using System.Diagnostics.CodeAnalysis;
using Actors.Configuration;
using Actors.Util;

namespace Actors.Core;

/// <summary>Something handed to an actor system when it is made.</summary>
public abstract class Setup
{
    /// <summary>Both.</summary>
    public ActorSystemSetup And(Setup other) => ActorSystemSetup.Create(this, other);
}

/// <summary>All that is handed to an actor system when it is made; at most one of each type.</summary>
public sealed class ActorSystemSetup
{
    /// <summary>Nothing.</summary>
    public static readonly ActorSystemSetup Empty = new([]);

    private readonly Setup[] _setups;

    private ActorSystemSetup(Setup[] setups) => _setups = setups;

    /// <summary>All of these.</summary>
    public static ActorSystemSetup Create(params Setup[] setup) => setup.Aggregate(Empty, (all, s) => all.Add(s));

    /// <summary>The one of this type, if any.</summary>
    public Option<T> Get<T>()
        where T : Setup => _setups.OfType<T>().FirstOrDefault() is { } found ? new Option<T>(found) : Option<T>.None;

    /// <summary>With this one, instead of another of its type.</summary>
    public ActorSystemSetup WithSetup<T>(T setup)
        where T : Setup => Add(setup);

    /// <summary>With this one, instead of another of its type.</summary>
    public ActorSystemSetup And<T>(T setup)
        where T : Setup => Add(setup);

    internal bool TryGet<T>([NotNullWhen(true)] out T? setup)
        where T : Setup
    {
        setup = _setups.OfType<T>().FirstOrDefault();
        return setup is not null;
    }

    private ActorSystemSetup Add(Setup setup) => new([.. _setups.Where(s => s.GetType() != setup.GetType()), setup]);
}

/// <summary>The configuration, and what else is needed before anything starts.</summary>
public sealed class BootstrapSetup : Setup
{
    private BootstrapSetup(Option<Config> config) => Config = config;

    /// <summary>The configuration, if given.</summary>
    public Option<Config> Config { get; }

    /// <summary>Without anything.</summary>
    public static BootstrapSetup Create() => new(Option<Config>.None);

    /// <summary>With this configuration.</summary>
    public BootstrapSetup WithConfig(Config config) => new(new Option<Config>(config));

    /// <summary>With this configuration behind the one given.</summary>
    public BootstrapSetup WithConfigFallback(Config config) =>
        Config.HasValue ? WithConfig(Config.Value.WithFallback(config)) : WithConfig(config);
}
