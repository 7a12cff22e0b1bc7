using System.Buffers.Binary;
using System.Net;

namespace Actors.Remoting;

/// <summary>
/// The few words that are exchanged with a peer without a certificate: greeting, one request, one answer. Bounded in number, size and time;
/// whatever else such a peer sends ends its connection.
/// </summary>
internal sealed class EnrolmentTalk(TcpLimits limits, TimeProvider time, Action<string> refused)
{
    /// <summary>From the end of the handshake to the answer: a newcomer has its request at hand.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HandshakeGate _gate = new(limits.Enrolments, limits.EnrolmentsPerAddress);

    public async Task ServeAsync(TcpConnection connection, IEnrolmentDesk desk, IPAddress from)
    {
        if (!_gate.TryEnter(from))
        {
            refused($"connection from {from} refused: too many enrolments at once");
            await TurnAwayAsync(connection, "too many machines ask for a certificate at once; try again in a few seconds").ConfigureAwait(false);
            return;
        }

        try
        {
            using var timeout = new CancellationTokenSource(Patience, time);
            await TalkAsync(connection, desk, from, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Whatever a stranger's bytes make of the desk, it ends here, said and counted.
            connection.Close("enrolment failed");
            refused($"connection from {from} refused: no certificate was shown, and no request for one: {(e is OperationCanceledException ? "none came in time" : e.Message)}");
        }
        finally
        {
            _gate.Leave(from);
        }
    }

    /// <summary>Tells a peer that it is not let in, without reading what it says.</summary>
    public static Task TurnAwayAsync(TcpConnection connection, string why)
    {
        connection.Start(new Reader(0));
        return SayGoodbyeAsync(connection, why);
    }

    private async Task TalkAsync(TcpConnection connection, IEnrolmentDesk desk, IPAddress from, CancellationToken timeout)
    {
        var reader = new Reader(EnrolmentFrames.LargestRequest);
        await WriteAsync(connection, desk.Greeting).ConfigureAwait(false);
        connection.Start(reader);
        using var late = timeout.Register(() => reader.GiveUp());
        var frame = await reader.Frame.ConfigureAwait(false);
        if (frame.Span[0] != EnrolmentFrames.Kind)
        {
            const string Why = "no certificate was shown; this machine has to join the cluster first";
            refused($"connection from {from} refused: {Why}");
            await SayGoodbyeAsync(connection, Why).ConfigureAwait(false);
            return;
        }

        var answer = await desk.AnswerAsync(frame[1..], from, timeout).ConfigureAwait(false);
        await WriteAsync(connection, answer).ConfigureAwait(false);
        connection.Close("enrolment has ended");
    }

    private static async Task SayGoodbyeAsync(TcpConnection connection, string why)
    {
        var frame = new WireBuffer();
        new Goodbye(DisassociateCode.Refused, why).Write(frame);
        try
        {
            await connection.WriteAsync(frame.Written).ConfigureAwait(false);
        }
        finally
        {
            connection.Close(why);
        }
    }

    private static ValueTask WriteAsync(TcpConnection connection, ReadOnlyMemory<byte> content)
    {
        var frame = new byte[4 + 1 + content.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, 1 + content.Length);
        frame[4] = EnrolmentFrames.Kind;
        content.Span.CopyTo(frame.AsSpan(5));
        return connection.WriteAsync(frame);
    }

    /// <summary>Takes one frame of bounded size, and nothing after it.</summary>
    private sealed class Reader(int limit) : IConnectionSink
    {
        private readonly TaskCompletionSource<ReadOnlyMemory<byte>> _frame = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly byte[] _buffer = new byte[limit == 0 ? 1024 : 4 + 1 + limit];
        private int _count;

        public Task<ReadOnlyMemory<byte>> Frame => _frame.Task;

        public void GiveUp() => _frame.TrySetCanceled();

        public Memory<byte> Space() => limit == 0 || _frame.Task.IsCompleted ? new byte[1024] : _buffer.AsMemory(_count);

        public void Received(int count)
        {
            if (limit == 0 || _frame.Task.IsCompleted)
            {
                return;
            }

            _count += count;
            if (_count < 4)
            {
                return;
            }

            var length = BinaryPrimitives.ReadUInt32LittleEndian(_buffer);
            if (length == 0 || length > 1 + limit)
            {
                _frame.TrySetException(new FrameFormatException($"a frame of {length} bytes where {1 + limit} are allowed"));
            }
            else if (_count >= 4 + (int)length)
            {
                _frame.TrySetResult(_buffer.AsMemory(4, (int)length));
            }
        }

        public void Closed(string reason) => _frame.TrySetException(new IOException(reason));
    }
}
