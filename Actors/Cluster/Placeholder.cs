namespace Actors.Clustering;

internal static class Placeholder;
