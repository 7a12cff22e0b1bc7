using Xunit.Abstractions;
using Xunit.Sdk;

namespace EngineTests.Persisting;

/// <summary>A class whose contract needs something that not every machine has: an environment variable says where it is.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsVariableAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>A fact that is skipped, with the reason, in classes that lack what they need.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("EngineTests.Persisting.ContractFactDiscoverer", "Actors.Tests")]
public sealed class ContractFactAttribute : FactAttribute;

/// <summary>Found by xunit by the name in <see cref="ContractFactAttribute"/>.</summary>
public sealed class ContractFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        var needed = testMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsVariableAttribute)).SingleOrDefault()?.GetConstructorArguments().Single() as string;
        return needed is null || Environment.GetEnvironmentVariable(needed) is not null
            ? base.CreateTestCase(discoveryOptions, testMethod, factAttribute)
            : new SkippedTestCase($"there is no server: set {needed} to its connection string", DiagnosticMessageSink, discoveryOptions, testMethod);
    }
}

/// <summary>A test that only says why it does not run.</summary>
public sealed class SkippedTestCase : XunitTestCase
{
    private string _reason = "";

    [Obsolete("for deserialization by xunit")]
    public SkippedTestCase()
    {
    }

    public SkippedTestCase(string reason, IMessageSink diagnostics, ITestFrameworkDiscoveryOptions options, ITestMethod method)
        : base(diagnostics, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method) => _reason = reason;

    public override void Serialize(IXunitSerializationInfo data)
    {
        base.Serialize(data);
        data.AddValue(nameof(_reason), _reason);
    }

    public override void Deserialize(IXunitSerializationInfo data)
    {
        _reason = data.GetValue<string>(nameof(_reason));
        base.Deserialize(data);
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) => _reason;
}
