using Platform.TenantShard.Errors;
using Platform.TenantShard.Files.Forms;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Tests.Files;

public sealed class SpoolBudgetTests
{
    [Fact]
    public void Slow_uploads_of_one_tenant_leave_room_for_the_others()
    {
        var budget = new SpoolBudget(100);
        var (greedy, neighbour) = (new BudgetShare(), new BudgetShare());
        budget.Take(greedy, 50);

        Assert.Equal(503, Assert.Throws<ApiException>(() => budget.Take(greedy, 1)).Status);
        budget.Take(neighbour, 50);
        Assert.Equal(503, Assert.Throws<ApiException>(() => budget.Take(new BudgetShare(), 1)).Status);

        budget.Return(greedy, 50);
        budget.Take(greedy, 50);
    }
}
