using Platform.Messages.Identity;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Shards;
using Platform.TenantShard.Templates;

namespace Platform.TenantShard.Tests.Http;

/// <summary>
/// A tenant's real database without the mailbox: writes one after the other, each in its own transaction and
/// savepoint, reads on a second connection.
/// </summary>
internal sealed class TestShard : IShard, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly DatabaseConnection _writer;
    private readonly DatabaseConnection _reader;

    public TestShard(string tenant = "acme", TimeProvider? clock = null)
    {
        Tenant = TenantId.Parse(tenant);
        Clock = clock ?? TimeProvider.System;
        var path = _folder.File("data.db");
        File.WriteAllBytes(path, TemplateImage.Bytes.ToArray());
        _writer = DatabaseConnection.Open(path, new ConnectionOptions(IsReadOnly: false));
        _reader = DatabaseConnection.Open(path, new ConnectionOptions(IsReadOnly: true));
        Schema = SchemaLoader.Load(_writer);
    }

    public TenantId Tenant { get; }

    public SchemaSnapshot Schema { get; private set; }

    public TimeProvider Clock { get; }

    public async ValueTask<TResult> ReadAsync<TState, TResult>(
        TState state, Func<ReadScope, TState, TResult> query, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return query(new ReadScope(_reader, Schema), state);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask<TResult> WriteAsync<TResult>(
        WriteCommand<TResult> command, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (TenantInitialization.IsNeeded(Schema)) Run(new TenantInitialization(Clock.GetUtcNow()));
            return Run(command);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _writer.Dispose();
        _turn.Dispose();
        _folder.Dispose();
    }

    private TResult Run<TResult>(WriteCommand<TResult> command)
    {
        _writer.Execute("BEGIN; SAVEPOINT command");
        try
        {
            var scope = new WriteScope(_writer, Schema);
            var result = command.Execute(scope);
            Schema = scope.Schema;
            _writer.Execute("RELEASE command");
            return result;
        }
        catch
        {
            _writer.Execute("ROLLBACK TO command; RELEASE command");
            throw;
        }
        finally
        {
            _writer.Execute("COMMIT");
        }
    }
}
