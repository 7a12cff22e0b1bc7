namespace ClusterMonitor.EndToEnd;

/// <summary>As a new user would, by the commands of docs/OPERATIONS.md, on three machines.</summary>
public sealed class JoinTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    [FactOfThreeMachines]
    public async Task Machines_join_by_one_line_each_keep_their_trust_over_restarts_and_lose_it_when_it_is_revoked_or_stolen()
    {
        await using var machines = ThreeMachines.Make();
        var seed = await StartSeedAsync(machines);
        var agents = new List<RunningProgram>();
        for (var m = 1; m <= 2; m++)
        {
            var line = await LineAsync(machines, m);
            agents.Add(machines.Start(m, Programs.NodeAgent, [.. line, "--data", machines.Data(m), "--name", $"machine{m}"]));
        }

        await BothUpAsync(machines);

        // Everything stops, everything starts again: no token, no address.
        await StopAsync([.. agents, seed]);
        seed = await StartSeedAsync(machines);
        agents = [.. Enumerable.Range(1, 2).Select(m => machines.Start(m, Programs.NodeAgent, "--data", machines.Data(m)))];
        await BothUpAsync(machines);

        // The second machine's user steals the first one's key and poses as it.
        await StopAsync([agents[1]]);
        var stolen = Path.Combine(machines.Folder, "stolen");
        CopyFolder(machines.Data(1), stolen);
        var thief = machines.Start(2, Programs.NodeAgent, "--data", stolen, "--name", "machine1", "--seed", "10.77.2.1:4053");
        await Wait.ForAsync("the thief is told", Patience, () => Task.FromResult(thief.Transcript), t => t.Contains("has a copy of its key", StringComparison.Ordinal));
        Assert.Contains("has a copy of its key", await machines.EventsAsync(), StringComparison.Ordinal);
        await machines.UntilAsync("the first is up", s => s.StateOf("machine1") == "up");

        // The key of the seed's own agents is of no use elsewhere.
        Directory.CreateDirectory(Path.Combine(machines.Folder, "local", "agents"));
        foreach (var file in new[] { "local.pfx", "ca.crt" })
        {
            File.Copy(Path.Combine(machines.Data(0), "agents", file), Path.Combine(machines.Folder, "local", "agents", file));
        }

        var local = machines.Start(2, Programs.NodeAgent, "--data", Path.Combine(machines.Folder, "local"), "--name", "other", "--seed", "10.77.2.1:4053");
        await Wait.ForAsync("it is refused", Patience, () => Task.FromResult(local.Transcript), t => t.Contains("on the seed's own machine", StringComparison.Ordinal));

        // Revoked, both the machine and the thief are out.
        var revoked = await machines.RunAsync(0, Programs.Seed, "cert", "revoke", "machine1", "--data", machines.Data(0));
        Assert.True(revoked.ExitCode == 0, revoked.Error);
        await Wait.ForAsync("machine1 is told", Patience, () => Task.FromResult(agents[0].Transcript), t => t.Contains("was revoked", StringComparison.Ordinal));
        await machines.UntilAsync("machine1 is gone", s => s.StateOf("machine1") is "unreachable" or "down");
    }

    private static async Task<RunningProgram> StartSeedAsync(ThreeMachines machines)
    {
        var seed = machines.Start(0, Programs.Seed, "--headless", "--host", "0.0.0.0", "--data", machines.Data(0), "--name", "seed");
        await Wait.ForAsync("the seed listens", Patience, () => Task.FromResult(seed.Transcript), t => t.Contains("Listens on", StringComparison.Ordinal));
        return seed;
    }

    /// <summary>What <c>Seed token create</c> prints, but for the address: this seed has one for each machine.</summary>
    private static async Task<string[]> LineAsync(ThreeMachines machines, int machine)
    {
        var created = await machines.RunAsync(0, Programs.Seed, "token", "create", "--data", machines.Data(0));
        Assert.True(created.ExitCode == 0, created.Error);
        var words = created.Out.Trim().Split(' ');
        Assert.Equal(["NodeAgent", "join"], words[..2]);
        return ["join", $"10.77.{machine}.1:4053", .. words[3..]];
    }

    private static Task BothUpAsync(ThreeMachines machines) =>
        machines.UntilAsync("both are up", s => s.StateOf("machine1") == "up" && s.StateOf("machine2") == "up" && s.CpuOf("machine2") is not null);

    private static async Task StopAsync(IEnumerable<RunningProgram> programs)
    {
        foreach (var program in programs)
        {
            program.Signal(RunningProgram.SigTerm);
            await program.EndAsync(Patience);
        }
    }

    private static void CopyFolder(string from, string to)
    {
        // The lock is held by the agent that runs, and is worth nothing.
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "lock"))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
