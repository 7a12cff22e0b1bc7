namespace Actors.Persistence;

internal static class Placeholder;
