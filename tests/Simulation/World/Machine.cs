using Actors.Core;

namespace Simulation.World;

/// <summary>
/// What a process runs on: its clock, and the turns of its threads. Paused, nothing of it runs until it is resumed, and then all that was
/// due; dead, nothing ever does. Its clock on the wall may be set; the monotonic one can't.
/// </summary>
internal sealed class Machine(SimulatedTime time) : TimeProvider
{
    private readonly Queue<Action> _held = new();
    private bool _paused;
    private bool _dead;

    public TimeSpan WallClockOffset { get; set; }

    public MessageDispatcher Dispatcher => new Turns(this);

    public override long TimestampFrequency => time.TimestampFrequency;

    public override long GetTimestamp() => time.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + WallClockOffset;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new SimulatedTimer(time, Run, callback, state, dueTime, period);

    public void Pause() => _paused = true;

    public void Resume()
    {
        _paused = false;
        while (!_paused && _held.TryDequeue(out var what))
        {
            time.Post(() => Run(what));
        }
    }

    public void Die()
    {
        _dead = true;
        _held.Clear();
    }

    private void Run(Action what)
    {
        if (_dead)
        {
            return;
        }

        if (_paused)
        {
            _held.Enqueue(what);
            return;
        }

        what();
    }

    private sealed class Turns(Machine machine) : MessageDispatcher
    {
        public override void Execute(IThreadPoolWorkItem work) => machine.Post(work.Execute);
    }

    private void Post(Action what) => time.Post(() => Run(what));
}
