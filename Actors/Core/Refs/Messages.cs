namespace Actors.Core;

/// <summary>Nothing, as a value: what a task of no result gives.</summary>
public sealed class Done
{
    /// <summary>The only one.</summary>
    public static readonly Done Instance = new();

    private Done()
    {
    }
}

/// <summary>Handled by the engine, not by the actor, unless stated.</summary>
public interface IAutoReceivedMessage;

/// <summary>Does not count as activity for the receive timeout.</summary>
public interface INotInfluenceReceiveTimeout;

/// <summary>Reported as <see cref="SuppressedDeadLetter"/> instead of <see cref="DeadLetter"/> when nobody receives it.</summary>
public interface IDeadLetterSuppression;

/// <summary>Never serialized for verification.</summary>
public interface INoSerializationVerificationNeeded;

/// <summary>May matter to whoever receives it; marks engine messages.</summary>
public interface IPossiblyHarmful;

/// <summary>A watched actor ended, or its node did.</summary>
public sealed class Terminated : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression, INoSerializationVerificationNeeded
{
    /// <summary>Made by the engine; public for tests.</summary>
    public Terminated(IActorRef actorRef, bool existenceConfirmed, bool addressTerminated)
    {
        ActorRef = actorRef;
        ExistenceConfirmed = existenceConfirmed;
        AddressTerminated = addressTerminated;
    }

    /// <summary>Who ended.</summary>
    public IActorRef ActorRef { get; }

    /// <summary>Whether it is known to have existed.</summary>
    public bool ExistenceConfirmed { get; }

    /// <summary>Whether it was concluded from the loss of the whole node.</summary>
    public bool AddressTerminated { get; }

    /// <inheritdoc/>
    public override string ToString() => $"<Terminated>: {ActorRef} - ExistenceConfirmed={ExistenceConfirmed}";
}

/// <summary>No message arrived for the time given to SetReceiveTimeout.</summary>
public sealed class ReceiveTimeout : IPossiblyHarmful
{
    private ReceiveTimeout()
    {
    }

    /// <summary>The only one.</summary>
    public static ReceiveTimeout Instance { get; } = new();
}

/// <summary>A reply that says how something went.</summary>
public abstract class Status
{
    /// <summary>It went well.</summary>
    public sealed class Success : Status
    {
        /// <summary>Without a value.</summary>
        public static readonly Success Instance = new(null);

        /// <summary>With a value.</summary>
        public Success(object? status) => Status = status!;

        /// <summary>The value, if any.</summary>
#pragma warning disable CA1051, CA1721 // the field is Akka.NET's
        public readonly object Status;
#pragma warning restore CA1051, CA1721

        /// <inheritdoc/>
        public override string ToString() => $"Success: {Status}";
    }

    /// <summary>It failed; an Ask that receives it throws the cause.</summary>
    public sealed class Failure : Status
    {
        /// <summary>Failed for this cause.</summary>
        public Failure(Exception cause)
            : this(cause, null)
        {
        }

        /// <summary>Failed for this cause, with what was being done.</summary>
        public Failure(Exception cause, object? state)
        {
            Cause = cause;
            State = state!;
        }

#pragma warning disable CA1051 // the fields are Akka.NET's
        /// <summary>Why.</summary>
        public readonly Exception Cause;

        /// <summary>What was being done, if told.</summary>
        public readonly object State;
#pragma warning restore CA1051

        /// <inheritdoc/>
        public override string ToString() => State is null ? $"Failure: {Cause}" : $"Failure[{State}]: {Cause}";
    }
}

/// <summary>Stops the actor when its turn in the mailbox comes.</summary>
public sealed class PoisonPill : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression
{
    private PoisonPill()
    {
    }

    /// <summary>The only one.</summary>
    public static PoisonPill Instance { get; } = new();

    /// <inheritdoc/>
    public override string ToString() => "<PoisonPill>";
}

/// <summary>Makes the actor fail with <see cref="ActorKilledException"/>.</summary>
public sealed class Kill : IAutoReceivedMessage, IPossiblyHarmful
{
    private Kill()
    {
    }

    /// <summary>The only one.</summary>
    public static Kill Instance { get; } = new();

    /// <inheritdoc/>
    public override string ToString() => "<Kill>";
}

/// <summary>Asks any actor who it is; answered by the engine with <see cref="ActorIdentity"/>.</summary>
public sealed class Identify : IAutoReceivedMessage, INotInfluenceReceiveTimeout
{
    /// <summary>The id comes back in the answer.</summary>
    public Identify(object messageId) => MessageId = messageId;

    /// <summary>Comes back in the answer.</summary>
    public object MessageId { get; }

    /// <inheritdoc/>
    public override string ToString() => $"<Identify>: {MessageId}";
}

/// <summary>The answer to <see cref="Identify"/>.</summary>
public sealed class ActorIdentity
{
    /// <summary>Made by the engine; public for tests.</summary>
    public ActorIdentity(object messageId, IActorRef? subject)
    {
        MessageId = messageId;
        Subject = subject!;
    }

    /// <summary>The id of the question.</summary>
    public object MessageId { get; }

    /// <summary>Who it is; null if nobody is there.</summary>
    public IActorRef Subject { get; }

    /// <inheritdoc/>
    public override string ToString() => $"<ActorIdentity>: {Subject} - MessageId={MessageId}";
}

/// <summary>A message on its way together with its sender.</summary>
public readonly struct Envelope
{
    /// <summary>Puts a message and its sender together.</summary>
    public Envelope(object message, IActorRef sender)
    {
        Message = message;
        Sender = sender;
    }

    /// <summary>The message.</summary>
    public object Message { get; }

    /// <summary>Who sent it.</summary>
    public IActorRef Sender { get; }

    /// <inheritdoc/>
    public override string ToString() => $"<{Message}> from {(Sender is null ? "NoSender" : Sender.ToString())}";
}

/// <summary>A message that reached nobody, whichever way; subscribe to this for all of them.</summary>
public abstract class AllDeadLetters
{
    private protected AllDeadLetters(object message, IActorRef sender, IActorRef recipient)
    {
        Message = message;
        Sender = sender;
        Recipient = recipient;
    }

    /// <summary>What was sent.</summary>
    public object Message { get; }

    /// <summary>Who sent it.</summary>
    public IActorRef Sender { get; }

    /// <summary>Who should have received it.</summary>
    public IActorRef Recipient { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name} from {Sender} to {Recipient}: <{Message}>";
}

/// <summary>A message whose recipient is gone.</summary>
public sealed class DeadLetter : AllDeadLetters
{
    /// <summary>Made by the engine; public for tests.</summary>
    public DeadLetter(object message, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
    }
}

/// <summary>A message whose loss does not matter, to an actor that is gone.</summary>
public sealed class SuppressedDeadLetter : AllDeadLetters
{
    /// <summary>Made by the engine; public for tests.</summary>
    public SuppressedDeadLetter(IDeadLetterSuppression message, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
    }
}

/// <summary>A message that its receiver did not handle.</summary>
public sealed class UnhandledMessage
{
    /// <summary>Made by the engine; public for tests.</summary>
    public UnhandledMessage(object message, IActorRef sender, IActorRef recipient)
    {
        Message = message;
        Sender = sender;
        Recipient = recipient;
    }

    /// <summary>What was sent.</summary>
    public object Message { get; }

    /// <summary>Who sent it.</summary>
    public IActorRef Sender { get; }

    /// <summary>Who did not handle it.</summary>
    public IActorRef Recipient { get; }

    /// <inheritdoc/>
    public override string ToString() => $"Unhandled message from {Sender} to {Recipient}: <{Message}>";
}
