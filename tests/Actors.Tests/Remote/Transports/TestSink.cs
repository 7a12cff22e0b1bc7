using System.Text;
using Actors.Remoting;

namespace EngineTests.Remote.Transports;

/// <summary>Collects what a connection delivers, and can be waited on.</summary>
internal sealed class TestSink : IConnectionSink
{
    private readonly Lock _lock = new();
    private readonly byte[] _space = new byte[1000];
    private readonly MemoryStream _bytes = new();
    private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (long Length, TaskCompletionSource Reached)? _wanted;
    private int _inside;

    /// <summary>Why the connection ended.</summary>
    public Task<string> Ended => _closed.Task.WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>Was it ever called while it was being called?</summary>
    public bool Overlapped { get; private set; }

    /// <summary>All that came, once so many bytes have.</summary>
    public async Task<string> TextAsync(int length)
    {
        Task reached;
        lock (_lock)
        {
            var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _wanted = (length, source);
            reached = source.Task;
            Check();
        }

        await reached.WaitAsync(TimeSpan.FromSeconds(20));
        return Text;
    }

    public string Text
    {
        get
        {
            lock (_lock)
            {
                return Encoding.UTF8.GetString(_bytes.ToArray());
            }
        }
    }

    public byte[] Bytes
    {
        get
        {
            lock (_lock)
            {
                return _bytes.ToArray();
            }
        }
    }

    public Memory<byte> Space() => _space;

    public void Received(int count)
    {
        Overlapped |= Interlocked.Increment(ref _inside) != 1;
        lock (_lock)
        {
            _bytes.Write(_space, 0, count);
            Check();
        }

        Interlocked.Decrement(ref _inside);
    }

    public void Closed(string reason)
    {
        Overlapped |= Volatile.Read(ref _inside) != 0;
        Assert.True(_closed.TrySetResult(reason), "closed twice");
    }

    private void Check()
    {
        if (_wanted is { } wanted && _bytes.Length >= wanted.Length)
        {
            wanted.Reached.TrySetResult();
        }
    }
}
