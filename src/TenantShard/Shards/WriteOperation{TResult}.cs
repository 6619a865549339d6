namespace Platform.TenantShard.Shards;

/// <summary>A queued write and the client that waits for it.</summary>
internal sealed class WriteOperation<TResult>(
    WriteCommand<TResult> command, long enqueued, CancellationToken cancellationToken)
    : WriteOperation(enqueued, cancellationToken)
{
    private readonly TaskCompletionSource<TResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TResult? _result;

    public Task<TResult> Answer => _answer.Task;

    public override bool IsAnswered => _answer.Task.IsCompleted;

    public override void Execute(WriteScope scope)
    {
        _result = command.Execute(scope);
        HasRemovedFiles = scope.HasRemovedFiles;
    }

    public override void Complete() => _answer.TrySetResult(_result!);

    public override void Fail(Exception exception) => _answer.TrySetException(exception);
}
