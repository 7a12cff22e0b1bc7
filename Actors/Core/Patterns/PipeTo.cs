namespace Actors.Core;

/// <summary>The result of a task as a message.</summary>
public static class PipeToSupport
{
    /// <summary>Tells the result, or a <see cref="Status.Failure"/> with the cause.</summary>
    public static async Task PipeTo<T>(
        this Task<T> taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<T, object>? success = null, Func<Exception, object>? failure = null)
    {
        try
        {
            var result = await taskToPipe.ConfigureAwait(false);
            recipient.Tell(success is null ? result! : success(result), sender);
        }
        catch (Exception e)
        {
            recipient.Tell(failure is null ? new Status.Failure(e) : failure(e), sender);
        }
    }

    /// <summary>Tells a message of success, if given, or a <see cref="Status.Failure"/> with the cause.</summary>
    public static async Task PipeTo(
        this Task taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<object>? success = null, Func<Exception, object>? failure = null)
    {
        try
        {
            await taskToPipe.ConfigureAwait(false);
            if (success is not null)
            {
                recipient.Tell(success(), sender);
            }
        }
        catch (Exception e)
        {
            recipient.Tell(failure is null ? new Status.Failure(e) : failure(e), sender);
        }
    }
}

/// <summary>Stopping, and knowing when it is done.</summary>
public static class GracefulStopSupport
{
    /// <summary>Sends <see cref="PoisonPill"/>; true when the actor has ended.</summary>
    /// <exception cref="TaskCanceledException">It did not end in this time.</exception>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) => GracefulStop(target, timeout, PoisonPill.Instance);

    /// <summary>Sends a message that makes the actor stop; true when it has ended.</summary>
    /// <exception cref="TaskCanceledException">It did not end in this time.</exception>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        var actor = (IInternalActorRef)target;
        var future = new FutureActorRef<Terminated>(actor.Provider);
        actor.SendSystemMessage(new Watch(actor, future));
        future.Arm(stopMessage, target, timeout, CancellationToken.None);
        target.Tell(stopMessage, ActorRefs.NoSender);
        try
        {
            await future.Task.ConfigureAwait(false);
            return true;
        }
        catch (AskTimeoutException e)
        {
            actor.SendSystemMessage(new Unwatch(actor, future));
            throw new TaskCanceledException($"{target} did not stop in {timeout}", e);
        }
    }
}
