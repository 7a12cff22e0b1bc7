namespace Actors.Remoting;

internal static class Placeholder;
