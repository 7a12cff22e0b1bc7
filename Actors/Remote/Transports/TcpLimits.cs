namespace Actors.Remoting;

/// <summary>What a peer that has shown no certificate yet may cost.</summary>
/// <param name="HandshakeTimeout">From the TCP connection to the end of the TLS handshake.</param>
/// <param name="Handshakes">How many at once, in all.</param>
/// <param name="HandshakesPerAddress">How many at once from one IP address; many agents of one machine or one NAT share it.</param>
internal sealed record TcpLimits(TimeSpan HandshakeTimeout, int Handshakes = 512, int HandshakesPerAddress = 128)
{
    public static readonly TcpLimits Default = new(TimeSpan.FromSeconds(5));
}
