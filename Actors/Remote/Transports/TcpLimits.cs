namespace Actors.Remoting;

/// <summary>What a peer that has shown no certificate yet may cost.</summary>
/// <param name="HandshakeTimeout">From the TCP connection to the end of the TLS handshake.</param>
/// <param name="Handshakes">How many at once, in all.</param>
/// <param name="HandshakesPerAddress">How many at once from one IP address; many agents of one machine or one NAT share it.</param>
/// <param name="Enrolments">How many at once may be asking for a certificate, in all.</param>
/// <param name="EnrolmentsPerAddress">How many of these from one IP address.</param>
internal sealed record TcpLimits(TimeSpan HandshakeTimeout, int Handshakes = 512, int HandshakesPerAddress = 128, int Enrolments = 64, int EnrolmentsPerAddress = 16)
{
    public static readonly TcpLimits Default = new(TimeSpan.FromSeconds(5));
}
