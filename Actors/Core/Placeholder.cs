namespace Actors.Core;

internal static class Placeholder;
