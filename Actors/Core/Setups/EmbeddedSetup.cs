using System.Security.Cryptography;
using Actors.Configuration;

namespace Actors.Core;

/// <summary>
/// Only of the embedded engine: where a system gets its time, dice, turns and transport from. With all of them handed in, a whole cluster
/// runs in one thread under virtual time, and the same seed gives the same run.
/// </summary>
public sealed class EmbeddedSetup : Setup
{
    /// <summary>All time of the system comes from here; the default is the machine's.</summary>
    public TimeProvider? TimeProvider { get; init; }

    /// <summary>All dice of the system come from here; the default is seeded by the machine's entropy.</summary>
    public Random? Random { get; init; }

    /// <summary>Who gives actors their turns; the default is the thread pool. May be shared by several systems.</summary>
    public MessageDispatcher? Dispatcher { get; init; }

    /// <summary>Seam for remoting: what stands in for its sockets. Its type is the remoting's own business.</summary>
    public object? Transport { get; init; }

    /// <summary>Seam for the test kit: makes the scheduler that <c>akka.scheduler.implementation</c> names; null for the default one.</summary>
    internal Func<Config, ILoggingAdapter, IScheduler?>? SchedulerFactory { get; init; }

    // The one place in this library that reaches for the machine: the default of what programs may hand in.
#pragma warning disable RS0030
    internal static TimeProvider DefaultTimeProvider => TimeProvider.System;
#pragma warning restore RS0030

    internal static Random DefaultRandom() => new(RandomNumberGenerator.GetInt32(int.MaxValue));
}

/// <summary>Makes a generator usable by many threads.</summary>
internal sealed class LockedRandom(Random inner) : Random(0)
{
    private readonly Random _inner = inner;

    public override int Next()
    {
        lock (_inner)
        {
            return _inner.Next();
        }
    }

    public override int Next(int maxValue)
    {
        lock (_inner)
        {
            return _inner.Next(maxValue);
        }
    }

    public override int Next(int minValue, int maxValue)
    {
        lock (_inner)
        {
            return _inner.Next(minValue, maxValue);
        }
    }

    public override long NextInt64()
    {
        lock (_inner)
        {
            return _inner.NextInt64();
        }
    }

    public override long NextInt64(long maxValue)
    {
        lock (_inner)
        {
            return _inner.NextInt64(maxValue);
        }
    }

    public override long NextInt64(long minValue, long maxValue)
    {
        lock (_inner)
        {
            return _inner.NextInt64(minValue, maxValue);
        }
    }

    public override float NextSingle()
    {
        lock (_inner)
        {
            return _inner.NextSingle();
        }
    }

    public override double NextDouble()
    {
        lock (_inner)
        {
            return _inner.NextDouble();
        }
    }

    public override void NextBytes(byte[] buffer)
    {
        lock (_inner)
        {
            _inner.NextBytes(buffer);
        }
    }

    public override void NextBytes(Span<byte> buffer)
    {
        lock (_inner)
        {
            _inner.NextBytes(buffer);
        }
    }
}
