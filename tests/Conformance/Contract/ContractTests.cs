namespace Platform.Conformance.Tests.Contract;

/// <summary>The contract of a tenant's API, row by row; <c>README.md</c> says how a row is written.</summary>
[Collection(ContractServer.Name)]
public sealed class ContractTests(ContractServer server)
{
    [Theory]
    [MemberData(nameof(ContractRow.All), MemberType = typeof(ContractRow))]
    public async Task The_platform_keeps(ContractRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        await using var run = await RowRun.StartAsync(server, row);
        await run.PlayAsync();
    }

    [Fact]
    public void The_contract_has_a_row_for_each_promise() =>
        Assert.InRange(ContractRow.Count, 700, int.MaxValue);
}
