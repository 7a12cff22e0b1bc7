// Each test runs several processes and looks at their timing: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
