namespace Simulation.Checkers;

/// <summary>After quiet, all who live name the same members, all Up, all reachable: exactly those who live.</summary>
internal sealed class MembersAgree : IChecker
{
    public IEnumerable<string> Check(RunRecord run)
    {
        var living = run.Views.Select(v => v.Self).ToHashSet();
        foreach (var view in run.Views)
        {
            foreach (var missing in living.Where(s => view.Members.GetValueOrDefault(s) != "Up"))
            {
                yield return $"{view.Host} does not see {missing} as Up but as {view.Members.GetValueOrDefault(missing, "no member")}";
            }

            foreach (var ghost in view.Members.Keys.Where(m => !living.Contains(m)))
            {
                yield return $"{view.Host} takes {ghost} for a member ({view.Members[ghost]}), and it lives no more";
            }

            foreach (var unreachable in view.Unreachable)
            {
                yield return $"{view.Host} takes {unreachable} for unreachable";
            }
        }
    }
}
