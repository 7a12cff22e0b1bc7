namespace Actors.Configuration;

internal static class Placeholder;
