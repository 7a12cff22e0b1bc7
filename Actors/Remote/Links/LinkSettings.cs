namespace Actors.Remoting;

/// <summary>The bounds of a link.</summary>
/// <param name="MaximumFrameSize">Bytes of one frame, in either direction (<c>akka.remote.dot-netty.tcp.maximum-frame-size</c>).</param>
/// <param name="QueueBytes">Bytes that may wait to be written; what is sent beyond goes to dead letters.</param>
internal sealed record LinkSettings(int MaximumFrameSize, int QueueBytes);
