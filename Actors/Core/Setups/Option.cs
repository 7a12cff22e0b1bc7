namespace Actors.Util;

/// <summary>A value that may be missing.</summary>
public readonly struct Option<T>(T value)
{
    /// <summary>Missing.</summary>
    public static readonly Option<T> None;

    /// <summary>Whether it is there.</summary>
    public bool HasValue { get; } = true;

    /// <summary>The value; only if it is there.</summary>
    public T Value { get; } = value;

    /// <summary>The value or a substitute.</summary>
    public T GetOrElse(T fallbackValue) => HasValue ? Value : fallbackValue;
}
