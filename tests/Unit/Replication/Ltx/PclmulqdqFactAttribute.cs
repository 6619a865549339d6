using Platform.Replication.Ltx;

namespace Platform.Replication.Tests.Ltx;

/// <summary>Runs only where the processor has carry-less multiplication.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PclmulqdqFactAttribute : FactAttribute
{
    public PclmulqdqFactAttribute() =>
        Skip = Crc64Folding.IsSupported ? null : "The processor has no carry-less multiplication.";
}
