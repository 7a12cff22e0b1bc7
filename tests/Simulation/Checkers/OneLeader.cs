namespace Simulation.Checkers;

/// <summary>After quiet there is one side, and it has one leader, which votes.</summary>
internal sealed class OneLeader : IChecker
{
    public IEnumerable<string> Check(RunRecord run)
    {
        foreach (var group in run.Views.GroupBy(v => v.Leader).Skip(1))
        {
            yield return $"{string.Join(", ", group.Select(v => v.Host))} follow {group.Key ?? "nobody"}, the others {run.Views[0].Leader ?? "nobody"}";
        }

        foreach (var view in run.Views.Where(v => v.LeaderRole != "seed"))
        {
            yield return $"{view.Host} follows {view.Leader ?? "nobody"}, which does not vote";
        }
    }
}
