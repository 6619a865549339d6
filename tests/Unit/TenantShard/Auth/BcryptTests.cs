using Platform.Messages.Identity;
using Platform.TenantShard.Auth;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Tests.Collections;

namespace Platform.TenantShard.Tests.Auth;

public sealed class BcryptTests
{
    private static readonly TenantId Acme = TenantId.Parse("acme");

    private const int FastCost = 4;

    [Fact]
    public void A_hash_is_verified_with_its_password_only()
    {
        var hash = Bcrypt.Hash("pässword", FastCost);
        Assert.Matches(@"^\$2a\$04\$[./A-Za-z0-9]{53}$", hash);
        Assert.True(Bcrypt.Verify("pässword", hash));
        Assert.False(Bcrypt.Verify("password", hash));
        Assert.NotEqual(hash, Bcrypt.Hash("pässword", FastCost));
    }

    [Theory]
    [InlineData("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK")]
    [InlineData("", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy")]
    public void Known_hashes_are_verified(string password, string hash)
    {
        // From the test vectors of the original implementation (crypt_blowfish, wrapper.c).
        Assert.True(Bcrypt.Verify(password, hash));
        Assert.False(Bcrypt.Verify(password + "x", hash));
    }

    [Fact]
    public void The_hashes_of_an_existing_app_are_verified()
    {
        using var database = new VectorDatabase();
        using var row = database.Connection.Prepare("SELECT password FROM users");
        var count = 0;
        for (; row.Step(); count++) Assert.True(Bcrypt.Verify("1234567890", row.Text(0)), row.Text(0));
        Assert.True(count > 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("$2a$10$short")]
    [InlineData("$1$abcdefgh$abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz")]
    [InlineData("$2a$99$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    public void What_is_no_hash_matches_nothing(string hash) => Assert.False(Bcrypt.Verify("password", hash));

    [Fact]
    public async Task A_hash_that_would_take_a_day_matches_nothing_at_once()
    {
        var hasher = new PasswordHasher(concurrencyMax: 1, waitingMax: 2);
        var hash = string.Concat("$2a$31$", Bcrypt.Hash("password", 4).AsSpan(7));
        Assert.False(await hasher.VerifyAsync(Acme, "password", hash, default).WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_tenant_under_a_flood_of_logins_delays_its_neighbour_by_one_hash()
    {
        var turns = new PasswordTurns(places: 1, waitingMax: 10);
        await turns.EnterAsync(Acme, default);
        var flood = Enumerable.Range(0, 10).Select(_ => turns.EnterAsync(Acme, default)).ToList();
        Assert.Equal(429, Assert.Throws<ApiException>(() => { _ = turns.EnterAsync(Acme, default); }).Status);
        var neighbour = turns.EnterAsync(TenantId.Parse("neighbour"), default);

        turns.Leave();
        await flood[0];
        Assert.False(neighbour.IsCompleted);
        turns.Leave();
        await neighbour;
        Assert.False(flood[1].IsCompleted);
    }

    [Fact]
    public async Task A_login_that_went_away_does_not_keep_its_place()
    {
        var turns = new PasswordTurns(places: 1, waitingMax: 10);
        await turns.EnterAsync(Acme, default);
        using var gone = new CancellationTokenSource();
        var first = turns.EnterAsync(Acme, gone.Token);
        var second = turns.EnterAsync(Acme, default);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        turns.Leave();
        await second;
        turns.Leave();
        await turns.EnterAsync(Acme, default);
    }

    [Fact]
    public async Task More_than_may_wait_are_refused()
    {
        var hasher = new PasswordHasher(concurrencyMax: 1, waitingMax: 2);
        var hashes = new List<Task<string>>();
        // Far more than the machine can hash before the loop has ended.
        for (var index = 0; index < 50; index++) hashes.Add(hasher.HashAsync(Acme, "password", 12, default));
        var refused = 0;
        foreach (var hash in hashes)
        {
            try
            {
                Assert.StartsWith("$2a$12$", await hash, StringComparison.Ordinal);
            }
            catch (ApiException error)
            {
                Assert.Equal(429, error.Status);
                refused++;
            }
        }

        Assert.InRange(refused, 1, hashes.Count - 1);
    }

    [Fact]
    public async Task An_empty_hash_matches_nothing_and_takes_its_time()
    {
        var hasher = new PasswordHasher(concurrencyMax: 1, waitingMax: 2);
        Assert.False(await hasher.VerifyAsync(Acme, "nobody has this password", "", default));
    }
}
