using Microsoft.Extensions.Logging.Abstractions;
using Platform.Messages.Identity;
using Platform.Replication.ObjectStore;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Events;
using Platform.TenantShard.Files;
using Platform.TenantShard.Logs;
using Platform.TenantShard.Shards;
using Platform.TenantShard.Templates;

namespace Platform.TenantShard.Tests.Http;

/// <summary>
/// A tenant's real database without the mailbox: writes one after the other, each in its own transaction and
/// savepoint, reads on a second connection.
/// </summary>
internal sealed class TestShard : IShard, IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly DatabaseConnection _writer;
    private readonly DatabaseConnection _reader;
    private RecordChanges? _publish;

    public TestShard(string tenant = "acme", TimeProvider? clock = null, TimeSpan fileRetention = default)
    {
        Tenant = TenantId.Parse(tenant);
        Clock = clock ?? TimeProvider.System;
        var path = _folder.File("data.db");
        File.WriteAllBytes(path, TemplateImage.Bytes.ToArray());
        _writer = DatabaseConnection.Open(path, new ConnectionOptions(IsReadOnly: false));
        _reader = DatabaseConnection.Open(path, new ConnectionOptions(IsReadOnly: true));
        Schema = SchemaLoader.Load(_writer);
        Objects = new FolderObjectStore(_folder.File("objects"));
        var storage = new FileStorage(Objects, $"tenants/{tenant}", _folder.Path, Clock);
        Files = new TenantFiles(storage, new FileSweeper(storage, this, fileRetention, NullLogger.Instance));
    }

    /// <summary>Where its files are.</summary>
    public FolderObjectStore Objects { get; }

    public TenantFiles Files { get; }

    public LogStorage LogStorage => LogStorageIn("");

    /// <summary>Its logs as another node would keep them.</summary>
    public LogStorage LogStorageIn(string node) => new(
        Tenant, Objects, $"tenants/{Tenant.Value}", Directory.CreateDirectory(_folder.File("logs" + node)).FullName,
        NullLogger.Instance);

    /// <summary>The file that is an object.</summary>
    public string ObjectPath(string key) => _folder.File("objects/" + key);

    public DatabaseConnection Writer => _writer;

    public DatabaseConnection Reader => _reader;

    public TenantId Tenant { get; }

    public SchemaSnapshot Schema { get; private set; }

    public TimeProvider Clock { get; }

    public RecordFeed Feed { get; } = new();

    public IDisposable Rest() => new RestingUse(static () => { });

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

    public async ValueTask DisposeAsync()
    {
        await Files.Sweeper.DisposeAsync();
        Objects.Dispose();
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
            var scope = new WriteScope(_writer, Schema, Feed.IsObserved, Clock);
            var result = command.Execute(scope);
            Schema = scope.Schema;
            _writer.Execute("RELEASE command");
            if (scope.HasRemovedFiles) Files.Sweeper.NoteRemovals();
            if (scope.Changes is { } changes) _publish = changes;
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
            if (Interlocked.Exchange(ref _publish, null) is { } published) Feed.Publish(published);
        }
    }
}
