using System.Net;

namespace Actors.Remoting;

/// <summary>Bounds what peers that have shown no certificate yet can cost: how many may be in their handshake, in all and from one address. Thread-safe.</summary>
internal sealed class HandshakeGate(int limit, int limitPerAddress)
{
    private readonly Dictionary<IPAddress, int> _perAddress = [];
    private readonly Lock _lock = new();
    private int _all;

    /// <summary>How many were turned away.</summary>
    public long Refused { get; private set; }

    public bool TryEnter(IPAddress address)
    {
        lock (_lock)
        {
            var here = _perAddress.GetValueOrDefault(address);
            if (_all >= limit || here >= limitPerAddress)
            {
                Refused++;
                return false;
            }

            _all++;
            _perAddress[address] = here + 1;
            return true;
        }
    }

    public void Leave(IPAddress address)
    {
        lock (_lock)
        {
            _all--;
            var here = _perAddress[address] - 1;
            if (here == 0)
            {
                _perAddress.Remove(address);
            }
            else
            {
                _perAddress[address] = here;
            }
        }
    }
}
